# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# support.sh - what the script tests share. ctest sets CC, CXX, NM, SIZE, RAGEL and BUILD_DIR and runs them in the project's folder.
set -euo pipefail
export LC_ALL=C

complaints=0
complain() { printf '%s\n' "$*" >&2; complaints=$((complaints + 1)); }

# skip <why>: ctest shows the test as skipped.
skip() { printf 'skipped: %s\n' "$*"; exit 77; }

# finish <what holds>
finish() {
  (( complaints == 0 )) || exit 1
  printf '%s\n' "$*"
}

# Every file of the project whose name fits one of the patterns; build folders are not the project's.
files() {
  local args=(-name "$1") pattern; shift
  for pattern in "$@"; do args+=(-o -name "$pattern"); done
  find . \( -name .git -o -name 'build*' \) -prune -o -type f \( "${args[@]}" \) -print | sed 's,^\./,,' | sort
}

# doc_commands <heading>: what docs/packaging.md tells to type there.
doc_commands() {
  awk -v heading="## $1" '/^## / { on = $0 == heading } /^```$/ { sh = 0 } on && sh { print } /^```sh$/ { sh = 1 }' docs/packaging.md
}
