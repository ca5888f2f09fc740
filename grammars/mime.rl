# SPDX-License-Identifier: MIT
# mime.rl - parameters of MIME header fields, and what a MIME header field looks like.
# Spec:             RFC 3261 25.1 (m-parameter, generic-param), RFC 5322 2.2 and 3.6.8 (field-name, field-body), RFC 2045 3
# Includes:         sip_core.rl
# Required actions: none
# Deviations:       a parameter may lack "=" and its value, as generic-param of RFC 3261 has it: one rule serves Content-Type, Accept
#                   and Content-Disposition. A value that is not quoted may hold "/", ":" and what else a parameter of
#                   param.rl may hold: RFC 3862 5.2 itself writes protocol=application/pkcs7-signature (vectors mime/types).
#                   A field body is any octet but CR, LF and NUL: what it means is the field's own grammar's.
%%{
  machine mime;
  include sip_core "sip_core.rl";

  # m-attribute = token
  m_attribute   = token;
  # m-value = token / quoted-string        gen-value = token / host / quoted-string
  m_value       = ( token_char | [\[\]/:&+$()] )+ | DQUOTE quoted DQUOTE;
  # m-parameter = m-attribute EQUAL m-value    generic-param = token [ EQUAL gen-value ]
  m_parameter   = m_attribute ( EQUAL m_value )?;
  # *(SEMI m-parameter)
  m_parameters  = ( SEMI m_parameter )*;

  # field-name = 1*ftext      ftext = %d33-57 / %d59-126
  field_name    = ( 33..57 | 59..126 )+;
  # field-body, folds included
  FWS           = CRLF WSP;
  field_octet   = OCTET - ( CR | LF | 0 );
  field_body    = ( field_octet | FWS )*;
}%%
