# SPDX-License-Identifier: MIT
# msrp_uri.rl - MSRP URIs.
# Spec:             RFC 4975 9, RFC 3986 appendix A
# Includes:         uri.rl
# Required actions: secure user_b user_e on_at host_b host_e port_b port_e session_b session_e transport_b transport_e params_b params_e
# Deviations:       userinfo and reg-name take no ";": "msrp://a;tcp@b;tcp" would be read in two ways (vector msrp_uri/refused). reg-name is not
#                   empty, and neither is port. IPvFuture is not taken.
#
# Up to "@" a userinfo may look like a host with a port, so the marks behind "@" are set on both ways; on_at drops them.
%%{
  machine msrp_uri;
  include uri "uri.rl";

  # unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"
  uri_unreserved = ALPHA | DIGIT | [\-._~];
  # sub-delims = "!" / "$" / "&" / "'" / "(" / ")" / "*" / "+" / "," / ";" / "="
  sub_delims     = [!$&'()*+,=];
  # userinfo = *( unreserved / pct-encoded / sub-delims / ":" )
  msrp_userinfo  = ( uri_unreserved | escaped | sub_delims | ":" )*;
  # reg-name = *( unreserved / pct-encoded / sub-delims )
  reg_name       = ( uri_unreserved | escaped | sub_delims )+;
  # host = IP-literal / IPv4address / reg-name
  msrp_host      = "[" IPv6address "]" | reg_name;
  # authority = [ userinfo "@" ] host [ ":" port ]
  msrp_authority = ( msrp_userinfo >user_b %user_e "@" @on_at )? msrp_host >host_b %host_e ( ":" port >port_b %port_e )?;
  # msrp-scheme = "msrp" / "msrps"
  msrp_scheme    = "msrp"i ( "s"i @secure )?;
  # session-id = 1*( unreserved / "+" / "=" / "/" )
  session_id     = ( uri_unreserved | [+=/] )+;
  # transport = "tcp" / 1*ALPHANUM
  msrp_transport = alphanum+;
  # token = 1*(%x21 / %x23-27 / %x2A-2B / %x2D-2E / %x30-39 / %x41-5A / %x5E-7E)
  msrp_token     = ( 0x21 | 0x23..0x27 | 0x2a..0x2b | 0x2d..0x2e | 0x30..0x39 | 0x41..0x5a | 0x5e..0x7e )+;
  # URI-parameter = token ["=" token]
  URI_parameter  = msrp_token ( "=" msrp_token )?;
  # MSRP-URI = msrp-scheme "://" authority ["/" session-id] ";" transport *( ";" URI-parameter)
  MSRP_URI       = msrp_scheme "://" msrp_authority ( "/" session_id >session_b %session_e )?
                   ";" msrp_transport >transport_b %transport_e ( ( ";" URI_parameter )+ >params_b %params_e )?;
}%%
