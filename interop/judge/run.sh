#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Sofia-SIP, osip2 and libre read what cpmkit writes: the capture of the demonstration, what the encoders write while the tests run (interop/tshark), and what
# crosses between the clients on those stacks, which cpmkit reads too. A judge says nothing but what known.tsv says, and finds planted faults.
. interop/lib.sh judge
version "$(pkg-config --modversion sofia-sip-ua libosip2 libre | paste -sd /)"
judge=build/dev/interop/judge
: "${dir:=$out}"
stacks=(build/dev/examples/{sofia-sip/sofia,re/re,osip/osip}-peer)

# unknown <complaints>: those that known.tsv does not explain; lines of it that were not needed, too.
unknown() {
  awk -F'\t' 'NR == FNR { if ($0 !~ /^#/) { who[++n] = $1; what[n] = "^(" $2 ")$"; has[n] = $3; line[n] = $0 } next }
    NF < 4 { next }
    { known = 0; for (i = 1; i <= n; i++) if ($1 == who[i] && $2 ~ what[i] && $4 ~ has[i]) { known = 1; needed[i] = 1; break } if (!known) { print; bad = 1 } }
    END { for (i = 1; i <= n; i++) if (!(i in needed)) { print "not needed: " line[i]; bad = 1 } exit bad }' "$here/known.tsv" "$1"
}

demonstration() {
  mkdir -p "$dir/demo"
  build/dev/examples/loopback/loopback "$dir/demo" >"$dir/demo.out" || return 1
  "$judge" sofia,osip2,libre,cpmkit "$dir/demo/demo.pcap" >"$dir/said" || { cat "$dir/said"; return 1; }
  note=$(tail -n 1 "$dir/said")
}
scenario 'every message of the demonstration is taken by all' demonstration

encoders() {
  local program name
  mkdir -p "$dir/written"
  for program in build/dev/interop/written_*; do
    name=${program##*/written_}
    CPM_WRITTEN=$dir/written/$name.pcap "$program" >"$dir/written.out" 2>&1 || { cat "$dir/written.out"; echo "test_$name fails"; return 1; }
  done
  "$judge" sofia,osip2,libre "$dir"/written/*.pcap >"$dir/said"
  unknown "$dir/said" || return 1
  note=$(tail -n 1 "$dir/said")
}
[[ $quick ]] || scenario 'every message that an encoder or a procedure writes in the tests is taken by all' encoders

# What the stacks themselves put to it is judged here, and by cpmkit without a quirk.
crossing() {
  local a b transport
  start dumpcap dumpcap -q -P -i lo -f 'tcp or udp' -w "$dir/crossing.pcap"
  until_true 10 test -s "$dir/crossing.pcap" || return 1
  for transport in udp tcp; do
    for a in 0 1 2; do
      b=$(((a + 1) % 3))
      bash examples/peer/check.sh "${stacks[a]}" "${stacks[b]}" "$transport" || return 1
    done
  done
  sleep 0.3
  stop dumpcap
  "$judge" sofia,osip2,libre,cpmkit "$dir/crossing.pcap" >"$dir/said" || { cat "$dir/said"; return 1; }
  note=$(tail -n 1 "$dir/said")
}
scenario 'every message that crosses between the clients on the three stacks is taken by all, by cpmkit without a quirk' crossing

# sized: lines with their CR, LENGTH as it is.
sized() {
  awk '{ line[NR] = $0; if (body) size += length($0) + 2; if ($0 == "") body = 1 } END { for (i = 1; i <= NR; i++) { sub(/LENGTH/, size + 0, line[i]); printf "%s\r\n", line[i] } }'
}

# A message that is right, and the same with one fault in turn: who has to find it.
faults() {
  local name change who said missed=0 count=0
  while IFS=$'\t' read -r name who change; do
    [[ $name != '#'* ]] || continue
    count=$((count + 1))
    sed "$change" "$here/message.sip" | sized | od -Ax -tx1 -v | text2pcap -q -F pcap -u 5080,5060 - "$dir/fault.pcap" 2>>"$dir/text2pcap.log" || return 1
    "$judge" sofia,osip2,libre,cpmkit "$dir/fault.pcap" >"$dir/said" || true
    said=$(awk -F'\t' 'NF > 3 { print $1 }' "$dir/said" | sort -u | paste -sd ,)
    printf '%s: %s\n' "$name" "${said:-nobody}"
    [[ ${said:-nobody} == "$who" ]] || { echo "expected: $who"; missed=1; }
  done <"$here/faults.tsv"
  note="$count faults"
  return "$missed"
}
scenario 'planted faults are found' faults
