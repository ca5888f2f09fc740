# SPDX-License-Identifier: MIT
# uri.rl - SIP, SIPS and tel URIs, other absolute URIs, and the parts of them that header grammars use.
# Spec:             RFC 3261 25.1, RFC 5954 4.1 (IP addresses of SIP), RFC 3966 3 (tel), RFC 3986 3.1 (scheme)
# Includes:         sip_core.rl
# Required actions: none (uri_parts.rl holds the same URIs with a mark at each part)
# Deviations:       uri-parameter is other-param alone: every other alternative of it is one of its strings, but for a token with a
#                   grave accent or a lone "%" as transport, user or method, which no URI holds.
#                   userinfo takes no telephone-subscriber with "#", "[" or "]" in it: what a user cannot hold must be escaped inside
#                   of a SIP URI (RFC 3261 19.1.1).
#                   opaque takes "[" and "]" too: RFC 3986 has IP literals.
#                   The empty phonedigit, which the letter of RFC 3966 has in ";ext=", is not taken. ext, isub and phone-context are
#                   never a parameter, whatever their value: ";ext=abc" is refused (vector rules/uri).
#                   isub ends at the next ";": by the letter uric would swallow the parameters behind (vector uri/tel).
#                   IPv6reference takes the one colon too many that RFC 3261 has before an IPv4address: RFC 5118 4.10 has readers take both
#                   (vector torture/wire/ipv6-bug-abnf-3-colons). Writers leave it out.
#                   A local number without phone-context is taken here; the host refuses it with a status of its own.
%%{
  machine uri;
  include sip_core "sip_core.rl";

  # ---- hosts ----
  # domainlabel = alphanum / alphanum *( alphanum / "-" ) alphanum
  domainlabel   = alphanum ( ( alphanum | "-" )* alphanum )?;
  # toplabel = ALPHA / ALPHA *( alphanum / "-" ) alphanum
  toplabel      = ALPHA ( ( alphanum | "-" )* alphanum )?;
  # hostname = *( domainlabel "." ) toplabel [ "." ]
  hostname      = ( domainlabel "." )* toplabel "."?;
  # dec-octet = DIGIT / %x31-39 DIGIT / "1" 2DIGIT / "2" %x30-34 DIGIT / "25" %x30-35
  dec_octet     = DIGIT | "1".."9" DIGIT | "1" DIGIT{2} | "2" "0".."4" DIGIT | "25" "0".."5";
  # IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet
  IPv4address   = dec_octet "." dec_octet "." dec_octet "." dec_octet;
  # h16 = 1*4HEXDIG
  h16           = HEXDIG{1,4};
  # ls32 = ( h16 ":" h16 ) / IPv4address
  ls32          = h16 ":" h16 | IPv4address;
  # IPv6address =                            6( h16 ":" ) ls32
  #             /                       "::" 5( h16 ":" ) ls32
  #             / [               h16 ] "::" 4( h16 ":" ) ls32
  #             / [ *1( h16 ":" ) h16 ] "::" 3( h16 ":" ) ls32
  #             / [ *2( h16 ":" ) h16 ] "::" 2( h16 ":" ) ls32
  #             / [ *3( h16 ":" ) h16 ] "::"    h16 ":"   ls32
  #             / [ *4( h16 ":" ) h16 ] "::"              ls32
  #             / [ *5( h16 ":" ) h16 ] "::"              h16
  #             / [ *6( h16 ":" ) h16 ] "::"
  IPv6address   =                             ( h16 ":" ){6} ls32
                |                        "::" ( h16 ":" ){5} ls32
                | (                h16 )? "::" ( h16 ":" ){4} ls32
                | ( ( h16 ":" ){,1} h16 )? "::" ( h16 ":" ){3} ls32
                | ( ( h16 ":" ){,2} h16 )? "::" ( h16 ":" ){2} ls32
                | ( ( h16 ":" ){,3} h16 )? "::"   h16 ":"      ls32
                | ( ( h16 ":" ){,4} h16 )? "::"                ls32
                | ( ( h16 ":" ){,5} h16 )? "::"                h16
                | ( ( h16 ":" ){,6} h16 )? "::";
  # hexpart = hexseq / hexseq "::" [ hexseq ] / "::" [ hexseq ];  IPv6address = hexpart [ ":" IPv4address ]   (RFC 3261 25.1)
  IPv6_3colons  = ( ( h16 ":" ){,4} h16 )? ":::" IPv4address;
  # IPv6reference = "[" IPv6address "]"
  IPv6reference = "[" ( IPv6address | IPv6_3colons ) "]";
  # host = hostname / IPv4address / IPv6reference
  host          = hostname | IPv4address | IPv6reference;
  # port = 1*DIGIT
  port          = DIGIT+;
  # hostport = host [ ":" port ]
  hostport      = host ( ":" port )?;

  # ---- SIP-URI and SIPS-URI ----
  # user-unreserved = "&" / "=" / "+" / "$" / "," / ";" / "?" / "/"
  user_unreserved  = [&=+$,;?/];
  # user = 1*( unreserved / escaped / user-unreserved )
  user             = ( unreserved | escaped | user_unreserved )+;
  # password = *( unreserved / escaped / "&" / "=" / "+" / "$" / "," )
  password         = ( unreserved | escaped | [&=+$,] )*;
  # userinfo = ( user / telephone-subscriber ) [ ":" password ] "@"
  userinfo         = user ( ":" password )? "@";
  # param-unreserved = "[" / "]" / "/" / ":" / "&" / "+" / "$"
  param_unreserved = [\[\]/:&+$];
  # paramchar = param-unreserved / unreserved / escaped
  paramchar        = param_unreserved | unreserved | escaped;
  # pname = 1*paramchar
  pname            = paramchar+;
  # pvalue = 1*paramchar
  pvalue           = paramchar+;
  # other-param = pname [ "=" pvalue ]
  uri_parameter    = pname ( "=" pvalue )?;
  # uri-parameters = *( ";" uri-parameter )
  uri_parameters   = ( ";" uri_parameter )*;
  # hnv-unreserved = "[" / "]" / "/" / "?" / ":" / "+" / "$"
  hnv_unreserved   = [\[\]/?:+$];
  # hname = 1*( hnv-unreserved / unreserved / escaped )
  hname            = ( hnv_unreserved | unreserved | escaped )+;
  # hvalue = *( hnv-unreserved / unreserved / escaped )
  hvalue           = ( hnv_unreserved | unreserved | escaped )*;
  # header = hname "=" hvalue
  header           = hname "=" hvalue;
  # headers = "?" header *( "&" header )
  headers          = "?" header ( "&" header )*;
  # SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]
  SIP_URI          = "sip:"i userinfo? hostport uri_parameters headers?;
  # SIPS-URI = "sips:" [ userinfo ] hostport uri-parameters [ headers ]
  SIPS_URI         = "sips:"i userinfo? hostport uri_parameters headers?;

  # ---- tel URI ----
  # visual-separator = "-" / "." / "(" / ")"
  visual_separator = [\-.()];
  # phonedigit = DIGIT / [ visual-separator ]
  phonedigit       = DIGIT | visual_separator;
  # phonedigit-hex = HEXDIG / "*" / "#" / [ visual-separator ]
  phonedigit_hex   = HEXDIG | "*" | "#" | visual_separator;
  # global-number-digits = "+" *phonedigit DIGIT *phonedigit
  global_number_digits = "+" visual_separator* DIGIT phonedigit*;
  # local-number-digits = *phonedigit-hex (HEXDIG / "*" / "#") *phonedigit-hex
  local_number_digits  = visual_separator* ( HEXDIG | "*" | "#" ) phonedigit_hex*;
  # descriptor = domainname / global-number-digits
  descriptor       = hostname | global_number_digits;
  # context = ";phone-context=" descriptor
  context          = "phone-context="i descriptor;
  # extension = ";ext=" 1*phonedigit
  extension        = "ext="i phonedigit+;
  # uric = reserved / unreserved / pct-encoded
  uric             = reserved | unreserved | escaped;
  # isdn-subaddress = ";isub=" 1*uric
  isdn_subaddress  = "isub="i ( uric - ";" )+;
  # pname = 1*( alphanum / "-" )
  tel_pname        = ( alphanum | "-" )+ - ( "phone-context"i | "ext"i | "isub"i );
  # parameter = ";" pname ["=" pvalue ]
  tel_parameter    = tel_pname ( "=" pvalue )?;
  # par = parameter / extension / isdn-subaddress
  tel_parameters   = ( ";" ( tel_parameter | extension | isdn_subaddress | context ) )*;
  # telephone-subscriber = global-number / local-number
  telephone_number = global_number_digits | local_number_digits;
  # telephone-uri = "tel:" telephone-subscriber
  TEL_URI          = "tel:"i telephone_number tel_parameters;

  # ---- other absolute URIs ----
  # scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
  scheme           = ALPHA ( ALPHA | DIGIT | [+\-.] )*;
  other_scheme     = scheme - ( "sip"i | "sips"i | "tel"i );
  # The characters of a hier-part or opaque-part
  opaque           = ( reserved | unreserved | escaped | [\[\]] )+;
  OTHER_URI        = other_scheme ":" opaque;

  # addr-spec = SIP-URI / SIPS-URI / absoluteURI
  addr_spec        = SIP_URI | SIPS_URI | TEL_URI | OTHER_URI;
  # What may stand between the < > of a name-addr, for a header grammar that leaves reading to cpm_uri_decode
  addr_spec_char   = reserved | unreserved | [%\[\]#];
  addr_spec_chars  = addr_spec_char+;
}%%
