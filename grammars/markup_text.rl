# SPDX-License-Identifier: MIT
# markup_text.rl - the text of XML elements: characters, references, CDATA sections and comments.
# Spec:             XML 1.0 5th edition 2.4, 2.5, 2.7, 2.8, 4.1
# Includes:         markup_char.rl
# Required actions: lt, amp, reference
# Deviations:       the five names are all the entities there are, as there is no document type declaration (vectors
#                   markup/refused-entity*). That a character reference is one to a Char, C checks.
%%{
  machine markup_text;
  include markup_char "markup_char.rl";

  # EntityRef ::= '&' Name ';'      CharRef ::= '&#' [0-9]+ ';' | '&#x' [0-9a-fA-F]+ ';'                          [XML 66, 68]
  EntityName    = "lt" | "gt" | "amp" | "apos" | "quot";
  CharNumber    = "#" DIGIT+ | "#x" HEXDIG+;
  # Reference ::= EntityRef | CharRef                                                                             [XML 67]
  Reference     = "&" @amp ( EntityName | CharNumber ) ";" @reference;

  # CharData ::= [^<&]* - ([^<&]* ']]>' [^<&]*)                                                                   [XML 14]
  CharData      = ( Char - [<&] )* - ( any* "]]>" any* );
  # CDSect ::= CDStart CData CDEnd    CDStart ::= '<![CDATA['    CData ::= (Char* - (Char* ']]>' Char*))          [XML 18-21]
  CData         = Char* - ( any* "]]>" any* );
  CDSect        = "<" @lt "![CDATA[" CData "]]>";
  # Comment ::= '<!--' ((Char - '-') | ('-' (Char - '-')))* '-->'                                                 [XML 15]
  Comment       = "<" @lt "!--" ( ( Char - "-" ) | ( "-" ( Char - "-" ) ) )* "-->";

  # The content of an element without elements, for reading its text.
  text          = CharData ( ( Reference | CDSect | Comment ) CharData )*;

  # Misc ::= Comment | PI | S                                                                                     [XML 27]
  Misc          = Comment | S;
}%%
