#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each grammar goes into a Java host that has nothing but empty actions, those of `Required actions:`, and every rule of it can be
# instantiated there: no host code, no C types, no name that is not defined.
. tests/support.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# required <grammar>: the names behind "Required actions:" and on the comment lines that go on.
required() {
  awk '/^# Required actions:/ { on = 1; sub(/^# Required actions:/, "") }
       /^# [A-Z][A-Za-z ]*:/ || !/^#/ && !/^ / || /^#$/ { if (on == 2) exit }
       on { sub(/\(.*/, ""); gsub(/[#,]/, " "); print; on = 2 }' "$1" | tr -s ' \n' '\n' | grep -vx -e none -e '' || true
}
# with_includes <grammar>: it and all that it includes.
with_includes() {
  local name
  echo "$1"
  for name in $(sed -n 's/^ *include [a-z0-9_]* "\(.*\)";.*/\1/p' "$1"); do with_includes "grammars/$name"; done
}
rules() { sed -n 's/^  *\([A-Za-z_][A-Za-z0-9_]*\) *=.*/\1/p' "$1" | sort -u; }

java_host() {   # <grammar>: a Java host on stdout
  local stem action rule
  stem=$(basename "$1" .rl)
  printf '%%%%{\n  machine host;\n'
  for action in $(for g in $(with_includes "$1" | sort -u); do required "$g"; done | sort -u); do printf '  action %s {}\n' "$action"; done
  printf '  include %s "%s.rl";\n' "$stem" "$stem"
  for rule in $(rules "$1"); do printf '  only_%s := %s;\n' "$rule" "$rule"; done
  printf '  main := any;\n}%%%%\nclass Host {\n  %%%% write data;\n  %%%% write exec;\n}\n'
}

count=0
for grammar in grammars/*.rl; do
  for label in Spec Includes 'Required actions' Deviations; do
    grep -q "^# $label:" "$grammar" || complain "$grammar: its head has no '$label:'"
  done
  java_host "$grammar" >"$scratch/Host.rl"
  "$RAGEL" -J -I grammars -o "$scratch/Host.java" "$scratch/Host.rl" >"$scratch/said" 2>&1 || complain "$grammar is refused by a Java host"
  [[ ! -s $scratch/said ]] || { complain "$grammar: ragel said"; cat "$scratch/said" >&2; }
  count=$((count + 1))
done
finish "$count grammars need no host language"
