# SPDX-License-Identifier: MIT
# markup.rl - a closed profile of XML: the declaration, tags, and what markup_text.rl has.
# Spec:             XML 1.0 5th edition 2.8, 3.1; Namespaces in XML 1.0 3rd edition 4
# Includes:         markup_text.rl
# Required actions: name_b, name_colon, name_e, tag, empty, etag, att_b, att_colon, att_e, value_b, value_e, encoding_b, encoding_e
# Deviations:       no document type declaration and no processing instruction (vectors markup/refused-*): so there is no entity but
#                   the five. Names are QNames at once. What is not regular, C checks: an end tag names what it ends, one root,
#                   attributes once, prefixes bound, character references to a Char.
%%{
  machine markup;
  include markup_text "markup_text.rl";

  # ---- names: QName ::= PrefixedName | UnprefixedName    PrefixedName ::= Prefix ':' LocalPart                  [NS 7-11]
  ElementName   = ( NCName ( ":" @name_colon NCName )? ) >name_b %name_e;
  AttributeName = ( NCName ( ":" @att_colon NCName )? ) >att_b %att_e;

  # ---- tags
  # Eq ::= S? '=' S?                                                                                              [XML 25]
  Eq            = S? "=" S?;
  # AttValue ::= '"' ([^<&"] | Reference)* '"' | "'" ([^<&'] | Reference)* "'"                                    [XML 10]
  AttValue      = '"' @value_b ( ( Char - [<&"] ) | Reference )* '"' @value_e
                | "'" @value_b ( ( Char - [<&'] ) | Reference )* "'" @value_e;
  # Attribute ::= NSAttName Eq AttValue | QName Eq AttValue                                                       [NS 15]
  Attribute     = AttributeName Eq AttValue;
  # STag ::= '<' QName (S Attribute)* S? '>'      EmptyElemTag ::= '<' QName (S Attribute)* S? '/>'               [NS 12, 14]
  Tag           = "<" @lt ElementName ( S Attribute )* S? ( ">" @tag | "/>" @empty );
  # ETag ::= '</' QName S? '>'                                                                                    [NS 13]
  ETag          = "<" @lt "/" ElementName S? ">" @etag;

  # ---- the document
  # content ::= CharData? ((element | Reference | CDSect | PI | Comment) CharData?)*                              [XML 43]
  content       = CharData ( ( Tag | ETag | Reference | CDSect | Comment ) CharData )*;
  # VersionInfo ::= S 'version' Eq ("'" VersionNum "'" | '"' VersionNum '"')    VersionNum ::= '1.' [0-9]+        [XML 24, 26]
  VersionNum    = "1." DIGIT+;
  VersionInfo   = S "version" Eq ( "'" VersionNum "'" | '"' VersionNum '"' );
  # EncodingDecl ::= S 'encoding' Eq ('"' EncName '"' | "'" EncName "'" )                                         [XML 80]
  # EncName ::= [A-Za-z] ([A-Za-z0-9._] | '-')*                                                                   [XML 81]
  EncName       = ( ALPHA ( ALPHA | DIGIT | [._\-] )* ) >encoding_b %encoding_e;
  EncodingDecl  = S "encoding" Eq ( "'" EncName "'" | '"' EncName '"' );
  # SDDecl ::= S 'standalone' Eq (("'" ('yes' | 'no') "'") | ('"' ('yes' | 'no') '"'))                            [XML 32]
  SDDecl        = S "standalone" Eq ( "'" ( "yes" | "no" ) "'" | '"' ( "yes" | "no" ) '"' );
  # XMLDecl ::= '<?xml' VersionInfo EncodingDecl? SDDecl? S? '?>'                                                 [XML 23]
  XMLDecl       = "<" @lt "?xml" VersionInfo EncodingDecl? SDDecl? S? "?>";
  # The mark in front that says UTF-8 (XML 4.3.3, appendix F).
  BOM           = 0xef 0xbb 0xbf;
  # document ::= prolog element Misc*    prolog ::= XMLDecl? Misc* (doctypedecl Misc*)?                           [XML 1, 22]
  # Up to the root's end and on: where that is, C knows.
  document      = BOM? XMLDecl? Misc* Tag content;
}%%
