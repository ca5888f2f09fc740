# SPDX-License-Identifier: MIT
# number.rl - header fields that hold one number, and qvalue.
# Spec:             RFC 3261 25.1
# Includes:         sip_core.rl
# Required actions: digits_b digits_e
# Deviations:       none
%%{
  machine number;
  include sip_core "sip_core.rl";

  # delta-seconds = 1*DIGIT;  Max-Forwards = 1*DIGIT;  Content-Length = 1*DIGIT
  delta_seconds = DIGIT+;
  number        = SWS delta_seconds >digits_b %digits_e SWS;
  # qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
  qvalue        = "0" ( "." DIGIT{,3} )? | "1" ( "." "0"{,3} )?;
}%%
