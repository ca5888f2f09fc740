# SPDX-License-Identifier: MIT
# abnf.rl - core rules.
# Spec:             RFC 5234 appendix B.1
# Includes:         nothing
# Required actions: none
# Public:           CTL (rules for hosts of your own, which nothing here uses)
# Deviations:       none
%%{
  machine abnf;

  # ALPHA = %x41-5A / %x61-7A
  ALPHA  = [A-Za-z];
  # DIGIT = %x30-39
  DIGIT  = [0-9];
  # HEXDIG = DIGIT / "A" / "B" / "C" / "D" / "E" / "F"    (case-insensitive, as ABNF strings are)
  HEXDIG = [0-9A-Fa-f];
  CR     = "\r";
  LF     = "\n";
  CRLF   = "\r\n";
  SP     = " ";
  HTAB   = "\t";
  # WSP = SP / HTAB
  WSP    = SP | HTAB;
  DQUOTE = '"';
  # VCHAR = %x21-7E
  VCHAR  = 0x21..0x7e;
  # CTL = %x00-1F / %x7F
  CTL    = 0x00..0x1f | 0x7f;
  # OCTET = %x00-FF
  OCTET  = any;
}%%
