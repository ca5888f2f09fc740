#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The program cpm: what it prints for each vector, its exit statuses, its help, its manual page, and what it does when files fail it.
# tests/vectors/cpm/<verb>/NAME.in is an input, NAME.txt what `cpm <verb>` prints for it with its exit status, NAME.json the same
# with --json, NAME.strict with --strict. With CPM_VECTORS_UPDATE=1 they are written anew: read the diff before you commit it.
. tests/support.sh
unset LC_ALL
cpm=$BUILD_DIR/tools/cpm
[[ -x $cpm ]] || skip 'this build is without the program (CPMKIT_PROGRAM)'
project=$PWD vectors=$PWD/tests/vectors/cpm
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# run <status> <arguments...>: what is printed is in $scratch/out and $scratch/err.
run() {
  local want=$1 got=0; shift
  "$cpm" "$@" >"$scratch/out" 2>"$scratch/err" || got=$?
  (( got == want )) || { complain "cpm $* exits with $got, not $want:"; cat "$scratch/err" >&2; }
}
says()   { grep -qF -- "$1" "$scratch/out" || { complain "standard output lacks '$1':"; cat "$scratch/out" >&2; }; }
warns()  { grep -qF -- "$1" "$scratch/err" || { complain "standard error lacks '$1':"; cat "$scratch/err" >&2; }; }
silent() { [[ ! -s $scratch/out ]] || { complain "standard output is not empty:"; cat "$scratch/out" >&2; }; }

# ---- vectors
# golden <file> <arguments...>: both outputs and the exit status are what the file holds.
golden() {
  local file=$1 status=0; shift
  { (cd "$(dirname "$file")" && "$cpm" "$@" 2>"$scratch/err") || status=$?; } >"$scratch/got"
  { [[ ! -s $scratch/err ]] || { echo '---- standard error'; cat "$scratch/err"; }
    echo "---- exit $status"; } >>"$scratch/got"
  if [[ ${CPM_VECTORS_UPDATE:-} == 1 ]]; then cp "$scratch/got" "$file"; fi
  diff -u "$file" "$scratch/got" >&2 || complain "$file differs from what cpm $* prints"
  # No octet that a terminal could obey: but for line ends and printed UTF-8 there is nothing.
  ! grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]' "$scratch/got" || complain "cpm $* prints a raw control character"
}
count=0
# Resource lists are libxml2's to read: without it there is another answer.
lists='^$'
if grep -q '^CPMKIT_XML:BOOL=OFF' "$BUILD_DIR/CMakeCache.txt"; then
  lists='lists|sip-multipart|conference|reginfo|^group$|ruleset'
  run 1 parse "$vectors/parse/lists.in"; warns 'built without libxml2'
