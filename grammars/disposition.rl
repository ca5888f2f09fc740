# SPDX-License-Identifier: MIT
# disposition.rl - Content-Disposition.
# Spec:             RFC 3261 25.1 and 20.11, RFC 2183
# Includes:         mime.rl
# Required actions: type_b, type_e, params_b, params_e
# Deviations:       none
%%{
  machine disposition;
  include mime "mime.rl";

  # disp-type = "render" / "session" / "icon" / "alert" / disp-extension-token, all of them tokens
  disp_type           = token >type_b %type_e;
  # disp-param = handling-param / generic-param      handling-param = "handling" EQUAL ( "optional" / "required" / other-handling )
  disp_param          = m_parameter %params_e;

  # Content-Disposition = "Content-Disposition" HCOLON disp-type *( SEMI disp-param )
  content_disposition = disp_type ( SWS ";" >params_b SWS disp_param )*;
}%%
