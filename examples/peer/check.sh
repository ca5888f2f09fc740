#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# check.sh <program> <program> <udp|tcp|lossy> - two peers on loopback exchange everything both ways; what came is held against what was sent. lossy: over UDP
# through a proxy that stays in the route of dialogs and loses every third message (proxy.py).
set -euo pipefail
alice=$1 bob=$2 transport=$3
here=$(dirname "${BASH_SOURCE[0]}")
scratch=$(mktemp -d)
trap 'exec 3>&- 4>&-; kill "${pids[@]}" 2>/dev/null || true; rm -rf "$scratch"' EXIT
pids=()

fail() {
  echo "check.sh: $*"
  head -50 "$scratch"/*.out "$scratch"/*.err
  exit 1
}

# await <name> <pattern>: a line of that peer, from the start on
await() {
  local i
  for ((i = 0; i < 150; i++)); do
    ! grep -qE -- "$2" "$scratch/$1.out" || return 0
    sleep 0.1
  done
  fail "$1 did not say: $2"
}

# start <program> <user> <its port> <other user> <other port> <descriptor>: false if a port was taken
start() {
  local way=(--peer "sip:$4@example.test" "sip:$4@127.0.0.1:$5")
  [[ $transport != lossy ]] || way=(--proxy "sip:127.0.0.1:$((port + 4))")
  mkfifo "$scratch/$2.in"
  "$1" --user "sip:$2@example.test" --sip "${transport/lossy/udp}:127.0.0.1:$3" --media "127.0.0.1:$(($3 + 1))" \
    "${way[@]}" <"$scratch/$2.in" >"$scratch/$2.out" 2>"$scratch/$2.err" &
  pids+=("$!")
  eval "exec $6>\"$scratch/$2.in\""
  local i
  for ((i = 0; i < 50; i++)); do
    ! grep -q ready "$scratch/$2.out" || return 0
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  rm -f "$scratch/$2.in"
  return 1
}

for ((try = 0; try < 10; try++)); do
  port=$((20000 + RANDOM % 20000))
  start "$alice" alice "$port" bob $((port + 2)) 3 && start "$bob" bob $((port + 2)) alice "$port" 4 && break
  exec 3>&- 4>&-
  kill "${pids[@]}" 2>/dev/null || true      # a port was taken: both begin anew
  wait
  pids=()
  rm -f "$scratch"/*.in
done
((try < 10)) || fail 'no ports'
if [[ $transport == lossy ]]; then
  python3 "$here/proxy.py" $((port + 4)) 3 sip:alice@example.test="$port" sip:bob@example.test=$((port + 2)) >"$scratch/proxy.out" 2>"$scratch/proxy.err" &
  trap 'exec 3>&- 4>&-; kill "${pids[@]}" '"$!"' 2>/dev/null || true; rm -rf "$scratch"' EXIT
  await proxy ready
fi

# octets <n>: what `large` and `file` make
octets() {
  awk -v n="$1" 'function x(a, b,   r, p) { r = 0; for (p = 1; p <= a || p <= b; p *= 2) if (int(a / p) % 2 != int(b / p) % 2) r += p; return r }
    BEGIN { for (i = 0; i < n; i++) printf "%c", 97 + x(x(i, int(i / 256)), int(i / 65536)) % 26 }'
}
sum() { sha256sum | cut -d' ' -f1; }
text='Grüße, with  two spaces and a "quote"'
long=$(printf 'A message of many words. %.0s' {1..200})
declare -A hash=([text]=$(printf %s "$text" | sum) [long]=$(printf %s "$long" | sum) [large]=$(octets 70001 | sum) [file]=$(octets 66000 | sum))

# exchange <from> <to> <descriptor>
exchange() {
  local what id
  printf 'send sip:%s@example.test %s\n' "$2" "$text" >&"$3"
  await "$2" "^received [^ ]+ sip:$1@example.test text/plain[^ ]* [0-9]+ ${hash[text]}\$"
  printf 'send sip:%s@example.test %s\n' "$2" "$long" >&"$3"
  await "$2" "^received [^ ]+ sip:$1@example.test text/plain[^ ]* 5000 ${hash[long]}\$"
  printf 'large sip:%s@example.test 70001\n' "$2" >&"$3"
  await "$2" "^received [^ ]+ sip:$1@example.test text/plain[^ ]* 70001 ${hash[large]}\$"
  printf 'file sip:%s@example.test 66000\n' "$2" >&"$3"
  await "$2" "^file [^ ]+ sip:$1@example.test 66000.txt 66000 ${hash[file]}\$"
  for id in $(awk '$1 == "received" || $1 == "file" { print $2 }' "$scratch/$2.out"); do
    for what in sent delivered; do await "$1" "^$what $id\$"; done
  done
  for id in $(awk '$1 == "received" { print $2 }' "$scratch/$2.out"); do await "$1" "^displayed $id\$"; done
}

exchange alice bob 3
exchange bob alice 4
echo quit >&3
echo quit >&4
exec 3>&- 4>&-
for pid in "${pids[@]}"; do wait "$pid" || fail "a peer ended with $?"; done
pids=()
! grep -hE '^(failed|error)' "$scratch"/*.out || fail 'something failed'
# A stack may say what it was still about when it was told to end.
spoke=.
[[ $transport != lossy ]] || spoke='^(?!nta_agent_destroy:)'
! grep -hP "$spoke" "$scratch"/*.err || fail 'something was said on stderr'
if [[ $transport == lossy ]]; then
  [[ $(grep ^merged "$scratch/proxy.out" | sort -u) == 'merged 482' ]] || fail 'what came twice was taken twice'
  for method in ACK BYE; do (($(grep -c "^$method" "$scratch/proxy.out") == 6)) || fail "not every $method went by the route of its dialog"; done
fi
