# SPDX-License-Identifier: MIT
# error_info.rl - one element of Error-Info.
# Spec:             RFC 3261 25.1
# Includes:         headers.rl
# Required actions: uri_b uri_e on_semi params_e
# Deviations:       none
%%{
  machine error_info;
  include headers "headers.rl";

  # error-uri = LAQUOT absoluteURI RAQUOT *( SEMI generic-param )
  error_uri  = "<" addr_text >uri_b %uri_e ">" ( SWS ";" @on_semi SWS generic_param %params_e )*;
  error_info = SWS error_uri SWS;
}%%
