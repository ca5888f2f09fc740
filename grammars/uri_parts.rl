# SPDX-License-Identifier: MIT
# uri_parts.rl - the URIs of uri.rl with a mark at the edge of each part.
# Spec:             RFC 3261 25.1, RFC 3966 3
# Includes:         uri.rl
# Required actions: scheme_e user_b user_e password_b password_e on_at host_b host_e port_b port_e params_b params_e headers_b
# Deviations:       none of its own
#
# Up to "@" a user may look like a host with parameters, so the marks behind "@" are set on both ways; on_at drops them.
%%{
  machine uri_parts;
  include uri "uri.rl";

  marked_userinfo = user >user_b %user_e ( ":" ( password >password_b %password_e ) )? "@" @on_at;
  marked_hostport = host >host_b %host_e ( ":" ( port >port_b %port_e ) )?;
  marked_params   = ( ( ";" uri_parameter )+ >params_b %params_e )?;
  marked_headers  = ( "?" ( header ( "&" header )* ) >headers_b )?;
  marked_sip      = "sip"i "s"i? ":" >scheme_e marked_userinfo? marked_hostport marked_params marked_headers;

  marked_tel_params = ( ( ";" ( tel_parameter | extension | isdn_subaddress | context ) )+ >params_b %params_e )?;
  marked_tel      = "tel"i ":" >scheme_e ( telephone_number >user_b %user_e ) marked_tel_params;

  marked_other    = other_scheme ":" >scheme_e opaque;

  # addr-spec = SIP-URI / SIPS-URI / absoluteURI
  marked_uri      = marked_sip | marked_tel | marked_other;
}%%
