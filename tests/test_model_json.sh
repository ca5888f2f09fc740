#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The model as JSON: it validates against docs/model.schema.json, which refuses everything else; its names refer to things that exist;
# two runs give the same bytes.
. tests/support.sh
cpm=$BUILD_DIR/tools/cpm
[[ -x $cpm ]] || skip 'this build is without the program (CPMKIT_PROGRAM)'
[[ -x ${PYTHON3:-} ]] || { echo 'python3 is missing' >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$cpm" model >"$scratch/model.json"
(cd / && LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$cpm" model --format json) | cmp - "$scratch/model.json" || complain 'two runs differ'
"$BUILD_DIR/tools/trace" >"$scratch/trace" || true
"$PYTHON3" tests/model_check.py docs/model.schema.json "$scratch/model.json" "$scratch/trace" >"$scratch/out" || complain 'the model is not as its schema says'
cat "$scratch/out"

# ---- one machine
while read -r name; do
  "$cpm" model "$name" | jq -e --arg name "$name" '[.machines[].name] == [$name]' >/dev/null || complain "cpm model $name prints something else"
done < <(jq -r '.machines[].name' "$scratch/model.json")

# ---- the page names every test, source, value, op and place
while read -r name; do
  grep -q -- "\`$name\`" docs/model.md || complain "docs/model.md has no row that explains $name"
done < <(jq -r '(.tests, .sources, .recipe_values, .ops, .places, .levels, .recipe_kinds, .field_types, .effects)[].name' "$scratch/model.json")
finish 'the model is what the tables are'
