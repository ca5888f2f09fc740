#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The torture messages are the octets of the archives of RFC 4475 and RFC 5118: nothing has touched their line ends.
. tests/support.sh
for rfc in rfc4475 rfc5118; do
  (cd "tests/vectors/torture/$rfc" && sha256sum --check --quiet --strict SHA256SUMS) || complain "$rfc: a message has other octets"
  [[ $(ls tests/vectors/torture/$rfc/*.in | wc -l) == $(wc -l < tests/vectors/torture/$rfc/SHA256SUMS) ]] || complain "$rfc: a message without a sum"
done
finish "the torture messages are those of the RFCs"