fi
for in in "$vectors"/*/*.in; do
  verb=$(basename "$(dirname "$in")") name=$(basename "$in" .in)
  [[ ! $name =~ $lists ]] || continue
  golden "${in%.in}.txt" "$verb" "$name.in"
  golden "${in%.in}.json" "$verb" --json "$name.in"
  sed '/^---- /,$d' "$scratch/got" | jq -e . >/dev/null || [[ $(head -c 5 "$scratch/got") == ---- ]] || complain "cpm $verb --json $name.in prints no JSON"
  [[ $name != *quirks* ]] || golden "${in%.in}.strict" "$verb" --strict "$name.in"
  count=$((count + 1))
done

# ---- what JSON says
# json <jq expression> <arguments...>: the expression is true of what is printed.
json() {
  local expression=$1; shift
  { "$cpm" "$@" 2>/dev/null || true; } | jq -e "$expression" >/dev/null || complain "cpm $* does not give $expression"
}
cd "$vectors/parse"
json '.format == 1 and .as == "sip" and .guessed_by == "start line" and .document.method == "MESSAGE"' parse --json sip.in
json '.document.body.document.body.content == "Hello, Bob"' parse --json sip.in
json '.as == "cpim" and (has("guessed_by") | not)' parse --json --as cpim cpim.in
json '.document.body.document.body.document.status == "delivered"' parse --json sip-notification.in
[[ $lists != '^$' ]] || json '[.document.body.document.parts[].body.content_type.text] == ["application/resource-lists+xml", "message/cpim", "image/png"]' parse --json sip-multipart.in
json '.document.fields[] | select(.name == "X-Latin") | .value == {"hex": "636166e9"}' parse --json terminal.in
json '.document.body.document.body.content | has("hex")' parse --json terminal.in
json '.document.body.content == {"hex": "610062"}' parse --json nul.in
json '.document.fields[] | select(.name == "To") | .value | startswith("\"\u202eevil \u009b31m")' parse --json terminal.in
json '.document.check.answer == 400 and .document.check.rule == "From"' parse --json sip-missing.in
json '.document.error | .status == "CPM_E_SYNTAX" and .line == 6 and .column == 9' parse --json refused-no-colon.in
json '[.all_quirks[].name] | contains(["SIP_BARE_LF", "SIP_ICSI", "SIP_BARE_ADDRESS", "SIP_NO_LENGTH", "MIME_TRAILING_SEMI"])' parse --json sip-quirks.in
cd "$vectors/check"
# fails <names>: exactly these lines fail.
fails() { json "[.recipes[].rows[] | select(.verdict == \"fail\") | .name] == $1" check --json "$2"; }
json '.recipe == "pager_message" and .procedures == ["client/pager-send"] and .summary.fail == 0' check --json pager-send.in
fails '["Conversation-ID"]' no-conversation-id.in
fails '["Contact"]' contact.in
fails '["Accept-Contact"]' wrong-icsi.in
fails '["body"]' broken-cpim.in
fails '["Conversation-ID", "Contribution-ID"]' no-ids.in
json '.recipe == "report_message" and ([.recipes[].rows[] | select(.error) | .error.rule] == ["status"])' check --json broken-imdn.in
if [[ $lists == '^$' ]]; then
  json '[.recipes[].name] == ["pager_message", "target_list", "cpim"] and .summary.fail == 0' check --json --fact to_adhoc lists-adhoc.in
  json '[.recipes[].rows[] | select(.verdict == "fail") | .name] == ["body"]' check --json --fact to_adhoc lists-broken.in
fi
json '[.recipes[].rows[] | select(.verdict == "fail") | .ids[]] == ["S4-7.2.1.1-12", "S4-7.2.1.1-12.else"]' check --json no-conversation-id.in
json '.recipes[].rows[] | select(.verdict == "fail") | .error.line == 18 and .error.column == 9' check --json broken-cpim.in
json '.recipe == "report_message" and [.recipes[].name] == ["report_message", "report_cpim", "report_imdn"]' check --json notification.in
json '.side == "not said" and .recipe == "pager_message" and .summary.fail == 3' check --json - < <(grep -av '^User-Agent' no-ids.in)
json '.recipe == "refusal" and (.procedures | contains(["cf/pager", "cf/large"]))' check --json response.in
json '.recipe == "pager_out" and .procedures == ["cf/pager"]' check --role controlling --json pager-send.in
json '.recipe == "pager_out"' check --recipe=pager_out --json pager-send.in
json '[.recipes[].rows[] | select(.name == "InReplyTo-Contribution-ID") | .verdict] == ["fail"]' check --fact reply --json pager-send.in
json '[.recipes[].rows[] | select(.name == "InReplyTo-Contribution-ID") | .verdict] == ["not asked"]' check --fact no_reply --json pager-send.in
cd "$project"

# ---- exit statuses and the command line
cd "$vectors/parse"
run 0 parse sip.in
run 0 parse -- sip.in
run 0 parse - <sip.in
says 'file: -'
run 0 parse --strict sip.in
run 1 parse --strict cpim-quirks.in
run 1 parse refused-noise.in; silent
run 1 parse --json refused-noise.in; says '"error"'
run 1 parse --as sip cpim.in; warns 'refused as sip'
run 2 parse; warns 'which FILE?'
run 2 parse sip.in cpim.in; warns 'one FILE at a time'
run 2 parse --as; warns '--as needs a TYPE'
run 2 parse --as fly sip.in; warns "no type 'fly'"
run 2 parse --fly sip.in; warns "no option '--fly'"
run 2 parse --json=1 sip.in; warns '--json takes no 1'
run 2 parse $'--\e[31m' sip.in; warns "no option '--\\x1b[31m'"
run 2 fly sip.in; warns "no verb 'fly'"
run 2; warns 'usage: cpm VERB'
run 2 check --role fly sip.in; warns "no role 'fly'"
run 2 check --recipe fly sip.in; warns "no recipe 'fly'"
run 2 check --recipe cpim sip.in; warns 'is of a body'
run 2 check --fact fly sip.in; warns "no fact 'fly'"
run 0 model; says '"model_version":'
run 0 model --format json client/pager-send; says '"client/pager-send"'
run 0 model --format dot; says 'digraph "cf/pager leg" {'
run 0 model --format=dot --of legs cf/pager; says 'digraph "cf/pager leg" {'
! grep -q 'digraph "cf/pager" {' "$scratch/out" || complain '--of legs prints the call'
run 0 model --format dot --of call cf/pager; says 'digraph "cf/pager" {'
run 2 model fly; warns "no machine 'fly'"; warns '  client/pager-send'; silent
run 2 model cf/pager cf/large; warns 'one [MACHINE] at a time'
run 2 model --format fly; warns "no format 'fly'"
run 2 model --of call; warns '--of goes with --format dot'
run 2 model --format dot --of fly; warns "--of is call or legs, not 'fly'"
run 2 model --format dot --of legs client/pager-send; warns 'client/pager-send has no legs'
run 0 model --format promela client/large-send; says 'proctype a() {'
run 0 model --format promela --with cf/large --members 2 --chunks 1 --retries 0 --refreshes 0 client/large-send; says '#define MEMBERS 2'
run 2 model --format promela; warns 'needs a MACHINE'
run 2 model --format promela --members 7 client/large-send; warns "--members is a number from 1 to 6, not '7'"
run 2 model --format promela --chunks 0 client/large-send; warns "--chunks is a number from 1 to 3, not '0'"
run 2 model --format promela --retries x client/large-send; warns "--retries is a number from 0 to 2, not 'x'"
run 2 model --format promela --refreshes 9 client/large-send; warns "--refreshes is a number from 0 to 3, not '9'"
run 2 model --format promela --with fly client/large-send; warns "no machine 'fly'"
run 2 model --with cf/large client/large-send; warns 'go with --format promela'
run 1 model --format promela client/pager-send; warns 'no Promela of client/pager-send'; silent
run 2 check --fact reply --fact no_reply sip.in; warns 'reply cannot hold and not hold'
facts=(); for _ in {1..33}; do facts+=(--fact reply); done
run 2 check "${facts[@]}" sip.in; warns 'more than 32 --fact'
run 0 --version; says "cpm $(sed -n 's/^project(cpmkit VERSION \([0-9.]*\).*/\1/p' "$project/CMakeLists.txt")"
cd "$project"

