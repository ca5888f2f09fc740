#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Straight readers (codecs/straight.h) give what the machines give: the same program, built with them and without, says the same.
. tests/support.sh
fast=$BUILD_DIR/tests/straight_dump slow=$BUILD_DIR/tests/machines_dump
[[ -x $fast && -x $slow ]] || skip 'the programs were not built'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$fast" >"$scratch/fast"
"$slow" >"$scratch/slow"
cmp -s "$scratch/fast" "$scratch/slow" || { complain 'the straight readers and the machines differ:'; diff -U 2 "$scratch/slow" "$scratch/fast" | head -n 20 >&2 || true; }
# Were the readers off in one of them? In as many sources as have such readers.
readers=$(grep -l '#include "straight.h"' codecs/*.c codecs/*.rl | grep -vc '^codecs/straight.c$')
off=$(grep -c -- '"command".*-DCPMI_STRAIGHT=0' "$BUILD_DIR/compile_commands.json")
((readers == off)) || complain "$readers sources read straight, and $off were built without"
finish "$(grep -c '^  ' "$scratch/fast") inputs read alike"
