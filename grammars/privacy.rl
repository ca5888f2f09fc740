# SPDX-License-Identifier: MIT
# privacy.rl - Privacy.
# Spec:             RFC 3323 4.2, RFC 3325 9.3, RFC 7044 (history)
# Includes:         sip_core.rl
# Required actions: none
# Deviations:       White space may stand around ";", as in every other header field (RFC 3261 SEMI; vector privacy/all).
%%{
  machine privacy;
  include sip_core "sip_core.rl";

  # priv-value = "header" / "session" / "user" / "none" / "critical" / token;  priv-value /= "id"
  priv_value = token;
  # Privacy-hdr = "Privacy" HCOLON priv-value *(";" priv-value)
  privacy    = SWS priv_value ( SEMI priv_value )* SWS;
}%%
