# SPDX-License-Identifier: MIT
# media_type.rl - Content-Type, and one element of Accept.
# Spec:             RFC 3261 25.1 (media-type, accept-range), RFC 2045 5.1
# Includes:         mime.rl
# Required actions: type_b, type_e, subtype_b, subtype_e, params_b, params_e
# Deviations:       one ";" may end the value (peers write "text/plain;": vector mime/quirks), a quirk that the decoder names.
#                   "*" is a token: what a wildcard means is the decoder's.
%%{
  machine media_type;
  include mime "mime.rl";

  # m-type = discrete-type / composite-type, all of them tokens
  m_type     = token >type_b %type_e;
  # m-subtype = extension-token / iana-token, all of them tokens
  m_subtype  = token >subtype_b %subtype_e;

  # media-type = m-type SLASH m-subtype *(SEMI m-parameter)
  # accept-range = media-range *(SEMI accept-param)
  media_type = m_type SLASH m_subtype ( SWS ";" >params_b SWS m_parameter %params_e )* ( SWS ";" )?;
}%%
