# SPDX-License-Identifier: MIT
# cpim.rl - one header line of message/cpim, without the CRLF at its end.
# Spec:             RFC 3862 3.6
# Includes:         cpim_core.rl
# Required actions: colon, params_b, params_e
# Deviations:       any white space, or none, for the one SP before the value, and white space at the end (vectors cpim/quirk-spacing,
#                   cpim/quirk-fold); without the SP a value cannot start with ";". White space before the colon is refused: two
#                   readers would see two names.
%%{
  machine cpim;
  include cpim_core "cpim_core.rl";

  # Header-value = *HEADERCHAR
  Header_value = ( HEADERCHAR | HTAB | FWS )*;

  # Header = Header-name ":" *( ";" Parameter ) SP Header-value CRLF
  Params       = ( ";" >params_b Parameter %params_e )+;
  Unspaced     = ( UCS_no_CTL - [; ] ) Header_value;
  Spaced       = ( WSP | FWS ) Header_value;
  Header       = Header_name ":" @colon ( Params Spaced? | Spaced? | Unspaced );
}%%