# ---- files that fail
run 1 parse "$scratch/none"; warns "cannot open $scratch/none: No such file"; silent
run 1 parse "$scratch"; warns "cannot read $scratch: Is a directory"
: >"$scratch/empty"
run 1 parse "$scratch/empty"; warns 'is empty'
run 1 parse - </dev/null; warns 'standard input is empty'
run 1 parse - <&-; warns 'cannot read standard input'
truncate -s 67108865 "$scratch/large"
run 1 parse "$scratch/large"; warns 'is larger than 64 MiB'
run 1 check "$scratch/large"; warns 'is larger than 64 MiB'
cp "$vectors/parse/sip.in" "$scratch/"$'bad\e[31m\xff'
run 0 parse "$scratch/"$'bad\e[31m\xff'; says 'bad\x1b[31m\xff'
if [[ -w /dev/full ]]; then
  for call in "parse $vectors/parse/sip.in" "parse --json $vectors/parse/sip.in" "check $vectors/check/pager-send.in" model 'model --format dot' --help --version 'parse --help'; do
    got=0
    # shellcheck disable=SC2086  # words on purpose
    "$cpm" $call >/dev/full 2>"$scratch/err" || got=$?
    (( got == 1 )) || complain "cpm $call exits with $got when nothing can be written"
    warns 'standard output could not be written'
  done
