# SPDX-License-Identifier: MIT
# head.rl - header fields that are one word, number or Call-ID with parameters behind it.
# Spec:             RFC 3261 25.1, RFC 3326 2, RFC 3891 6.1, RFC 3911 7.1, RFC 4028 4 and 5, RFC 4488 4, RFC 4538 7, RFC 6086 7, RFC 6665 8.4
# Includes:         named.rl
# Required actions: head_b head_e on_dot on_paren
# Deviations:       language-range takes digits behind its first subtag, as RFC 4647 2.1 has it (vector accept_language/valid).
#                   The numbers, times and words that named parameters hold are looked at by the host (vector
#                   subscription_state/refused).
#                   comment of Retry-After is left to the host, which counts its parentheses (vector retry_after/refused).
%%{
  machine head;
  include named "named.rl";

  # reason-value = protocol *(SEMI reason-params);  protocol = "SIP" / "Q.850" / token
  # Subscription-State = substate-value *( SEMI subexp-params );  substate-value = "active" / "pending" / "terminated" / token
  # Refer-Sub = refer-sub-value *(SEMI exten);  refer-sub-value = "true" / "false"
  # encoding = codings *(SEMI accept-param);  codings = content-coding / "*"
  # Info-package-type = Info-package-name *( SEMI Info-package-param )
  token_head    = SWS token >head_b %head_e named_params SWS;

  # token-nodot = 1*( alphanum / "-"  / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" )
  token_nodot   = ( token_char - "." )+;
  # event-type = event-package *( "." event-template );  event-package = token-nodot;  event-template = token-nodot
  event_type    = token_nodot ( "." @on_dot token_nodot )*;
  # Event = event-type *( SEMI event-param );  event-param = generic-param / ( "id" EQUAL token )
  event_head    = SWS event_type >head_b %head_e named_params SWS;

  # language-range = ( ( 1*8ALPHA *( "-" 1*8ALPHA ) ) / "*" )
  language_range = ALPHA{1,8} ( "-" alphanum{1,8} )* | "*";
  # language = language-range *(SEMI accept-param)
  language_head = SWS language_range >head_b %head_e named_params SWS;

  # Session-Expires = delta-seconds *(SEMI se-params);  Min-SE = delta-seconds *(SEMI generic-param)
  delta_seconds = DIGIT+;
  delta_head    = SWS delta_seconds >head_b %head_e named_params SWS;
  # Retry-After = delta-seconds [ comment ] *( SEMI retry-param )
  retry_head    = SWS delta_seconds >head_b %head_e ( named_params SWS | SWS "(" @on_paren );
  retry_params  = named_params SWS;

  # callid = word [ "@" word ]
  callid        = word ( "@" word )?;
  # Replaces = callid *(SEMI replaces-param);  Join = callid *(SEMI join-param);  Target-Dialog = callid *(SEMI td-param)
  dialog_head   = SWS callid >head_b %head_e named_params SWS;
}%%
