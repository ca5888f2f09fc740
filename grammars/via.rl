# SPDX-License-Identifier: MIT
# via.rl - one element of Via.
# Spec:             RFC 3261 25.1, RFC 3581
# Includes:         headers.rl
# Required actions: protocol_b protocol_e version_b version_e transport_b transport_e host_b host_e port_b port_e on_semi params_e
# Deviations:       none of its own
%%{
  machine via;
  include headers "headers.rl";

  # protocol-name = "SIP" / token;  protocol-version = token;  transport = "UDP" / "TCP" / "TLS" / "SCTP" / other-transport
  # sent-protocol = protocol-name SLASH protocol-version SLASH transport
  sent_protocol = token >protocol_b %protocol_e SLASH token >version_b %version_e SLASH token >transport_b %transport_e;
  # sent-by = host [ COLON port ]
  sent_by       = host >host_b %host_e ( COLON port >port_b %port_e )?;
  # via-parm = sent-protocol LWS sent-by *( SEMI via-params )
  via_parm      = sent_protocol LWS sent_by ( SWS ";" @on_semi SWS via_param %params_e )*;
  via           = SWS via_parm SWS;
}%%
