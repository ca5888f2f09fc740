# SPDX-License-Identifier: MIT
# msrp_auth.rl - WWW-Authenticate, Authorization and Authentication-Info of AUTH.
# Spec:             RFC 4976 9
# Includes:         msrp_core.rl
# Required actions: scheme_b scheme_e params_b name_b name_e value_b value_e on_quoted
# Deviations:       every parameter is an auth-param: a name, "=", a token or a quoted string; a token may hold "/" and ":", which peers write
#                   in uri= without quotes. White space may stand around "," and "=" (vector msrp_auth). The scheme is any token.
%%{
  machine msrp_auth;
  include msrp_core "msrp_core.rl";

  # auth-param = token "=" ( token / quoted-string )
  auth_name   = token >name_b %name_e;
  auth_plain  = ( token_char | [/:] )+ >value_b %value_e;
  auth_quoted = DQUOTE @on_quoted quoted >value_b %value_e DQUOTE;
  auth_param  = auth_name WSP* "=" WSP* ( auth_plain | auth_quoted );
  # digest-param *("," SP digest-param)
  auth_list   = auth_param ( WSP* "," WSP* auth_param )*;
  # WWW-Authenticate = "WWW-Authenticate:" SP "Digest" SP digest-param *("," SP digest-param)
  # Authorization = "Authorization:" SP credentials;  credentials = "Digest" SP digest-response *( "," SP digest-response)
  challenge   = token >scheme_b %scheme_e SP+ auth_list >params_b;
}%%
