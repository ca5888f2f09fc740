#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The client on Sofia-SIP, on libre and on osip2: each with each (examples/peer/stacks.sh). Then libre's and osip2's in the place of Sofia's with SIPp and Kamailio.
. interop/lib.sh stacks
programs=(build/dev/examples/{sofia-sip/sofia,re/re,osip/osip}-peer)

bash examples/peer/stacks.sh "${programs[@]}" >"$out/pairs" 2>&1 || true
while read -r over from to result; do
  [[ $result == good || $result == FAILED ]] || continue
  version "$from to $to"
  [[ $result == good ]] && result=passed || result="FAILED: see $out/pairs"
  row "$over: a text, a long one, large mode, a file; delivered, displayed" "$result"
done <"$out/pairs"
if [[ $quick ]]; then exit; fi

for suite in sipp kamailio; do
  [[ -e interop/$suite/run.sh ]] || continue
  for program in "${programs[@]:1}"; do
    name=$(basename "$program")
    : >"$out/$suite.$name.table"
    transports='udp tcp tls'
    [[ $name != osip-peer ]] || transports='udp tcp'      # no TLS there
    INTEROP_TRANSPORTS=$transports INTEROP_CLIENT=$program INTEROP_OUT=$out/$name INTEROP_TABLE=$out/$suite.$name.table bash "interop/$suite/run.sh" ||
      { version "$suite with $name"; row "all of it" "FAILED: run.sh ended with $?"; }
    awk -F'\t' -v name="$name" '{ printf "%s\t%s, %s\t%s\n", $1, $2, name, $3 }' "$out/$suite.$name.table" >>"$table"
  done
done
