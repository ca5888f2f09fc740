# SPDX-License-Identifier: MIT
# headers.rl - rules that the grammars of several header fields share.
# Spec:             RFC 3261 25.1, RFC 6050 4.4
# Includes:         uri.rl
# Required actions: none
# Deviations:       An IPv6reference in gen-value is not looked into: the value of a parameter has no meaning here, and the rule would
#                   stand in every machine (vector address/valid).
#                   LWS may be missing between the tokens of a display-name and "<": RFC 4475 3.1.1.6 counts that as valid.
#                   The address of via-received is not looked into either, and may be an IPv6reference (RFC 5118 4.5).
#                   The URI of a name-addr is any scheme and the characters of a URI; cpm_uri_decode looks closer.
%%{
  machine headers;
  include uri "uri.rl";

  # quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE                 (without the SWS)
  quoted_string = DQUOTE quoted DQUOTE;
  # gen-value = token / host / quoted-string
  gen_value     = token | "[" [0-9A-Fa-f:.]+ "]" | quoted_string;
  # generic-param = token [ EQUAL gen-value ]
  generic_param = token ( EQUAL gen_value )?;
  # display-name = *(token LWS) / quoted-string                                (the first of the two, never empty)
  display_tokens = token ( LWS token )*;
  # addr-spec = SIP-URI / SIPS-URI / absoluteURI
  addr_text     = scheme ":" addr_spec_chars;

  # via-received = "received" EQUAL (IPv4address / IPv6address)
  via_received  = "received"i EQUAL [0-9A-Fa-f:.]+;
  # via-params = via-ttl / via-maddr / via-received / via-branch / via-extension;  via-extension = generic-param
  via_param     = generic_param | via_received;

  # warn-agent = hostport / pseudonym;  pseudonym = token
  warn_agent    = hostport | token;

  # let-dig = ALPHA / DIGIT / "-"
  let_dig        = ALPHA | DIGIT | "-";
  # sub-service-id = let-dig [ *let-dig ]
  sub_service_id = let_dig+;
  # top-level = let-dig [ *26let-dig ]
  top_level      = let_dig{1,27};
  # urn-service-id = top-level *("." sub-service-id)
  urn_service_id = top_level ( "." sub_service_id )*;
  # Service-ID = "urn:urn-7:" urn-service-id
  Service_ID     = "urn:urn-7:"i urn_service_id;
}%%
