# SPDX-License-Identifier: MIT
# count.rl - RAck, Timestamp, MIME-Version: header fields of more than one number.
# Spec:             RFC 3261 25.1, RFC 3262 10
# Includes:         sip_core.rl
# Required actions: a_b a_e b_b b_e method_b method_e
# Deviations:       A delay of Timestamp is never empty: what stands for an empty one is white space at the end (vector timestamp/valid).
%%{
  machine count;
  include sip_core "sip_core.rl";

  # RAck = response-num LWS CSeq-num LWS Method;  response-num = 1*DIGIT;  CSeq-num = 1*DIGIT
  rack         = SWS DIGIT+ >a_b %a_e LWS DIGIT+ >b_b %b_e LWS token >method_b %method_e SWS;
  # delay = *(DIGIT) [ "." *(DIGIT) ]
  delay        = DIGIT+ ( "." DIGIT* )? | "." DIGIT*;
  # Timestamp = 1*(DIGIT) [ "." *(DIGIT) ] [ LWS delay ]
  time         = DIGIT+ ( "." DIGIT* )?;
  timestamp    = SWS time >a_b %a_e ( LWS delay >b_b %b_e )? SWS;
  # MIME-Version = 1*DIGIT "." 1*DIGIT
  mime_version = SWS DIGIT+ >a_b %a_e "." DIGIT+ >b_b %b_e SWS;
}%%
