# SPDX-License-Identifier: MIT
# named.rl - parameters of a header field whose parts are marked while they are read, so that the host can tell them by name.
# Spec:             RFC 3261 25.1
# Includes:         headers.rl
# Required actions: on_semi name_b name_e value_b value_e on_quoted
# Deviations:       none of its own
%%{
  machine named;
  include headers "headers.rl";

  # gen-value = token / host / quoted-string
  named_plain  = ( token | "[" [0-9A-Fa-f:.]+ "]" ) >value_b %value_e;
  named_quoted = DQUOTE @on_quoted quoted %value_e DQUOTE;
  # generic-param = token [ EQUAL gen-value ]
  named_param  = token >name_b %name_e ( EQUAL ( named_plain | named_quoted ) )?;
  # *( SEMI generic-param )
  named_params = ( SWS ";" @on_semi SWS named_param )*;
}%%
