# SPDX-License-Identifier: MIT
# mime_header.rl - one header field of a body part, without the CRLF at its end.
# Spec:             RFC 5322 2.2, RFC 2045 3, RFC 2046 5.1
# Includes:         mime.rl
# Required actions: name_e, body_b
# Deviations:       none. In particular no white space before the colon: two readers would see two names.
%%{
  machine mime_header;
  include mime "mime.rl";

  # optional-field = field-name ":" unstructured CRLF
  mime_header = field_name %name_e ":" field_body >body_b;
}%%