fi

# ---- hostile input
# Multiparts in multiparts: they are read to a depth, and no deeper.
{ printf 'MESSAGE sip:bob@example.com SIP/2.0\r\nContent-Type: multipart/mixed;boundary=b1\r\n\r\n'
  for i in {1..40}; do printf -- '--b%d\r\nContent-Type: multipart/mixed;boundary=b%d\r\n\r\n' "$i" $((i + 1)); done
  printf -- '--b41\r\n\r\nhello\r\n--b41--'
  for i in {40..1}; do printf -- '\r\n--b%d--' "$i"; done; } >"$scratch/deep"
run 1 parse --json "$scratch/deep"
json '[.. | objects | select(.status? == "CPM_E_TOO_DEEP")] | length == 1' parse --json "$scratch/deep"
json '[.. | objects | select(has("parts"))] | length == 16' parse --json "$scratch/deep"
# Ten thousand fields, and ten thousand elements in one; values that cannot be read cost only themselves.
{ printf 'MESSAGE sip:bob@example.com SIP/2.0\r\n'; printf 'v:a,\r\n%.0s' {1..10000}; printf '\r\n'; } >"$scratch/many"
json '(.document.fields | length == 10000) and .document.fields[9999].decoded[0].error.line == 10001' parse --json "$scratch/many"
{ printf 'MESSAGE sip:bob@example.com SIP/2.0\r\nk: '; printf 'a,%.0s' {1..4000}; printf '\r\n\r\n'; } >"$scratch/list"
json '.document.fields[0].decoded | length == 4000' parse --json "$scratch/list"
# A message cut at any octet is read or refused, and what is printed stays JSON.
size=$(stat -c %s "$vectors/parse/sip-multipart.in")
for ((cut = 1; cut < size; cut += 41)); do
  head -c "$cut" "$vectors/parse/sip-multipart.in" >"$scratch/cut"
  run 1 parse --json "$scratch/cut"
  jq -e .document.error <"$scratch/out" >/dev/null || complain "cut at $cut it is no JSON with an error"
done

# ---- help, and the manual page: both name every verb and option
page=$project/docs/man/cpm.1
mandoc -Tlint -W warning "$page" >&2 || complain 'the manual page is not clean'
mandoc -Tascii "$page" | sed $'s/.\b//g' >"$scratch/page"
run 0 --help
grep -c 'Examples:' "$scratch/out" >/dev/null || complain 'cpm --help has no examples'
for verb in $(sed -n '/^verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$scratch/out"); do
  grep -q "cpm $verb" "$scratch/page" || complain "the manual page does not name cpm $verb"
  run 0 "$verb" -h
  run 0 "$verb" --help
  says 'Examples:'
  says 'Exit status:'
  sed -n 's/^  \(--[a-z]*\).*/\1/p' "$scratch/out" >"$scratch/options"
  # The options that the program takes, from its own table.
  for option in $(sed -n "/^static const option ${verb}_options/,/^};/s/.*\"\(--[a-z]*\)\".*/\1/p" tools/cpm.c) --help; do
    grep -qx -- "$option" "$scratch/options" || complain "cpm $verb --help does not name $option"
    grep -q -- "$option" "$scratch/page" || complain "the manual page does not name $option"
  done
done

# ---- it can be installed
cmake --install "$BUILD_DIR" --prefix "$scratch/root" >/dev/null 2>&1 || complain 'cmake --install fails'
[[ -x $scratch/root/bin/cpm && -e $scratch/root/share/man/man1/cpm.1 ]] || complain 'cmake --install leaves out the program or its manual page'
finish "$count inputs, and what else the program must hold"
