# SPDX-License-Identifier: MIT
# route.rl - one element of Route, Record-Route, Path, Service-Route and History-Info.
# Spec:             RFC 3261 25.1, RFC 3327 4, RFC 3608 5, RFC 7044 5
# Includes:         address.rl, named.rl
# Required actions: none of its own
# Deviations:       index-val of History-Info is looked at by the host, which takes numbers that start with 0 as RFC 4244 did
#                   (vector history_info/valid).
%%{
  machine route;
  include address "address.rl";
  include named "named.rl";

  # route-param = name-addr *( SEMI rr-param );  rec-route = name-addr *( SEMI rr-param );  rr-param = generic-param
  # path-value = name-addr *( SEMI rr-param );  sr-value = name-addr *( SEMI rr-param )
  # hi-entry = hi-targeted-to-uri *(SEMI hi-param);  hi-targeted-to-uri = name-addr
  route_param = SWS name_addr named_params SWS;
}%%
