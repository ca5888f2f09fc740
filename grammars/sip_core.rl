# SPDX-License-Identifier: MIT
# sip_core.rl - basic rules of SIP that uri.rl and the header grammars share.
# Spec:             RFC 3261 25.1
# Includes:         abnf.rl
# Required actions: none
# Public:           HCOLON STAR LPAREN RPAREN RAQUOT LAQUOT (rules for hosts of your own, which nothing here uses)
# Deviations:       UTF8-NONASCII stands for any octet of 0x80-0xFF: real peers send other encodings in display names, and
#                   whether octets are UTF-8 is a question of its own (quirk UTF8_INVALID).
#                   quoted-pair takes no NUL, which has no meaning in any header field of CPM (vector rules/sip_core).
%%{
  machine sip_core;
  include abnf "abnf.rl";

  # alphanum = ALPHA / DIGIT
  alphanum   = ALPHA | DIGIT;
  # reserved = ";" / "/" / "?" / ":" / "@" / "&" / "=" / "+" / "$" / ","
  reserved   = [;/?:@&=+$,];
  # mark = "-" / "_" / "." / "!" / "~" / "*" / "'" / "(" / ")"
  mark       = [\-_.!~*'()];
  # unreserved = alphanum / mark
  unreserved = alphanum | mark;
  # escaped = "%" HEXDIG HEXDIG
  escaped    = "%" HEXDIG HEXDIG;

  # LWS = [*WSP CRLF] 1*WSP
  LWS        = ( WSP* CRLF )? WSP+;
  # SWS = [LWS]
  SWS        = LWS?;
  # HCOLON = *( SP / HTAB ) ":" SWS
  HCOLON     = WSP* ":" SWS;
  # TEXT-UTF8char = %x21-7E / UTF8-NONASCII
  UTF8_NONASCII = 0x80..0xff;
  TEXT_UTF8char = 0x21..0x7e | UTF8_NONASCII;

  # token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" )
  token_char = alphanum | [\-.!%*_+`'~];
  token      = token_char+;
  # word = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" / "(" / ")" / "<" / ">" / ":" / "\" /
  #        DQUOTE / "/" / "[" / "]" / "?" / "{" / "}" )
  word       = ( token_char | [()<>:\\"/\[\]?{}] )+;

  STAR   = SWS "*" SWS;
  SLASH  = SWS "/" SWS;
  EQUAL  = SWS "=" SWS;
  LPAREN = SWS "(" SWS;
  RPAREN = SWS ")" SWS;
  RAQUOT = ">" SWS;
  LAQUOT = SWS "<";
  COMMA  = SWS "," SWS;
  SEMI   = SWS ";" SWS;
  COLON  = SWS ":" SWS;

  # quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F)
  quoted_pair = "\\" ( 0x01..0x09 | 0x0b..0x0c | 0x0e..0x7f );
  # qdtext = LWS / %x21 / %x23-5B / %x5D-7E / UTF8-NONASCII
  qdtext     = LWS | 0x21 | 0x23..0x5b | 0x5d..0x7e | UTF8_NONASCII;
  # The inside of quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE
  quoted     = ( qdtext | quoted_pair )*;
}%%
