# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# lib.sh - what the run.sh of the peers share. It is sourced with the name of the peer, in the project's folder.
set -euo pipefail
export LC_ALL=C
peer=$1
export here=${INTEROP_PEERS:-interop}/$peer
export out=${INTEROP_OUT:-build/interop}/$peer
table=${INTEROP_TABLE:-/dev/null}
export quick=${INTEROP_QUICK:-}
rm -rf "$out"
mkdir -p "$out"

# version <what it says of itself>: names the peer in the table from now on.
version() { peer_named="$peer $1"; }
peer_named=$peer

row() {   # <scenario> <result>
  printf '%s\t%s\t%s\n' "$1" "$peer_named" "$2" >>"$table"
  printf '%-72s | %-24s | %s\n' "$1" "$peer_named" "$2"
}

# scenario <name> <command...>: passed if the command is; $note, if the command leaves one, says what was seen. What it says is in a log.
scenario() {
  local name=$1 log from=$SECONDS
  shift
  log=$out/${name//[^A-Za-z0-9]/-}.log
  note=
  # In this shell, so that what it starts is stopped at the end; -e would not hold in a condition, so that each step says `|| return 1`.
  if "$@" >"$log" 2>&1; then
    row "$name" "passed${note:+, $note}"
  else
    row "$name" "FAILED: see $log"
    tail -n 20 "$log" | sed 's/^/    /'
  fi
  (( SECONDS - from < 20 )) || printf '    (%d seconds)\n' $((SECONDS - from))
}

# not_tried <name> <why not>
not_tried() { row "$1" "not tried: $2"; }

# ---- programs in the background ------------------------------------------------------------------------------------------

declare -A started=()

# start <name> <command...>: its output goes to $out/<name>.log; $out/<name>.in, where there is one, is what it reads.
start() {
  local name=$1
  shift
  "$@" </dev/null >>"$out/$name.log" 2>&1 &
  started[$name]=$!
}

# stop <name>: asks it to end, and ends it after two seconds.
stop() {
  local pid=${started[$1]:-}
  [[ -n $pid ]] || return 0
  unset "started[$1]"
  kill -TERM "$pid" 2>/dev/null || true
  for _ in {1..40}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

stop_all() {
  local name
  for name in "${!started[@]}"; do stop "$name"; done
}
trap stop_all EXIT
trap 'exit 130' INT TERM

# until_true <seconds> <command...>: tries until the command is true.
until_true() {
  local tries=$(( $1 * 20 ))
  shift
  while ! "$@" >/dev/null 2>&1; do
    (( tries-- > 0 )) || { printf 'waited for: %s\n' "$*" >&2; return 1; }
    sleep 0.05
  done
}

# listens <udp|tcp> <port>: does somebody?
listens() { awk -v "port=:$(printf %04X "$2")" 'index($2, port) && ($4 == "0A" || $4 == "07") { found = 1 } END { exit !found }' "/proc/net/$1"; }
