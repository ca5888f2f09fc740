# SPDX-License-Identifier: MIT
# sip.rl - start lines and the heads of header field lines. A host splits a message into lines and gives each line alone, without
# its line break; values have grammars of their own.
# Spec:             RFC 3261 7.1, 7.2, 7.3.1, 25.1
# Includes:         sip_core.rl
# Required actions: method_b method_e uri_b uri_e version_b version_e code_b reason_b name_e
# Deviations:       Request-URI is any run of octets without SP and controls: a URI that cannot be read is answered with 400 or
#                   416, so the message around it has to be read (vector sip_start/start_lines).
#                   Reason-Phrase takes every octet but controls, and HTAB: peers write quotes, "<" and "#" (vector sip_start/start_lines).
#                   Status-Code takes every three digits; the host judges the range (quirk SIP_STATUS_ANY).
%%{
  machine sip;
  include sip_core "sip_core.rl";

  # SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT
  SIP_Version    = ( "SIP"i "/" DIGIT+ "." DIGIT+ ) >version_b %version_e;
  # Method = INVITEm / ACKm / OPTIONSm / BYEm / CANCELm / REGISTERm / extension-method
  # extension-method = token
  Method         = token >method_b %method_e;
  # Request-URI = SIP-URI / SIPS-URI / absoluteURI
  Request_URI    = ( 0x21..0x7e | UTF8_NONASCII )+ >uri_b %uri_e;
  # Request-Line = Method SP Request-URI SP SIP-Version CRLF
  Request_Line   = Method SP Request_URI SP SIP_Version;

  # Status-Code = Informational / Redirection / Success / Client-Error / Server-Error / Global-Failure / extension-code
  # extension-code = 3DIGIT
  Status_Code    = DIGIT{3} >code_b;
  # Reason-Phrase = *(reserved / unreserved / escaped / UTF8-NONASCII / UTF8-CONT / SP / HTAB)
  Reason_Phrase  = ( HTAB | SP | 0x21..0x7e | UTF8_NONASCII )*;
  # Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF
  Status_Line    = SIP_Version SP Status_Code SP ( Reason_Phrase >reason_b );

  # start-line = Request-Line / Status-Line
  start_line     = Request_Line | Status_Line;

  # header-name = token ; extension-header = header-name HCOLON header-value
  # HCOLON = *( SP / HTAB ) ":" SWS            SWS is the value's: a line break before the ":" is never taken
  field_head     = token %name_e WSP* ":";
}%%
