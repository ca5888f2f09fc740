# SPDX-License-Identifier: MIT
# ids.rl - Call-ID, and the identifiers that CPM adds to SIP.
# Spec:             RFC 3261 25.1; for the identifiers of CPM ruling O-R39
# Includes:         sip_core.rl
# Required actions: id_b id_e
# Deviations:       none
%%{
  machine ids;
  include sip_core "sip_core.rl";

  # callid = word [ "@" word ]
  callid  = word ( "@" word )?;
  call_id = SWS callid >id_b %id_e SWS;
  # Conversation-ID and its kin: 1*VCHAR
  id      = SWS VCHAR+ >id_b %id_e SWS;
}%%
