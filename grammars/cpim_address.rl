# SPDX-License-Identifier: MIT
# cpim_address.rl - the value of From, To, cc, Original-To, IMDN-Route and IMDN-Record-Route.
# Spec:             RFC 3862 3.6, RFC 5438 6
# Includes:         cpim_core.rl
# Required actions: quoted_b, quoted_e, formal, uri_b, uri_e
# Deviations:       a URI without < >; a name of other characters than tokens, glued to "<", or a quoted one with space before "<"
#                   (vectors cpim_values/addresses-quirks).
%%{
  machine cpim_address;
  include cpim_core "cpim_core.rl";

  # String = DQUOTE *( Str-char / Escape ) DQUOTE
  String        = DQUOTE Str >quoted_b %quoted_e DQUOTE;
  # Formal-name = 1*( Token SP ) / String
  Formal_name   = ( ( Token SP )+ | String ) %formal;
  Loose_name    = String LWSP | ( ( UCS_no_CTL - [<>"\\] ) | Escape | HTAB | FWS )*;

  # From-header-value = [ Formal-name ] "<" URI ">"
  Address_value = ( Formal_name | Loose_name )? "<" URI >uri_b %uri_e ">" | URI;
}%%
