# SPDX-License-Identifier: MIT
# contact.rl - one element of Contact, with its parameters told by name.
# Spec:             RFC 3261 25.1, RFC 3840 9, RFC 5626 10, RFC 5627 8
# Includes:         address.rl, named.rl
# Required actions: none of its own
# Deviations:       feature-param is a generic-param: its quoted string is looked into by feature.rl.
#                   An addr-spec without < > may hold "?" (quirk SIP_BARE_ADDRESS, vector contact/quirks); at a comma the element ends.
%%{
  machine contact;
  include address "address.rl";
  include named "named.rl";

  # addr-spec as a list of Contact holds it without < >
  contact_bare  = ( scheme ":" ( addr_spec_char - [;,] )+ ) >bare_b %bare_e;
  # contact-params = c-p-q / c-p-expires / feature-param / contact-extension
  # contact-param = (name-addr / addr-spec) *(SEMI contact-params);  Contact = STAR / (contact-param *(COMMA contact-param))
  contact_param = SWS ( "*" | ( name_addr | contact_bare ) named_params ) SWS;
}%%
