# SPDX-License-Identifier: MIT
# accept_contact.rl - one element of Accept-Contact.
# Spec:             RFC 3841 10, RFC 3840 9
# Includes:         headers.rl
# Required actions: on_semi params_e
# Deviations:       A feature tag's value is any quoted string; cpm_icsi_next splits it.
#                   g.3gpp.icsi-ref and g.3gpp.iari-ref may stand without quotes and then hold ":" (quirk SIP_ICSI, vector
#                   accept_contact/quirks).
%%{
  machine accept_contact;
  include headers "headers.rl";

  # feature-param = enc-feature-tag [EQUAL LDQUOT (tag-value-list / string-value ) RDQUOT]
  bare_feature   = "+g.3gpp.i"i ( "csi"i | "ari"i ) "-ref"i EQUAL ( token_char | ":" )+;
  # ac-params = feature-param / req-param / explicit-param / generic-param
  ac_param       = generic_param | bare_feature;
  # ac-value = "*" *(SEMI ac-params)
  ac_value       = "*" ( SWS ";" @on_semi SWS ac_param %params_e )*;
  accept_contact = SWS ac_value SWS;
}%%
