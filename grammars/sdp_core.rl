# SPDX-License-Identifier: MIT
# sdp_core.rl - basic rules that the lines and the attributes of SDP share.
# Spec:             RFC 8866 9 (RFC 4566 9)
# Includes:         abnf.rl
# Required actions: on_spacing
# Deviations:       more than one SP between words, and SP behind a colon, marked by on_spacing (quirk SDP_SPACING, vector
#                   sdp/quirk-spacing).
%%{
  machine sdp_core;
  include abnf "abnf.rl";

  # POS-DIGIT = %x31-39
  POS_DIGIT   = "1".."9";
  # alpha-numeric = ALPHA / DIGIT
  alpha_numeric = ALPHA | DIGIT;
  # integer = POS-DIGIT *DIGIT
  integer     = POS_DIGIT DIGIT*;
  # token-char = ALPHA / DIGIT / "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "{" / "|" / "}" / "~"
  sdp_token_char  = alpha_numeric | [!#$%&'*+\-.^_`{|}~];
  # token = 1*(token-char)
  sdp_token   = sdp_token_char+;
  # byte-string = 1*(%x01-09/%x0B-0C/%x0E-FF)
  sdp_byte    = 0x01..0x09 | 0x0b..0x0c | 0x0e..0xff;
  byte_string = sdp_byte+;
  # text = byte-string
  text        = byte_string;
  # VCHAR = %x21-7E ; non-ws-string = 1*(VCHAR/%x80-FF)
  non_ws_char = VCHAR | 0x80..0xff;
  non_ws_string = non_ws_char+;

  gap         = SP ( SP @on_spacing )*;
  colon       = ":" ( SP @on_spacing )*;
}%%
