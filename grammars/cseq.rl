# SPDX-License-Identifier: MIT
# cseq.rl - CSeq.
# Spec:             RFC 3261 25.1
# Includes:         sip_core.rl
# Required actions: number_b number_e method_b method_e
# Deviations:       none
%%{
  machine cseq;
  include sip_core "sip_core.rl";

  # Method = INVITEm / ACKm / OPTIONSm / BYEm / CANCELm / REGISTERm / extension-method;  extension-method = token
  Method = token;
  # CSeq = "CSeq" HCOLON 1*DIGIT LWS Method
  cseq   = SWS DIGIT+ >number_b %number_e LWS Method >method_b %method_e SWS;
}%%
