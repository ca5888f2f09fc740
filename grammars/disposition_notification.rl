# SPDX-License-Identifier: MIT
# disposition_notification.rl - one element of imdn.Disposition-Notification.
# Spec:             RFC 5438 6.2 and its ABNF
# Includes:         cpim_core.rl
# Required actions: token_b, token_e
# Deviations:       none
%%{
  machine disposition_notification;
  include cpim_core "cpim_core.rl";

  # SEMI = *SP ";" *SP
  SEMI       = LWSP ";" LWSP;
  # notify-req = ( "negative-delivery" / "positive-delivery" / "processing" / "display" / Token ) *( SEMI disp-notify-params )
  # disp-notify-params = Ext-param
  notify_req = Token >token_b %token_e ( SEMI Parameter )*;
}%%
