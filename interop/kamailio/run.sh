#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Kamailio as registrar and proxy between two clients on cpmkit, over UDP, TCP and TLS, and as the relay of their MSRP: messages of Pager
# Mode, their notifications, large messages, files.
. interop/lib.sh kamailio
version "$(kamailio -v | sed -n '1s/[^0-9]*\([0-9.]*\).*/\1/p')"
[[ -x $client_program ]] || { not_tried 'all of it' "there is no $client_program"; exit; }

. interop/kamailio/up.sh

declare -A hop=([udp]='sip:127.0.0.1:5060' [tcp]='sip:127.0.0.1:5060;transport=tcp' [tls]='sips:127.0.0.1:5061;transport=tls')

# registered <name> <port> <options...>
registered() {
  local name=$1 port=$2
  shift 2
  client "$name" "$transport" "$port" --proxy "${hop[$transport]}" --register --password secret \
    --tls-cert "$out/cert.pem" --tls-key "$out/key.pem" --tls-ca "$out/cert.pem" "$@" || return 1
  hears "$name" '^registered$'
}

# both <options...>
both() { registered alice 5070 "$@" && registered bob 5080 "$@"; }

# exchange <command> <pattern of what the other one says>: both ways, with its notifications.
exchange() {
  local from to
  for from in alice bob; do
    to=$([[ $from == alice ]] && echo bob || echo alice)
    tell $from "${1/@/sip:$to@example.test}"
    hears $to "$2 sip:$from@example.test " || return 1
    hears $from '^delivered ' || return 1
    [[ $1 == file* ]] || hears $from '^displayed ' || return 1
  done
  leaves alice && leaves bob || return 1
  ! grep -hE '^(failed|error)' "$dir"/*.out
}

goes() {   # <command> <pattern> <options...>
  both "${@:3}" && exchange "$1" "$2"
}

wrong_password() {
  begin_client carol "$transport" 5070 --proxy "${hop[$transport]}" --register --password guessed
  hears carol '^error not registered: 40[13]$'
}

for transport in ${INTEROP_TRANSPORTS:-udp tcp tls}; do
  scenario "$transport: both register with digest; messages go both ways, delivered and displayed" goes 'send @ Hello there' '^received [^ ]+'
  scenario "$transport: large messages go both ways, the session through the proxy" goes 'large @ 100000' '^received [^ ]+'
  scenario "$transport: files go both ways, the session through the proxy" goes 'file @ 100000' '^file [^ ]+'
done
transport=udp
scenario 'udp: a wrong password is not registered' wrong_password

# ---- the relay ---------------------------------------------------------------------------------------------------------------

# through <command> <pattern> <options...>: and not past it.
through() {
  local from=0 relayed
  from=$(grep -c '<script>: MSRP SEND' "$out/kamailio.log" || true)
  goes "$@" || return 1
  relayed=$(($(grep -c '<script>: MSRP SEND' "$out/kamailio.log" || true) - from))
  ((relayed > 0)) || { echo 'the relay has seen nothing of it'; return 1; }
  note="$relayed SENDs relayed"
}

relay_refuses() {
  begin_client carol udp 5070 --proxy "${hop[udp]}" --password guessed --relay 'msrp://127.0.0.1:2855;tcp'
  hears carol '^error no relay: 401$'
}

relay=(--relay 'msrp://127.0.0.1:2855;tcp')
scenario 'msrp relay: AUTH with digest; large messages go both ways through it, delivered and displayed' through 'large @ 300000' '^received [^ ]+' "${relay[@]}"
scenario 'msrp relay: files go both ways through it' through 'file @ 300000' '^file [^ ]+' "${relay[@]}"
scenario 'msrp relay: a wrong password gets no path' relay_refuses

# The client has no TLS for MSRP: socat speaks it, and looks at the relay's certificate.
tunnel() {
  start tunnel socat TCP-LISTEN:2857,bind=127.0.0.1,fork,reuseaddr "OPENSSL:127.0.0.1:2856,verify=1,cafile=$out/cert.pem"
  until_true 5 listens tcp 2857 && through "$@"
}

relay=(--relay 'msrps://127.0.0.1:2856;tcp' --relay-by 127.0.0.1:2857
       --fingerprint "$(openssl x509 -in "$out/cert.pem" -noout -fingerprint -sha256 | sed 's/.*=/SHA-256 /')")
scenario 'msrps relay: AUTH with digest; large messages go both ways through it, delivered and displayed' tunnel 'large @ 100000' '^received [^ ]+' "${relay[@]}"
scenario 'msrps relay: files go both ways through it' tunnel 'file @ 100000' '^file [^ ]+' "${relay[@]}"
