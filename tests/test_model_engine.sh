#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The model is enough: rows that are chosen from the JSON alone are the engine's for every set of facts, and an engine that knows
# nothing else goes through scenarios and walks of the explorer step by step as the library does.
. tests/support.sh
cpm=$BUILD_DIR/tools/cpm
[[ -x $cpm ]] || skip 'this build is without the program (CPMKIT_PROGRAM)'
[[ -x ${PYTHON3:-} ]] || { echo 'python3 is missing' >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
model=$scratch/model.json
"$cpm" model >"$model"

"$BUILD_DIR/tests/model_choices" >"$scratch/choices"
replay() { "$PYTHON3" tests/model_replay.py "$1" "$scratch/choices"; }
replay "$model" || complain 'rows that are chosen from the model are not those of the engine'

# ---- steps: walks are long, so every so-many-th step of them
walk() {   # walk <machine> <options...>
  local file=$scratch/walk-${1//\//-}-$2
  { MODEL_TRACES_EVERY=7 "$BUILD_DIR/tests/model_walks" "$@" thorough=0 || true; } | { grep -E '^[JSGRE]( |$)' || true; } >"$file"
  [[ -s $file ]] || rm "$file"   # a machine that the explorer cannot begin
}
"$BUILD_DIR/tests/model_traces" >"$scratch/walk-scenarios" 2>/dev/null || complain 'scenarios fail'
for machine in $(jq -r '.machines[].name' "$model"); do walk "$machine" recipients=2 chunks=1 nodes=1500 requests=plain; done
walk pf/session legs=client,iwf,far
engine() { "$PYTHON3" tests/model_engine.py "$1" "$scratch"/walk-*; }
engine "$model" || complain 'steps that are made from the model are not those of the engine'

# ---- a model that says something else is noticed
spoil() {   # spoil <replay or engine> <jq expression>
  jq "$2" "$model" >"$scratch/spoilt.json"
  ! cmp -s <(jq . "$model") "$scratch/spoilt.json" || complain "changes nothing: $2"
  ! "$1" "$scratch/spoilt.json" >/dev/null 2>&1 || complain "$1 does not notice: $2"
}
spoil replay '.machines[].call |= reverse'
spoil replay '(first(.machines[].call[] | select(.guard != [])) | .guard[0].holds) |= not'
spoil replay '(.groups[] | select(.name == "live") | .members) |= .[1:]'
spoil replay 'del(.machines[0].call[1])'
spoil engine '.machines[].call[].ops |= reverse'
spoil engine '(.machines[].leg[] | select(.next != "stays") | .next) |= "idle"'
spoil engine '(.machines[].call[].ops[] | select(.op == "EACH") | .operands.event) |= "go"'
spoil engine '.machines[].leg[].ops |= map(select(.op != "RAISE"))'
spoil engine '(.machines[].call[].ops[].enables) |= []'
spoil engine '(.ops[] | select(.name == "TELL") | .effect) |= null'
finish 'the model is enough for an engine'
