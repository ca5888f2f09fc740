#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# SIPp as client and as server of a client on cpmkit: messages with CPIM and their notifications, offers of MSRP; late, repeated and malformed
# responses. What SIPp checks is in the .xml files.
. interop/lib.sh sipp
version "$(sipp -v 2>/dev/null | sed -n 's/.*SIPp v\([0-9.]*\).*/\1/p' | head -n 1)"
[[ -x $client_program ]] || { not_tried 'all of it' "there is no $client_program"; exit; }

# sipp_with <.xml> <port> <options...>: this process becomes SIPp. Its exit code lies without -timeout_error.
sipp_with() {
  local name=$1 port=$2 options=()
  shift 2
  [[ $name != client-repeated && $name != server-invite ]] || options=(-nr)   # it would take what comes again for a repetition of its own
  exec sipp -sf "$here/$name.xml" "${options[@]}" -i 127.0.0.1 -p "$port" -t "${transport:0:1}1" -nostdin -timeout 60s -timeout_error -trace_err -error_file "$dir/$name.err" \
    -trace_msg -message_file "$dir/$name.messages" -trace_logs -log_file "$dir/$name.said" "$@" >"$dir/$name.screen" 2>&1
}

# as_client <.xml>: SIPp calls alice, whose notifications go to another one.
as_client() {
  (sipp_with "$1" 5080 -m 1 127.0.0.1:5070) || { tail -n 3 "$dir/$1.err" 2>/dev/null; return 1; }
}

# as_server <.xml>
as_server() {
  start "$1" sipp_with "$@"
  until_true 5 listens "${transport/tls/tcp}" "$2"
}

alice() { client alice "$transport" 5070 --peer sip:sipp@example.test sip:sipp@127.0.0.1:5090; }

# ---- SIPp calls -------------------------------------------------------------------------------------------------------------

takes_message() {
  alice || return 1
  as_server server-reports 5090 -m 2 || return 1
  as_client client-message || return 1
  hears alice '^received sipp-[^ ]+ sip:sipp@example.test text/plain[^ ]* 17 ' || return 1
  ended_well server-reports || return 1
  [[ $(sed 's/ .*//' "$dir/server-reports.said" | sort | paste -sd ' ') == 'delivered displayed' ]] || { cat "$dir/server-reports.said"; return 1; }
  leaves alice
}

takes_once() {   # <.xml>
  alice || return 1
  as_server server-reports 5090 -m 2 || return 1
  as_client "$1" || return 1
  ended_well server-reports || return 1
  leaves alice || return 1
  [[ $(times alice '^received ') == 1 ]] || { cat "$dir/alice.out"; return 1; }
}

answers_each() {
  takes_once client-repeated || return 1
  [[ $(grep -c '^SIP/2.0 200' "$dir/client-repeated.messages") == 3 ]]
}

refuses_malformed() {
  alice || return 1
  as_server server-reports 5090 -m 2 || return 1
  as_client client-malformed || return 1
  ended_well server-reports || return 1
  leaves alice || return 1
  [[ $(times alice '^received good') == 1 && $(times alice '^received ') == 1 ]] || { cat "$dir/alice.out"; return 1; }
}

takes_invite() {
  alice || return 1
  as_client client-invite || return 1
  leaves alice
}

refuses_invite() {
  alice || return 1
  as_client client-invite-malformed || return 1
  leaves alice
}

# ---- SIPp is called ---------------------------------------------------------------------------------------------------------

# sends <.xml> <pattern of what alice says>
sends() {
  alice || return 1
  as_server "$1" 5090 -m 1 || return 1
  tell alice 'send sip:sipp@example.test Hello from alice'
  hears alice "$2" 50 || return 1
  ended_well "$1" || { tail -n 3 "$dir/$1.err" 2>/dev/null; return 1; }
  leaves alice || return 1
  [[ $(times alice '^(sent|failed) ') == 1 ]] || { echo 'its fate is told more than once'; cat "$dir/alice.out"; return 1; }
}

is_reported() {
  sends server-message '^displayed ' || return 1
  grep -q "^delivered $(sent_by alice)$" "$dir/alice.out"
}

# offers <.xml>: a large message.
offers() {
  alice || return 1
  as_server "$1" 5090 -m 1 || return 1
  tell alice 'large sip:sipp@example.test 50000'
  hears alice '^failed ' 50 || return 1
  ended_well "$1" || { tail -n 3 "$dir/$1.err" 2>/dev/null; return 1; }
  leaves alice || return 1
  [[ $(times alice '^(sent|failed) ') == 1 ]] || { echo 'its fate is told more than once'; cat "$dir/alice.out"; return 1; }
}

nobody_answers() {
  alice || return 1
  tell alice 'send sip:sipp@example.test Hello from alice'
  hears alice '^failed [^ ]+ (408|0)$' 45 || return 1
  leaves alice
}

# ---- a judge that finds faults --------------------------------------------------------------------------------------------------

# The checks of SIPp, with something that is not there: it must fail.
planted() {
  sed 's/positive-delivery, display/positive-delivery, nothing/' "$here/server-message.xml" >"$dir/wrong.xml"
  alice || return 1
  here=$dir as_server wrong 5090 -m 1 || return 1
  tell alice 'send sip:sipp@example.test Hello from alice'
  ! ended_well wrong || return 1
}

for transport in udp tcp; do
  scenario "$transport: a message with CPIM comes from SIPp, and is reported delivered and displayed" takes_message
  scenario "$transport: a message goes to SIPp, which reports it delivered and displayed" is_reported
  scenario "$transport: an offer of a large message comes, and the session ends without it" takes_invite
  scenario "$transport: an offer without a path is refused with 488" refuses_invite
  scenario "$transport: an offer goes out, is taken late and three times, each time with an ACK" offers server-invite
  scenario "$transport: an offer is answered with what is no session description: ACK, BYE" offers server-invite-malformed
  scenario "$transport: an offer is refused with 486" offers server-invite-refuses
  scenario "$transport: a message is refused with 403" sends server-refuses '^failed [^ ]+ 403$'
  scenario "$transport: a message comes again in a transaction of its own: shown once" takes_once client-duplicate
done
transport=udp
scenario 'udp: malformed messages are refused, the next one is taken' refuses_malformed
scenario 'udp: a request comes three times: one message, three responses' answers_each
scenario 'udp: the response comes three times' sends server-repeated '^sent '
scenario 'udp: malformed responses count for nothing' sends server-malformed '^sent '
scenario 'udp: a check of SIPp that cannot hold fails' planted
if [[ $quick ]]; then exit; fi
scenario 'udp: the response comes after four seconds' sends server-late '^sent '
scenario 'udp: nobody answers: the message has failed after 32 seconds' nobody_answers
