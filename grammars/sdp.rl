# SPDX-License-Identifier: MIT
# sdp.rl - the values of the lines of a session description.
# Spec:             RFC 8866 9 (RFC 4566 9)
# Includes:         sdp_core.rl
# Required actions: username_b username_e sess_id_b sess_id_e sess_version_b sess_version_e nettype_b nettype_e addrtype_b addrtype_e
#                   address_b address_e ttl_b ttl_e count_b count_e start_b start_e stop_b stop_e bwtype_b bwtype_e number_b number_e
#                   method_b method_e key_b media_b media_e port_b port_e ports_b ports_e proto_b proto_e formats_b name_b name_e value_b
# Deviations:       A session name may be empty, and an attribute may end with its colon: the decoder names the quirk (SDP_SPACING, vector
#                   sdp/quirk-spacing). Times may have any number of digits. An address is what has no white space and no "/", which
#                   takes in all of IP4-address, IP6-address, FQDN and extn-addr. addr-spec is what has an "@" in it, a URI is made of
#                   the characters of RFC 3986: nothing here follows either.
%%{
  machine sdp;
  include sdp_core "sdp_core.rl";

  # version-field = %s"v" "=" 1*DIGIT CRLF
  version_field = DIGIT+;

  # username = non-ws-string
  username      = non_ws_string;
  # sess-id = 1*DIGIT
  sess_id       = DIGIT+;
  # sess-version = 1*DIGIT
  sess_version  = DIGIT+;
  # nettype = token
  nettype       = sdp_token;
  # addrtype = token
  addrtype      = sdp_token;
  # extn-addr = non-ws-string
  unicast_address = ( non_ws_char - "/" )+;
  # origin-field = %s"o" "=" username SP sess-id SP sess-version SP nettype SP addrtype SP unicast-address CRLF
  origin_field  = username >username_b %username_e gap sess_id >sess_id_b %sess_id_e gap
                  sess_version >sess_version_b %sess_version_e gap nettype >nettype_b %nettype_e gap
                  addrtype >addrtype_b %addrtype_e gap unicast_address >address_b %address_e;

  # session-name-field = %s"s" "=" text CRLF
  session_name_field = sdp_byte*;
  # information-field = %s"i" "=" text CRLF
  information_field = text;
  # uri = URI-reference
  uri           = ( alpha_numeric | [\-._~:/?#\[\]@!$&'()*+,;=] | "%" HEXDIG HEXDIG )+;
  # uri-field = %s"u" "=" uri CRLF
  uri_field     = uri;

  # email-safe = %x01-09/%x0B-0C/%x0E-27/%x2A-3B/%x3D/%x3F-FF
  email_safe    = sdp_byte - [()<>];
  addr_spec     = ( email_safe - SP )+ "@" ( email_safe - SP )+;
  # address-and-comment = addr-spec 1*SP "(" 1*email-safe ")"
  address_and_comment = addr_spec SP+ "(" email_safe+ ")";
  # dispname-and-address = 1*email-safe 1*SP "<" addr-spec ">"
  dispname_and_address = email_safe+ SP+ "<" addr_spec ">";
  # email-address = address-and-comment / dispname-and-address / addr-spec
  email_address = address_and_comment | dispname_and_address | addr_spec;
  # email-field = %s"e" "=" email-address CRLF
  email_field   = email_address;

  # phone = ["+"] DIGIT 1*(SP / "-" / DIGIT)
  phone         = "+"? DIGIT ( SP | "-" | DIGIT )+;
  # phone-number = phone *SP "(" 1*email-safe ")" / 1*email-safe "<" phone ">" / phone
  phone_number  = phone SP* "(" email_safe+ ")" | email_safe+ "<" phone ">" | phone;
  # phone-field = %s"p" "=" phone-number CRLF
  phone_field   = phone_number;

  # IP4-multicast = m1 3( "." decimal-uchar ) "/" ttl [ "/" numaddr ] ; IP6-multicast = IP6-address [ "/" numaddr ]
  # ttl = (POS-DIGIT *2DIGIT) / "0" ; numaddr = integer                                        (the range of ttl is for the host)
  address_suffix = "/" ( ( integer | "0" ) >ttl_b %ttl_e ) ( "/" ( integer >count_b %count_e ) )?;
  # connection-address = multicast-address / unicast-address
  connection_address = unicast_address >address_b %address_e address_suffix?;
  # connection-field = %s"c" "=" nettype SP addrtype SP connection-address CRLF
  connection_field = nettype >nettype_b %nettype_e gap addrtype >addrtype_b %addrtype_e gap connection_address;

  # bwtype = token
  bwtype        = sdp_token;
  # bandwidth = 1*DIGIT
  bandwidth     = DIGIT+;
  # bandwidth-field = %s"b" "=" bwtype ":" bandwidth CRLF
  bandwidth_field = bwtype >bwtype_b %bwtype_e colon bandwidth >number_b %number_e;

  # start-time = time / "0"
  start_time    = DIGIT+;
  # stop-time = time / "0"
  stop_time     = DIGIT+;
  # time-field = %s"t" "=" start-time SP stop-time CRLF
  time_field    = start_time >start_b %start_e gap stop_time >stop_b %stop_e;

  # fixed-len-time-unit = %s"d" / %s"h" / %s"m" / %s"s"
  fixed_len_time_unit = [dhms];
  # repeat-interval = POS-DIGIT *DIGIT [fixed-len-time-unit]
  repeat_interval = integer fixed_len_time_unit?;
  # typed-time = 1*DIGIT [fixed-len-time-unit]
  typed_time    = DIGIT+ fixed_len_time_unit?;
  # repeat-field = %s"r" "=" repeat-interval SP typed-time 1*(SP typed-time) CRLF
  repeat_field  = repeat_interval gap typed_time ( gap typed_time )+;
  # zone-field = %s"z" "=" time SP ["-"] typed-time *(SP time SP ["-"] typed-time) CRLF
  zone_field    = DIGIT+ gap "-"? typed_time ( gap DIGIT+ gap "-"? typed_time )*;

  # base64-char = ALPHA / DIGIT / "+" / "/"
  base64_char   = alpha_numeric | [+/];
  # base64 = *base64-unit [base64-pad]
  base64        = ( base64_char{4} )* ( base64_char{2} "==" | base64_char{3} "=" )?;
  # key-type = %s"prompt" / %s"clear:" text / %s"base64:" base64 / %s"uri:" uri
  key_type      = "prompt" >method_b %method_e | "clear" >method_b %method_e ":" @key_b text |
                  "base64" >method_b %method_e ":" @key_b base64 | "uri" >method_b %method_e ":" @key_b uri;
  # key-field = %s"k" "=" key-type CRLF
  key_field     = key_type;

  # attribute-name = token
  attribute_name = sdp_token;
  # attribute = (attribute-name ":" attribute-value) / attribute-name
  attribute     = attribute_name >name_b %name_e ( ":" @value_b sdp_byte* )?;
  # attribute-field = %s"a" "=" attribute CRLF
  attribute_field = attribute;

  # media = token
  media         = sdp_token;
  # port = 1*DIGIT
  port          = DIGIT+;
  # proto = token *("/" token)
  proto         = sdp_token ( "/" sdp_token )*;
  # fmt = token
  fmt           = sdp_token;
  # media-field = %s"m" "=" media SP port ["/" integer] SP proto 1*(SP fmt) CRLF
  media_field   = media >media_b %media_e gap port >port_b %port_e ( "/" integer >ports_b %ports_e )? gap
                  proto >proto_b %proto_e gap ( fmt ( gap fmt )* ) >formats_b;
}%%
