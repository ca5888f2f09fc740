#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/vectors.tsv names a vector or a test for every deviation that peers send and for every class of input that broke other parsers, and
# docs/functions.tsv one for each property of each function that reads or writes; and the script that says so notices what is not so.
. tests/support.sh
[[ -x ${PYTHON3:-} ]] || { echo 'python3 is missing' >&2; exit 1; }
said=$("$PYTHON3" tests/classes.py) || complain 'docs/vectors.tsv and docs/functions.tsv are not as the project is'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r docs include tests "$scratch"
noticed() {   # noticed <file> <sed script> <complaint>
  local was=$scratch/$1
  cp "$was" "$scratch/kept"
  sed -i "$2" "$was"
  ! cmp -s "$was" "$scratch/kept" || complain "$1: nothing to change for: $3"
  (cd "$scratch" && "$PYTHON3" tests/classes.py >"$scratch/out" 2>&1) && complain "$1, $2: not noticed"
  grep -qF "$3" "$scratch/out" || { complain "$1, $2: not the complaint '$3'"; cat "$scratch/out" >&2; }
  cp "$scratch/kept" "$was"
}
noticed docs/vectors.tsv '/^peer-07/d' 'peer-07 is missing'
noticed docs/vectors.tsv 's,cpim/quirk-required,cpim/quirk-requires,' 'there is no vector cpim/quirk-requires'
noticed docs/vectors.tsv 's/MSRP_FLAG/MSRP_TYPE/' 'nothing that holds it shows the quirk MSRP_TYPE'
noticed tests/vectors/cseq/all.in '/^4294967296/d' 'cseq/all.in has no line with 4294967296 MESSAGE'
noticed tests/test_long.c '/cmocka_unit_test(long_lines/d' 'there is no test test_long.c: long_lines_are_read_and_written_whole'
noticed include/cpm/str.h 's/X(SDP_SETUP,            61/X(SDP_OTHER, 62, "x") &/' 'SDP_OTHER is in no dump'
noticed include/cpm/uri.h 's/^int cpm_uri_encode/int cpm_uri_print(char *dst, size_t cap, size_t *len, int in);\n&/' 'cpm_uri_print is missing'
noticed docs/functions.tsv '/^cpm_via_next/s/\t.*/\t-\t-\t-\t-\t-/' 'truncation of cpm_via_next needs a test'
noticed docs/functions.tsv '/^cpm_via_next/s/test_via/test_uri/' 'test_uri.c does not name cpm_via_next'
finish "$said"
