#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# linphone and a cpmkit client write to one another through Kamailio, each says to the other that a message was delivered and displayed. And
# what linphone does not take, so that nobody looks for it here: the name of a sender in a CPIM From.
. interop/lib.sh linphone
[[ ! $quick ]] || exit 0
[[ -x $client_program ]] || { not_tried 'all of it' "there is no $client_program"; exit; }

# shellcheck disable=SC2046  # flags are words; linphone.pc leaves its own library out
cc -std=gnu11 -Wall -Wextra -Werror -o "$out/agent" "$here/agent.c" -llinphone $(pkg-config --cflags --libs linphone)
sed "s,@OUT@,$PWD/$out,g" "$here/linphone.rc" >"$out/linphone.rc"
mkdir -p "$out/home"

. interop/kamailio/up.sh
start capture tshark -Q -i lo -f 'udp port 5080' -w "$out/linphone.pcap"
until_true 10 test -s "$out/linphone.pcap"
dir=$out
client alice udp 5070 --proxy sip:127.0.0.1:5060 --register --password secret
HOME=$PWD/$out/home talks linphone "$out/agent" "$out/linphone.rc"
hears alice '^registered$'
hears linphone '^registered$'
version "$(sed -n 's/^ready //p' "$out/linphone.out")"

to_linphone() {
  local id
  tell alice 'send sip:linphone@example.test Hello linphone'
  hears linphone '^received sip:alice@example.test Hello linphone$' && hears alice '^sent ' || return 1
  id=$(sent_by alice)
  hears alice "^delivered $id\$" || return 1
  [[ $(times alice '^displayed') == 0 ]] || { echo 'displayed, and nobody has read it'; return 1; }
  tell linphone read
  hears alice "^displayed $id\$"
}
scenario 'our message in CPIM is taken, and is told delivered, then displayed' to_linphone

to_us() {
  tell linphone 'send sip:alice@example.test Hello alice'
  hears alice '^received [^ ]+ sip:linphone@example.test text/plain 11 ' || return 1
  hears linphone '^state Hello alice .*StateDeliveredToUser$' && hears linphone '^state Hello alice .*StateDisplayed$'
}
scenario "linphone's message in CPIM is taken, and it understands that it was delivered and displayed" to_us

# Of linphone, those that are compressed.
notifications() {
  tshark -r "$out/linphone.pcap" -Y 'udp.srcport == 5080 && sip.Method == "MESSAGE" && sip.Content-Encoding == "deflate" && sip.Proxy-Authorization' 2>/dev/null | wc -l
}
two() { (( $(notifications) == 2 )); }
deflated() { until_true 10 two && note='both of them'; }
scenario 'its notifications come deflated, and are read' deflated

# answer_to <CPIM From>: what linphone answers to a message from there. One with a DateTime of long ago it refuses whoever it is from.
answer_to() {
  local body
  body=$(printf 'From: %s\r\nTo: <sip:linphone@example.test>\r\nDateTime: %s\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m%s\r\nimdn.Disposition-Notification: positive-delivery, display\r\n\r\nContent-Type: text/plain;charset=UTF-8\r\n\r\nHello again' "$1" "$(date -u +%FT%TZ)" "$RANDOM")
  printf 'MESSAGE sip:linphone@example.test SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bK%s;rport\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.test>;tag=1\r\nTo: <sip:linphone@example.test>\r\nCall-ID: %s\r\nCSeq: 1 MESSAGE\r\nContent-Type: message/cpim\r\nContent-Length: %d\r\n\r\n%s' "$RANDOM" "$RANDOM" "${#body}" "$body" >"$out/message"
  exec 5<>/dev/udp/127.0.0.1/5080
  cat "$out/message" >&5   # in one datagram
  timeout 5 dd bs=65536 count=1 <&5 2>/dev/null | awk 'NR == 1 { print $2 }'
  exec 5>&-
}
names() {
  local bare named quoted
  bare=$(answer_to '<sip:alice@example.test>') named=$(answer_to 'Alice <sip:alice@example.test>') quoted=$(answer_to '"Alice" <sip:alice@example.test>')
  note="$bare to <uri>, $named to Alice <uri>, $quoted to \"Alice\" <uri>"
  echo "$note"
  [[ $bare == 200 && $named == 488 && $quoted == 488 ]]
}
scenario 'its limit: a sender with a display name in CPIM is refused' names
not_tried 'large mode, files' 'this version knows no MSRP: files go by HTTP'

left() { leaves alice && leaves linphone; }
scenario 'both end well' left
