#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tshark dissects what cpmkit writes: the capture of the demonstration, and what the encoders write while the tests run. It complains about
# nothing but what known.tsv says, and it does find faults that are planted.
. interop/lib.sh tshark
version "$(tshark --version 2>/dev/null | sed -n '1s/[^0-9]*\([0-9.]*\).*/\1/p')"

# dissect <capture> <display filter> <what to print...>
dissect() {
  local capture=$1 filter=$2
  shift 2
  tshark -n -X lua_script:"$here/cpim.lua" -r "$capture" -Y "$filter" -T fields -E occurrence=a -E aggregator='|' "$@" 2>>"$out/tshark.err"
}
bad='_ws.malformed || _ws.expert.severity >= 0x600000'
not_read='!(sip.Request-Line || sip.Status-Line || msrp.request.line || msrp.response.line)'

lines() { dissect "$1" "$2" -e "$2" | tr '|' '\n' | grep -c .; }

# judge <capture> <names> [packets to name besides]: prints "name, what is wrong, where" of each message that has something wrong, but for what is known. names is a
# file that says whose the packets are, in their order: how many, and a name.
judge() {
  dissect "$1" "$bad${3:+ || $3}" -e frame.number -e _ws.expert.message |
    awk -F'\t' -v names="$2" -v known="$here/known.tsv" -v used="$out/used" '
      BEGIN {
        while ((getline line <names) > 0) { split(line, part, " "); first[n++] = at + 1; whose[n] = part[2]; at += part[1] }
        while ((getline line <known) > 0) { split(line, part, "\t"); fine[part[1] "\t" part[2]] = 1 }
      }
      {
        for (i = n; i > 1 && first[i - 1] > $1; i--) continue
        count = split($2 == "" ? "it is not read" : $2, messages, "|")
        split("", told)
        for (k = 1; k <= count; k++) {
          what = whose[i] "\t" messages[k]
          if (messages[k] ~ /^Unrecognised SIP header/ || what in told) continue
          told[what] = 1
          if (what in fine) print what >>used
          else print what "\tin packet " $1
        }
      }'
}

# ---- the demonstration --------------------------------------------------------------------------------------------------
demonstration() {
  local capture=$out/demo/demo.pcap sends said
  mkdir -p "$out/demo"
  build/dev/examples/loopback/loopback "$out/demo" >"$out/demo.out" || return 1
  judge "$capture" <(echo 1 demo) >"$out/demo.found" || return 1
  cat "$out/demo.found"
  [[ ! -s $out/demo.found ]] || return 1
  said=$(sed -n 's/^sent .* \([0-9]*\) SENDs of MSRP.*/\1/p' "$out/demo.out")
  sends=$(dissect "$capture" msrp.request.line -e msrp.request.line | tr '|' '\n' | grep -c ' SEND$')
  [[ $sends == "$said" ]] || { echo "it sent $said SENDs, and $sends are in the capture"; return 1; }
  note="$(lines "$capture" sip.Request-Line) requests and $(lines "$capture" sip.Status-Line) responses of SIP, $sends SENDs"
  (( $(dissect "$capture" cpim -e frame.number | wc -l) > 30 )) || { echo 'where is CPIM?'; return 1; }
}
scenario 'every message of the demonstration is dissected, none with a fault' demonstration

# ---- what the encoders write ----------------------------------------------------------------------------------------------
encoders() {
  local program name capture packets
  mkdir -p "$out/written"
  for program in build/dev/interop/written_*; do
    name=${program##*/written_}
    CPM_WRITTEN=$out/written/$name.pcap "$program" >"$out/written.out" 2>&1 || { cat "$out/written.out"; echo "test_$name fails"; return 1; }
  done
  mergecap -a -F pcap -w "$out/written.pcap" "$out"/written/*.pcap
  for capture in "$out"/written/*.pcap; do
    name=${capture##*/}
    printf '%d %s\n' "$(capinfos -rTMc "$capture" | cut -f 2)" "${name%.pcap}"
  done >"$out/written.names"
  judge "$out/written.pcap" "$out/written.names" "$not_read" >"$out/written.found" || return 1
  cat "$out/written.found"
  [[ ! -s $out/written.found ]] || return 1
  packets=$(awk '{ sum += $1 } END { print sum }' "$out/written.names")
  (( packets > 1000 )) || { echo "only $packets packets"; return 1; }
  note="$packets messages from $(find "$out/written" -name '*.pcap' | wc -l) test programs"
  # A line of known.tsv that is not needed hides something.
  grep -v '^#' "$here/known.tsv" | cut -f 1,2 | sort -u | comm -23 - <(sort -u "$out/used") | sed 's/^/not needed in known.tsv: /' | grep . && return 1
  return 0
}
scenario 'every message that an encoder writes in the tests is dissected, none with a fault' encoders

# ---- planted faults -----------------------------------------------------------------------------------------------------
# A message that is right, and the same with one fault, which must be found. A dissector that looks away would pass everything else.
faults() {
  local name message change kind count=0 captures=()
  rm -rf "$out/faults"
  mkdir -p "$out/faults"
  while IFS=$'\t' read -r name message change; do
    [[ $name != '#'* ]] || continue
    count=$((count + 1))
    sed "$change" "$here/$message" | cmp -s - "$here/$message" && { echo "$name: nothing is changed"; return 1; }
    for kind in right wrong; do
      if [[ $kind == right ]]; then cat "$here/$message"; else sed "$change" "$here/$message"; fi | sed 's/$/\r/' | od -Ax -tx1 -v |
        text2pcap -q -P "${message##*.}" - "$out/faults/$count-$kind.pcap" 2>>"$out/text2pcap.log" || return 1
      captures+=("$out/faults/$count-$kind.pcap")
      printf '1 %d-%s\n' "$count" "$kind" >>"$out/faults.names"
      [[ $kind == right ]] || printf '%d-wrong\t%s\n' "$count" "$name" >>"$out/faults.planted"
    done
  done <"$here/faults.tsv"
  mergecap -a -w "$out/faults.pcap" "${captures[@]}"
  judge "$out/faults.pcap" "$out/faults.names" "$not_read" >"$out/faults.found"
  ! grep '^[0-9]*-right' "$out/faults.found" || return 1
  awk -F'\t' 'NR == FNR { found[$1] = $2; next } { printf "%s: %s\n", $2, $1 in found ? found[$1] : "NOT FOUND"; missed += !($1 in found) } END { exit missed > 0 }' \
    "$out/faults.found" "$out/faults.planted" || return 1
  (( count > 0 )) || return 1
  note="$count faults"
}
scenario 'planted faults are found' faults
