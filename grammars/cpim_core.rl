# SPDX-License-Identifier: MIT
# cpim_core.rl - characters, names, strings and parameters of message/cpim.
# Spec:             RFC 3862 3.6
# Includes:         abnf.rl
# Required actions: none
# Deviations:       UTF8-multi stands for any octet of 0x80-0xFF: whether octets are UTF-8 is a question of its own (quirk UTF8_INVALID).
#                   FWS and HTAB, of which RFC 3862 has none, stand where header lines of peers are folded (vector cpim/quirk-fold).
#                   White space may stand around the "," of Require (vector cpim/quirk-require-late).
#                   URI is a scheme, a colon and visible characters but < > and the double quote: the URI grammars read it further.
%%{
  machine cpim_core;
  include abnf "abnf.rl";

  # UCS-high = UTF8-multi
  UCS_high    = 0x80..0xff;
  # UCS-no-CTL = UTF8-no-CTL      UTF8-no-CTL = %x20-7e / UTF8-multi
  UCS_no_CTL  = 0x20..0x7e | UCS_high;
  # Escape = "\" ( "u" 4(HEXDIG) / "b" / "t" / "n" / "r" / DQUOTE / "'" / "\" )
  Escape      = "\\" ( "u"i HEXDIG{4} | "b"i | "t"i | "n"i | "r"i | DQUOTE | "'" | "\\" );
  # HEADERCHAR = UCS-no-CTL / Escape
  HEADERCHAR  = UCS_no_CTL | Escape;
  # NAMECHAR = %x21 / %x23-27 / %x2a-2b / %x2d / %x5e-60 / %x7c / %x7e / ALPHA / DIGIT
  NAMECHAR    = 0x21 | 0x23..0x27 | 0x2a..0x2b | 0x2d | 0x5e..0x60 | 0x7c | 0x7e | ALPHA | DIGIT;
  # TOKENCHAR = NAMECHAR / "." / UCS-high
  TOKENCHAR   = NAMECHAR | "." | UCS_high;

  # Name = 1*NAMECHAR
  Name        = NAMECHAR+;
  # Token = 1*TOKENCHAR
  Token       = TOKENCHAR+;
  # Str-char = %x20-21 / %x23-5B / %x5D-7E / UCS-high
  Str_char    = 0x20..0x21 | 0x23..0x5b | 0x5d..0x7e | UCS_high;
  # The inside of String = DQUOTE *( Str-char / Escape ) DQUOTE
  FWS         = CRLF WSP;
  Str         = ( Str_char | Escape | HTAB | FWS )*;

  # Header-name = [ Name-prefix "." ] Name      Name-prefix = Name
  Header_name = ( Name "." )? Name;
  # Parameter = Lang-param / Ext-param          Lang-param = "lang=" Language-tag, a case of Ext-param
  # Ext-param = Param-name "=" Param-value      Param-name = Name
  # Param-value = Token / Number / String       Number = 1*DIGIT, a case of Token
  Param_value = Token | DQUOTE ( Str_char | Escape )* DQUOTE;
  Parameter   = Name "=" Param_value;

  # scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )      RFC 3986 3.1
  scheme      = ALPHA ( ALPHA | DIGIT | [+\-.] )*;
  URI         = scheme ":" ( VCHAR - [<>"] )+;

  # Space between parts where a peer may have folded the line.
  LWSP        = ( WSP | FWS )*;

  # *( ";" Parameter )
  Parameters  = ( ";" Parameter )*;
  # Require-header-value = Header-name *( "," Header-name )
  Require_header_value = Header_name ( LWSP "," LWSP Header_name )*;
}%%
