# SPDX-License-Identifier: MIT
# token_list.rl - one element of Supported, Require, Proxy-Require, Unsupported, Allow, Content-Encoding and Content-Language.
# Spec:             RFC 3261 25.1
# Includes:         sip_core.rl
# Required actions: token_b token_e
# Deviations:       language-tag is a token (vector token/all).
%%{
  machine token_list;
  include sip_core "sip_core.rl";

  # option-tag = token;  content-coding = token;  Method = ... / token
  token_element = SWS token >token_b %token_e SWS;
}%%
