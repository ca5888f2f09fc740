# SPDX-License-Identifier: MIT
# param.rl - one parameter of a header field, a media type or a URI, with its ";" in front.
# Spec:             RFC 3261 25.1 generic-param, m-parameter and uri-parameter
# Includes:         sip_core.rl
# Required actions: name_b name_e value_b value_e on_quoted
# Deviations:       One rule reads all three, so a name or value may hold what any of them may hold; the grammar that the slice came
#                   from has held it to its own characters before (vector rules/param).
%%{
  machine param;
  include sip_core "sip_core.rl";

  # generic-param = token [ EQUAL gen-value ]
  # gen-value = token / host / quoted-string            host adds "[" / ":" / "]"
  # uri-parameter: other-param = pname [ "=" pvalue ]
  # paramchar = param-unreserved / unreserved / escaped
  # param-unreserved = "[" / "]" / "/" / ":" / "&" / "+" / "$"
  param_char  = token_char | [\[\]/:&+$()];
  param_name  = param_char+ >name_b %name_e;
  param_plain = param_char+ >value_b %value_e;
  # quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE
  param_quoted = DQUOTE @on_quoted quoted >value_b %value_e DQUOTE;
  param       = SEMI param_name ( EQUAL ( param_plain | param_quoted ) )?;
}%%
