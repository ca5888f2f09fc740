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

# scenario <name> <command...>: passed if the command is; $note, if the command leaves one, says what was seen. It has a folder, $dir, for what
# it leaves; what it says is there in log. What it starts ends with it.
scenario() {
  local name=$1 log from=$SECONDS before=" ${!started[*]} " one
  shift
  dir=$out/${name//[^A-Za-z0-9]/-}
  rm -rf "$dir"
  mkdir -p "$dir"
  log=$dir/log
  note=
  # In this shell, so that what it starts is stopped at the end; -e would not hold in a condition, so that each step says `|| return 1`.
  if "$@" >"$log" 2>&1; then
    row "$name" "passed${note:+, $note}"
  else
    row "$name" "FAILED: see $log"
    tail -n 20 "$log" | sed 's/^/    /'
  fi
  for one in "${!started[@]}"; do [[ $before == *" $one "* ]] || stop "$one"; done
  (( SECONDS - from < 20 )) || printf '    (%d seconds)\n' $((SECONDS - from))
}

# not_tried <name> <why not>
not_tried() { row "$1" "not tried: $2"; }

# ---- programs in the background ------------------------------------------------------------------------------------------

declare -A started=()

dir=$out   # of the scenario that runs

# start <name> <command...>: what it says goes to $dir/<name>.log.
start() {
  local name=$1
  shift
  "$@" </dev/null >>"$dir/$name.log" 2>&1 &
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

# ended_well <name>: waits until it ends by itself; what it ended with.
ended_well() {
  local pid=${started[$1]} status=0
  wait "$pid" || status=$?
  unset "started[$1]"
  ((status == 0)) || printf '%s ended with %d\n' "$1" "$status" >&2
  return $status
}

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

# ---- programs that one talks with ---------------------------------------------------------------------------------------------

declare -A ear=() heard=()

# begins <name> <command...>: in the background; it reads commands and prints lines.
begins() {
  local name=$1 fd
  shift
  mkfifo "$dir/$name.in"
  "$@" <"$dir/$name.in" >"$dir/$name.out" 2>"$dir/$name.err" &
  started[$name]=$!
  exec {fd}>"$dir/$name.in"
  ear[$name]=$fd
  heard[$name]=$dir/$name.out
}

# talks <name> <command...>: the same, and it says "ready".
talks() { begins "$@" && hears "$1" '^ready'; }

export client_program=${INTEROP_CLIENT:-build/dev/examples/sofia-sip/sofia-peer}

# begin_client <name> <udp|tcp|tls> <port> <options...>: examples/peer as <name>@example.test, with SIP at that port and MSRP at the next one.
begin_client() {
  local name=$1 transport=$2 port=$3
  shift 3
  begins "$name" "$client_program" --user "sip:$name@example.test" --sip "$transport:127.0.0.1:$port" --media "127.0.0.1:$((port + 1))" "$@"
}

# client <the same>: and it is ready.
client() { begin_client "$@" && hears "$1" '^ready$'; }

# tell <client> <command>
tell() { printf '%s\n' "$2" >&"${ear[$1]}"; }

# hears <client> <pattern> [seconds]: a line of it, now or within 20 seconds.
hears() { until_true "${3:-20}" grep -qE -- "$2" "${heard[$1]}" || { sed "s/^/$1: /" "${heard[$1]}" >&2; return 1; }; }

# times <client> <pattern>: how many lines of it.
times() { grep -cE -- "$2" "${heard[$1]}" || true; }

# sent_by <client>: the id of the message that was sent, or failed, last.
sent_by() { awk '$1 == "sent" || $1 == "failed" { id = $2 } END { print id }' "${heard[$1]}"; }

# leaves <client>: it quits when all is done, and ends well.
leaves() {
  local fd=${ear[$1]}
  tell "$1" quit
  exec {fd}>&-
  unset "ear[$1]"
  ended_well "$1"
}
