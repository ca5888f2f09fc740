# SPDX-License-Identifier: MIT
# address.rl - one element of From, To, Contact, Reply-To, Referred-By, P-Preferred-Identity and P-Asserted-Identity.
# Spec:             RFC 3261 25.1, RFC 3892 3, RFC 3325 9.1 and 9.2
# Includes:         headers.rl
# Required actions: display_b display_e quoted_b quoted_e on_laquot inner_b inner_e bare_b bare_e on_semi params_e
# Deviations:       Every field takes "*" and parameters, which only some may hold.
#                   An addr-spec without < > may hold "?" and "," (quirk SIP_BARE_ADDRESS, vector address/quirks); in a list the
#                   comma has ended the element before.
%%{
  machine address;
  include headers "headers.rl";

  # display-name = *(token LWS) / quoted-string
  address_word    = token %display_e;
  address_tokens  = ( address_word ( LWS address_word )* ) >display_b;
  address_quoted  = DQUOTE quoted >quoted_b %quoted_e DQUOTE;
  # name-addr = [ display-name ] LAQUOT addr-spec RAQUOT
  name_addr       = ( ( address_tokens | address_quoted ) SWS )? "<" @on_laquot addr_text >inner_b %inner_e ">";
  # addr-spec as a header field holds it without < >: everything from the first ";" on is the field's (RFC 3261 20)
  bare_addr       = ( scheme ":" ( addr_spec_char - ";" )+ ) >bare_b %bare_e;
  # from-param = tag-param / generic-param;  contact-params = c-p-q / c-p-expires / contact-extension
  address_params  = ( SWS ";" @on_semi SWS generic_param %params_e )*;
  # contact-param = (name-addr / addr-spec) *(SEMI contact-params);  Contact = ( STAR / (contact-param *(COMMA contact-param)))
  address         = SWS ( "*" | ( name_addr | bare_addr ) address_params ) SWS;
}%%
