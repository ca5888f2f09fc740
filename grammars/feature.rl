# SPDX-License-Identifier: MIT
# feature.rl - names of feature tags, and one of their values.
# Spec:             RFC 3840 9
# Includes:         sip_core.rl
# Required actions: on_bang text_b text_e on_true on_false low_b low_e high_b high_e on_both on_string
# Deviations:       White space may stand around a tag-value: peers put it behind the commas of methods (vector feature/spaces).
%%{
  machine feature;
  include sip_core "sip_core.rl";

  # base-tags = "audio" / "automata" / "class" / "duplex" / "data" / "control" / "mobility" / "description" / "events" / "priority" /
  #             "methods" / "schemes" / "application" / "video" / "language" / "type" / "isfocus" / "actor" / "text" / "extensions"
  base_tags    = "audio"i | "automata"i | "class"i | "duplex"i | "data"i | "control"i | "mobility"i | "description"i | "events"i
               | "priority"i | "methods"i | "schemes"i | "application"i | "video"i | "language"i | "type"i | "isfocus"i | "actor"i
               | "text"i | "extensions"i;
  # ftag-name = ALPHA *( ALPHA / DIGIT / "!" / "'" / "." / "-" / "%" )
  ftag_name    = ALPHA ( ALPHA | DIGIT | [!'.\-%] )*;
  # other-tags = "+" ftag-name
  other_tags   = "+" ftag_name;
  # enc-feature-tag = base-tags / other-tags
  enc_feature_tag = base_tags | other_tags;

  # token-nobang = 1*(alphanum / "-" / "." / "%" / "*" / "_" / "+" / "`" / "'" / "~" )
  token_nobang = ( token_char - "!" )+;
  # boolean = "TRUE" / "FALSE"
  boolean      = "TRUE"i %on_true | "FALSE"i %on_false;
  # number = [ "+" / "-" ] 1*DIGIT ["." 0*DIGIT]
  number       = [+\-]? DIGIT+ ( "." DIGIT* )?;
  # numeric-relation = ">=" / "<=" / "=" / (number ":")
  # numeric = "#" numeric-relation number
  numeric      = "#" ( ( ">=" number >low_b %low_e | "<=" number >high_b %high_e | "=" @on_both number >low_b %low_e
               | number >low_b %low_e ":" number >high_b %high_e ) >text_b %text_e );
  # tag-value = ["!"] (token-nobang / boolean / numeric)
  tag_value    = SWS ( "!" @on_bang )? ( ( ( token_nobang - boolean ) | boolean ) >text_b %text_e | numeric ) SWS;
  # qdtext-no-abkt = LWS / %x21 / %x23-3B / %x3D / %x3F-5B / %x5D-7E / UTF8-NONASCII
  qdtext_no_abkt = LWS | 0x21 | 0x23..0x3b | 0x3d | 0x3f..0x5b | 0x5d..0x7e | UTF8_NONASCII;
  # string-value = "<" *(qdtext-no-abkt / quoted-pair ) ">"
  string_value = SWS "<" @on_string ( ( qdtext_no_abkt | quoted_pair )* %text_e ) ">" SWS;
}%%
