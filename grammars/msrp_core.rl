# SPDX-License-Identifier: MIT
# msrp_core.rl - rules that the MSRP grammars share.
# Spec:             RFC 4975 9
# Includes:         abnf.rl
# Required actions: none
# Deviations:       UTF8-NONASCII stands for any octet of 0x80-0xFF: whether octets are UTF-8 is a question of its own (quirk
#                   UTF8_INVALID, vector msrp/quirk-utf8). In a quoted string a backslash may stand before any printable character, as in
#                   SIP: digest values come from code that quotes so (vector msrp_value/auth).
#                   A method may hold "_" behind its first letter (FILE_OFFSET: quirk MSRP_METHOD, vector msrp/quirk-method).
%%{
  machine msrp_core;
  include abnf "abnf.rl";

  # UPALPHA = %x41-5A
  UPALPHA       = 0x41..0x5a;
  # ALPHANUM = ALPHA / DIGIT
  ALPHANUM      = ALPHA | DIGIT;
  UTF8_NONASCII = 0x80..0xff;
  # The characters of token = 1*(%x21 / %x23-27 / %x2A-2B / %x2D-2E / %x30-39 / %x41-5A / %x5E-7E)
  token_char    = 0x21 | 0x23..0x27 | 0x2a..0x2b | 0x2d..0x2e | 0x30..0x39 | 0x41..0x5a | 0x5e..0x7e;
  # qdtext = SP / HTAB / %x21 / %x23-5B / %x5D-7E / UTF8-NONASCII
  qdtext        = SP | HTAB | 0x21 | 0x23..0x5b | 0x5d..0x7e | UTF8_NONASCII;
  # qd-esc = (BACKSLASH BACKSLASH) / (BACKSLASH DQUOTE)
  qd_esc        = "\\" 0x20..0x7e;
  # The inside of quoted-string = DQUOTE *(qdtext / qd-esc) DQUOTE
  quoted        = ( qdtext | qd_esc )*;
  # utf8text = *(HTAB / %x20-7E / UTF8-NONASCII)
  utf8text      = ( HTAB | 0x20..0x7e | UTF8_NONASCII )*;

  # ident-char = ALPHANUM / "." / "-" / "+" / "%" / "="
  ident_char    = ALPHANUM | [.\-+%=];
  # ident = ALPHANUM  3*31ident-char
  ident         = ALPHANUM ident_char{3,31};
  # status-code = 3DIGIT
  status_code   = DIGIT{3};
  # other-method = 1*UPALPHA
  other_method  = UPALPHA ( UPALPHA | "_" )*;
}%%
