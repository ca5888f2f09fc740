# SPDX-License-Identifier: MIT
# cpim_ns.rl - the value of NS.
# Spec:             RFC 3862 3.4, 3.6 and 4.6
# Includes:         cpim_core.rl
# Required actions: prefix_b, prefix_e, uri_b, uri_e
# Deviations:       any white space, or none, before "<" (vector cpim/quirk-ns-no-space).
%%{
  machine cpim_ns;
  include cpim_core "cpim_core.rl";

  # Name-prefix = Name
  Name_prefix     = Name >prefix_b %prefix_e;
  # NS-header-value = [ Name-prefix SP ] "<" URI ">"
  NS_header_value = ( Name_prefix LWSP )? "<" URI >uri_b %uri_e ">";
}%%
