# SPDX-License-Identifier: MIT
# service.rl - one element of P-Preferred-Service and P-Asserted-Service.
# Spec:             RFC 6050 4.4
# Includes:         headers.rl
# Required actions: urn_b urn_e
# Deviations:       none
%%{
  machine service;
  include headers "headers.rl";

  # PPreferredService-value = Service-ID *(COMMA Service-ID)                    (one of them)
  service        = SWS Service_ID >urn_b %urn_e SWS;
}%%
