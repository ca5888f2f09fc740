#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What interop/run promises whatever the peer: a table, 1 if something failed, nothing left running, also after a signal.
. tests/support.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export INTEROP_PEERS=$scratch/peers INTEROP_OUT=$scratch/out
mkdir -p "$INTEROP_PEERS"/{good,bad,lost,slow}
# Something that nobody else runs, so that it can be looked for.
ln -s "$(type -P sleep)" "$scratch/left-over"

cat >"$INTEROP_PEERS/good/run.sh" <<SCRIPT
. interop/lib.sh good
version 1.0
seen() { note='7 things'; }
scenario 'what works' seen
not_tried 'what is not there' 'it knows no such thing'
SCRIPT
cat >"$INTEROP_PEERS/bad/run.sh" <<SCRIPT
. interop/lib.sh bad
start left-over "$scratch/left-over" 1000
scenario 'a command that fails' false
scenario 'and the one behind it' true
SCRIPT
cat >"$INTEROP_PEERS/lost/run.sh" <<SCRIPT
. interop/lib.sh lost
start left-over "$scratch/left-over" 1000
exit 3
SCRIPT
cat >"$INTEROP_PEERS/slow/run.sh" <<SCRIPT
. interop/lib.sh slow
start left-over "$scratch/left-over" 1000
scenario 'what takes long' until_true 1000 false
SCRIPT

left_over() { [[ -n $(grep -lazs "^$scratch/left-over" /proc/[0-9]*/cmdline || true) ]]; }   # some end while it looks
gone() { for _ in {1..100}; do left_over || return 0; sleep 0.05; done; return 1; }
run() { status=0; interop/run "$@" >"$scratch/said" 2>&1 || status=$?; }
says() { grep -q -- "$1" "$scratch/said" || complain "$2: $(cat "$scratch/said")"; }

run good
((status == 0)) || complain "it ends with $status although nothing fails"
says '^what works *| good 1.0 *| passed, 7 things$' 'the table lacks what passed'
says '^what is not there *| good 1.0 *| not tried: it knows no such thing$' 'the table lacks what was not tried'
run bad good
((status == 1)) || complain "something fails, and it ends with $status"
says '^a command that fails *| bad *| FAILED' 'the table lacks what failed'
says '^and the one behind it *| bad *| passed$' 'nothing comes behind what failed'
says '^2 passed, 1 failed, 1 not tried$' 'it does not count'
gone || complain 'what was started outlives it'
run lost
((status == 1)) || complain "a script breaks off, and it ends with $status"
gone || complain 'what was started outlives a script that breaks off'
run nobody
((status == 2)) || complain "a peer that there is not is no error"

# Ctrl-C reaches the whole process group.
set -m
interop/run slow >"$scratch/said" 2>&1 &
pid=$!
set +m
for _ in {1..200}; do ! left_over || break; sleep 0.05; done
left_over || complain 'the slow one has not started'
kill -INT -- "-$pid"
status=0
wait "$pid" 2>/dev/null || status=$?
((status != 0)) || complain 'interrupted, it ends well'
gone || complain 'what was started outlives an interrupt'
finish 'interop/run stops what it starts'
