# SPDX-License-Identifier: MIT
# text.rl - Subject and Organization.
# Spec:             RFC 3261 25.1
# Includes:         sip_core.rl
# Required actions: text_b text_e
# Deviations:       none of its own
%%{
  machine text;
  include sip_core "sip_core.rl";

  # TEXT-UTF8-TRIM = 1*TEXT-UTF8char *(*LWS TEXT-UTF8char)
  TEXT_UTF8_TRIM = TEXT_UTF8char ( LWS* TEXT_UTF8char )*;
  # Subject = [TEXT-UTF8-TRIM];  Organization = [TEXT-UTF8-TRIM]
  text           = SWS ( TEXT_UTF8_TRIM >text_b %text_e SWS )?;
}%%
