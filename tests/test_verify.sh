#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Spin goes through all runs of client/large-send with client/large-receive and their world, and finds nothing; and it finds what is wrong
# when a row, or one op in a row, is another one. `./dev verify` proves more, `./dev verify --mutate` changes every row.
. tests/support.sh
cpm=$BUILD_DIR/tools/cpm
[[ -x $cpm ]] || skip 'this build is without the program (CPMKIT_PROGRAM)'
command -v spin >/dev/null || { echo 'spin is missing' >&2; exit 1; }
changes=$BUILD_DIR/tests/promela_changes
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# spin_proves <what Spin must say> <options of the search>: of the model on standard input; out has what Spin says
spin_proves() (
  cat >"$scratch/model.pml"
  cd "$scratch" && rm -f out pan
  spin -a ${3:-} model.pml >spin.log 2>&1 && "${CC:-cc}" -O0 -w -DNOREDUCE $2 -o pan pan.c && ./pan -m100000 ${4:-} >out 2>&1
  grep -q "$1" out
)

for machines in client/large-send client/large-receive '--with client/large-receive client/large-send'; do
  # shellcheck disable=SC2086  # words on purpose
  "$cpm" model --format promela $machines | spin_proves 'errors: 0' -DSAFETY || { complain "$machines: a run is wrong"; cat "$scratch/out" >&2; }
done
"$cpm" model --format promela client/large-send | spin_proves 'errors: 0' -DNP -DCYCLES -l || complain 'client/large-send: a run goes round in a circle'

# ---- a proof that cannot fail is none
"$changes" --list client/large-send client/large-receive >"$scratch/list"
# wrong <machine> <pattern in the list> <what Spin says>: the first change that fits
wrong() {
  local change
  change=$(grep -m 1 -E "^$1 $2" "$scratch/list") || { complain "no change of $1: $2"; return; }
  # shellcheck disable=SC2086
  "$changes" "$1" - 1 ${change%%#*} | spin_proves "$3" -DSAFETY || { complain "not noticed: $change"; grep -E '^pan|errors' "$scratch/out" >&2; }
}
wrong client/large-send 'call [0-9]+ without-row .*media_open, on_bye' 'somebody_takes_it'
wrong client/large-send 'call [0-9]+ twice .*media_open, on_bye CLOSE' 'a_med!=4'
wrong client/large-send 'call [0-9]+ without .*inviting, invite_ok SEND.ack' 'a_inv==3'
wrong client/large-send 'call [0-9]+ without .*proved, bye_done DONE' 'errors: 1'
wrong client/large-send 'call [0-9]+ without .*up, msrp_ok STOP' 'a_push'
wrong client/large-send 'call [0-9]+ twice .*cancelling, invite_ok SEND.bye' 'a_bye'
wrong client/large-receive 'call [0-9]+ without .*on_policy START.ack' 'something_comes_for_sure'
wrong client/large-receive 'call [0-9]+ without .*up, on_chunk ACCEPT.200' 'b_chunk==0\|a_chunk==0'
wrong client/large-receive 'call [0-9]+ twice .*parting, bye_done FETCH|call [0-9]+ without-row .*parting, bye_done' 'errors: 1'

# ---- the Promela follows what the engine does, and stops where one of them does something else
# follows <machine> <walks> <change...>: out has how many; a change whose Promela cannot follow is seen
follows() {
  "$changes" --follow "$1" - "${@:3}" >"$scratch/model.pml" || return
  (cd "$scratch" && rm -f out && spin -a model.pml >spin.log 2>&1 && "${CC:-cc}" -O0 -w -DNOREDUCE -DSAFETY -I"$OLDPWD/tests" -o pan pan.c && FOLLOW=$2 ./pan -m100000 -E >out 2>&1)
  [[ $(grep '^followed: ' "$scratch/out") =~ ([0-9]+)\ of\ ([0-9]+)\ walks ]] && ((BASH_REMATCH[1] == BASH_REMATCH[2] && BASH_REMATCH[2])) && grep -q 'errors: 0' "$scratch/out"
}
for machine in client/large-send client/large-receive; do
  walks=$scratch/walks-${machine#*/}
  WALKS=$walks WALKS_OF=$machine WALKS_EVERY=2 "$BUILD_DIR/tests/walks_scenarios" >/dev/null 2>&1 || complain 'scenarios fail'
  follows "$machine" "$walks" || { complain "$machine: the Promela cannot follow the engine"; grep '^not' "$scratch/out" >&2; }
done
walks=$scratch/walks-large-send
# strays <what is wrong> <walks> <change...>
strays() { ! follows client/large-send "$2" "${@:3}" || complain "the Promela follows, and $1"; }
other=$(grep -m 1 -E '^client/large-send call [0-9]+ without .*up, msrp_ok STOP' "$scratch/list")
# shellcheck disable=SC2086
strays 'a timer was not stopped' "$walks" ${other%%#*}
sed '0,/ invite_ok .* med=1/s/med=1/med=5/' "$walks" >"$scratch/other"
strays 'the engine listens' "$scratch/other"
sed '0,/^S a invite_ok /{/^S a invite_ok /d}' "$walks" >"$scratch/other"
strays 'the engine has had no answer' "$scratch/other"

# ---- the same bytes each time, and an honest no
[[ $("$cpm" model --format promela --with cf/large client/large-send | sha256sum) == $("$cpm" model --format promela --with cf/large client/large-send | sha256sum) ]] ||
  complain 'two runs print two texts'
! "$cpm" model --format promela pf/session >/dev/null 2>"$scratch/err" || complain 'pf/session is printed'
grep -q 'no Promela of pf/session' "$scratch/err" || complain 'no reason is given why pf/session is not printed'
finish 'Spin proves what it should, and sees what is wrong'
