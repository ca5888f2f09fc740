# SPDX-License-Identifier: MIT
# warning.rl - one element of Warning.
# Spec:             RFC 3261 25.1
# Includes:         headers.rl
# Required actions: code_b agent_b agent_e text_b text_e on_quoted bare_b bare_e
# Deviations:       LWS in place of SP: a fold may stand there.
#                   No warn-agent, and warn-text without quotes; there the host tells agent and text apart (quirk SIP_WARNING, vector
#                   warning/quirks).
%%{
  machine warning;
  include headers "headers.rl";

  # warn-code = 3DIGIT
  warn_code     = DIGIT{3};
  # warn-text = quoted-string
  warn_text     = DQUOTE @on_quoted quoted >text_b %text_e DQUOTE;
  # warn-text as some write it: words without quotes and without escapes
  bare_char     = TEXT_UTF8char - ["\\];
  bare_text     = ( bare_char+ %bare_e ( LWS bare_char+ %bare_e )* ) >bare_b;
  # warning-value = warn-code SP warn-agent SP warn-text
  warning_value = warn_code >code_b LWS ( ( warn_agent >agent_b %agent_e LWS )? warn_text | bare_text );
  warning       = SWS warning_value SWS;
}%%
