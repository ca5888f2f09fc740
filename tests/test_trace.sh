#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tools/trace complains where it must: each complaint is provoked once, in a copy of what it reads.
. tests/support.sh
trace=$BUILD_DIR/tools/trace
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# fresh: the copy as the project has it
fresh() {
  rm -rf "$scratch/p"
  mkdir -p "$scratch/p/fsm" "$scratch/p/tests"
  cp fsm/requirements.tsv "$scratch/p/fsm/"
  cp -r docs "$scratch/p/"
  cp -r tests/scenarios "$scratch/p/tests/"
  cp tests/test_*.c "$scratch/p/tests/"
}
# says <status> <words>: what trace answers in the copy
says() {
  local got=0
  (cd "$scratch/p" && "$trace") >"$scratch/out" 2>&1 || got=$?
  (( got == $1 )) || complain "with '$2': trace exits with $got"
  grep -q -- "$2" "$scratch/out" || { complain "trace does not say '$2' but:"; grep -v '^ ' "$scratch/out" | tail -n 5 >&2; }
}
add() { printf '%b\n' "$2" >>"$scratch/p/$1"; }

fresh; says 0 '^0 ids are held and have no test'
fresh; add docs/trace.tsv 'S9-1\tout\t\tno such id';               says 1 'there is no requirement S9-1'
fresh; add docs/trace.tsv 'S1-7.3.1-1\tsame\tS1-7.3.1-1\tagain';   says 1 'S1-7.3.1-1 has a line already'
fresh; add docs/trace.tsv 'S4-7.2.1.1-8.a\tlater\t\tno';           says 1 'S4-7.2.1.1-8.a is carried by'
fresh; add docs/trace.tsv 'S1-9.3-stub\ttable\t\tno';              says 1 'no table carries S1-9.3-stub'
fresh; add docs/trace.tsv 'S1-9.3-stub\tsoon\t\tno';               says 1 "no status is called 'soon'"
fresh; add docs/trace.tsv 'S1-9.3-stub\tout\t\t';                  says 1 'it does not say why'
fresh; add docs/trace.tsv 'S1-9.3-stub\tcode\tfsm/none.c:f\tso';   says 1 'there is no fsm/none.c:f'
fresh; add docs/trace.tsv 'S1-9.3-stub\thost\tASK nobody\tso';     says 1 "no row does 'ASK nobody'"
fresh; add docs/trace.tsv 'S1-9.3-stub\tsame\tS1-8.6-stub\t\nS1-8.6-stub\tsame\tS1-9.3-stub\t'; says 1 'its repetitions lead nowhere'
fresh; add docs/trace.tsv 'procedure:cf/none\tlater\t\t';          says 1 'procedure:cf/none says nothing of any id'
fresh; sed -i '/^level:STUB/d' "$scratch/p/docs/trace.tsv";        says 1 'S1-9.3-stub has no status'
fresh; add fsm/requirements.tsv 'S4-9.9-1\t9.9\tcf\tcf/new\tSHALL\tcheck\tNew\t\t'; says 1 'S4-9.9-1 has no status'
fresh; sed -i 's/\*\*R33\*\*/R33/' "$scratch/p/docs/rulings.md";   says 1 'no such requirement or ruling: O-R33, of row'
fresh; add tests/scenarios/client/pager_send.scenario 'state ended  S4-1.1-1'; says 1 'no such requirement or ruling: S4-1.1-1, of tests/scenarios'
fresh; rm "$scratch/p/tests/scenarios/client/pager_send.scenario"; says 1 'client/pager-send: [0-9]* ids have a test, [0-9]* had one'
fresh; sed -i 's/^\(client\/pager-send\t\)[0-9]*/\10/' "$scratch/p/docs/coverage.tsv"; says 0 'better than docs/coverage.tsv says'
(cd "$scratch/p" && "$trace" --update >/dev/null); ! (cd "$scratch/p" && "$trace") | grep -q better || complain '--update does not write what was reached'
# An id that went back to `later`.
fresh; add docs/trace.tsv 'S1-9.3-stub\tlater\t\t'
says 1 'cf/media: [0-9]* ids wait for later, 0 did'
finish 'trace complains where it must'
