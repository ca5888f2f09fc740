# SPDX-License-Identifier: MIT
# auth.rl - challenges, credentials and lists of their parameters: SIP's WWW-Authenticate, Authorization, Authentication-Info and those of
# proxies, and MSRP's of AUTH.
# Spec:             RFC 3261 25.1, RFC 4976 9
# Includes:         sip_core.rl
# Required actions: scheme_b scheme_e params_b params_e name_b name_e value_b value_e on_quoted
# Deviations:       every parameter is an auth-param, those of Digest too: each of them is one, and their values are read by name. A token may
#                   hold "/" and ":", which peers write in uri= without quotes (vector auth/valid). "Digest" is a scheme like any other.
#                   MSRP has SP for LWS; its lines have no folds.
%%{
  machine auth;
  include sip_core "sip_core.rl";

  # auth-param-name = token
  auth_name   = token >name_b %name_e;
  auth_plain  = ( token_char | [/:] )+ >value_b %value_e;
  # quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE                 (without the SWS)
  auth_quoted = DQUOTE @on_quoted quoted >value_b %value_e DQUOTE;
  # auth-param = auth-param-name EQUAL ( token / quoted-string )
  auth_param  = auth_name EQUAL ( auth_plain | auth_quoted );
  # Authentication-Info = "Authentication-Info" HCOLON ainfo *(COMMA ainfo)
  auth_list   = ( auth_param ( COMMA auth_param )* ) >params_b %params_e;
  # challenge = ("Digest" LWS digest-cln *(COMMA digest-cln)) / other-challenge
  # other-challenge = auth-scheme LWS auth-param *(COMMA auth-param)
  # credentials = ("Digest" LWS digest-response) / other-response
  # other-response = auth-scheme LWS auth-param *(COMMA auth-param)
  challenge   = token >scheme_b %scheme_e LWS auth_list;
}%%
