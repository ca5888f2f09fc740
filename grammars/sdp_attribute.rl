# SPDX-License-Identifier: MIT
# sdp_attribute.rl - the values of the attributes of MSRP media.
# Spec:             RFC 4975 9, RFC 4145 4 and 5, RFC 8122 5, RFC 7701 8, RFC 5547 6
# Includes:         sdp_core.rl
# Required actions: on_spacing on_loose on_lower name_b name_e type_b type_e size_b size_e on_hash creation_b creation_e modification_b
#                   modification_e read_b read_e start_b start_e stop_b stop_e function_b function_e print_b print_e
# Deviations:       A name without "name:", "=" for the colon of a selector, anything for a hash behind such a "=", parameters of a type
#                   without quotes, a size that starts with 0: marked by on_loose (quirk SDP_FILE_SELECTOR, vector
#                   sdp_attribute/quirk-file). Dates without quotes (quirk SDP_FILE_DATE); what stands in the quotes is for the decoder.
#                   Hex digits in lower case, marked by on_lower (quirk SDP_CASE). A URI of a path is what has a scheme and no
#                   white space: the machine of msrp_uri.rl reads it.
#                   A quoted parm-value takes no SP, because lists of types are split there, and a backslash before any other octet
#                   (vector rules/sdp_attribute). A cid-url is "cid:" and visible characters.
%%{
  machine sdp_attribute;
  include sdp_core "sdp_core.rl";

  # ---- RFC 4975 9
  # token = 1*(%x21 / %x23-27 / %x2A-2B / %x2D-2E / %x30-39 / %x41-5A / %x5E-7E)     of type, subtype and parameters
  # type-param = parm-attribute "=" parm-value
  parm_value    = sdp_token | DQUOTE ( sdp_byte - ["\\ ] | "\\" ( sdp_byte - SP ) )* DQUOTE;
  type_param    = sdp_token "=" parm_value;
  # format-entry = ( ( (type "/" subtype) / (type "/" "*") ) *( ";" type-param ) ) / ("*")
  format_entry  = sdp_token "/" sdp_token ( ";" type_param )* | "*";
  # format-list = format-entry *( SP format-entry)
  format_list   = format_entry ( gap format_entry )*;
  # accept-types = accept-types-label ":" format-list
  accept_types  = format_list;
  # accept-wrapped-types = wrapped-types-label ":" format-list
  accept_wrapped_types = format_list;
  # max-size-value = 1*(DIGIT)
  max_size      = DIGIT+ >size_b %size_e;
  # MSRP-URI = msrp-scheme "://" authority ["/" session-id] ";" transport *( ";" URI-parameter)
  msrp_uri      = "msrp"i "s"i? "://" ( VCHAR - ";" )+ ";" ( VCHAR )+;
  # path-list = MSRP-URI *(SP MSRP-URI)
  path          = msrp_uri ( gap msrp_uri )*;

  # ---- RFC 4145 4, 5
  # role = "active" / "passive" / "actpass" / "holdconn"       which of them, the decoder says
  setup         = sdp_token;
  # conn-value = "new" / "existing"
  connection    = sdp_token;

  # ---- RFC 8122 5
  # UHEX = DIGIT / %x41-46
  UHEX          = DIGIT | "A".."F" | "a".."f" @on_lower;
  # fingerprint = 2UHEX *(":" 2UHEX)
  fingerprint_bytes = UHEX{2} ( ":" UHEX{2} )*;
  # fingerprint-attribute = "fingerprint" ":" hash-func SP fingerprint
  fingerprint   = sdp_token >function_b %function_e gap fingerprint_bytes >print_b %print_e;

  # ---- RFC 7701 8
  # chat-token = (nicknames-token / private-messages-token / ext-token)
  chat_token    = sdp_token;
  # chatroom = chatroom-label [":" chat-token *(SP chat-token)]
  chatroom      = chat_token ( gap chat_token )*;

  # ---- RFC 5547 6
  # filename-char = %x01-09/%x0B-0C/%x0E-21/%x23-24/%x26-FF
  filename_char = sdp_byte - ["%];
  # percent-encoded = "%" HEXDIG HEXDIG
  percent_encoded = "%" HEXDIG HEXDIG;
  # filename-string = 1*(filename-char/percent-encoded)
  filename_string = ( filename_char | percent_encoded )+;
  is            = ":" | "=" @on_loose;
  # filename-selector = "name:" DQUOTE filename-string DQUOTE
  filename_selector = ( "name"i is DQUOTE | DQUOTE @on_loose ) ( filename_string >name_b %name_e ) DQUOTE;
  # filesize-value = integer
  filesize_selector = "size"i is ( integer | "0" @on_loose DIGIT* ) >size_b %size_e;
  # value-string = filename-string ; ft-parameter = attribute "=" DQUOTE value-string DQUOTE
  ft_parameter  = sdp_token "=" ( DQUOTE filename_string DQUOTE | ( sdp_token_char - "%" )+ >on_loose );
  # filetype-selector = "type:" type "/" subtype *(";" ft-parameter)
  filetype      = sdp_token "/" sdp_token ( ";" ft_parameter )*;
  filetype_selector = "type"i is filetype >type_b %type_e;
  # hash-value = 2HEXDIG *(":" 2HEXDIG) ; hash-algorithm = token
  hash_bytes    = UHEX{2} ( ":" UHEX{2} )*;
  # hash-selector = "hash:" hash-algorithm ":" hash-value
  hash_selector = "hash"i ":" @on_hash sdp_token ":" hash_bytes;
  loose_hash    = "hash"i "=" >on_loose non_ws_char*;
  # selector = filename-selector / filesize-selector / filetype-selector / hash-selector
  selector      = filename_selector | filesize_selector | filetype_selector | hash_selector | loose_hash;
  # file-selector-attr = "file-selector" [":" selector *(SP selector)]
  file_selector = selector ( gap selector )*;
  # file-tr-id-value = token
  file_transfer_id = sdp_token;
  # file-disp-value = token
  file_disposition = sdp_token;
  # date-param = c-date-param / m-date-param / r-date-param, each "creation:" DQUOTE date-time DQUOTE
  quoted_date   = ( sdp_byte - DQUOTE )+;
  bare_date     = ( non_ws_char - DQUOTE )+;
  creation      = "creation"i ":" ( DQUOTE ( quoted_date >creation_b %creation_e ) DQUOTE | bare_date >creation_b %creation_e >on_loose );
  modification  = "modification"i ":" ( DQUOTE ( quoted_date >modification_b %modification_e ) DQUOTE |
                                        bare_date >modification_b %modification_e >on_loose );
  read          = "read"i ":" ( DQUOTE ( quoted_date >read_b %read_e ) DQUOTE | bare_date >read_b %read_e >on_loose );
  date_param    = creation | modification | read;
  # file-date-attr = "file-date:" date-param *(SP date-param)
  file_date     = date_param ( gap date_param )*;
  # file-icon-value = cid-url
  file_icon     = "cid:"i VCHAR+;
  # file-range-attr = "file-range:" start-offset "-" stop-offset
  start_offset  = integer;
  stop_offset   = integer | "*";
  file_range    = start_offset >start_b %start_e "-" stop_offset >stop_b %stop_e;
}%%
