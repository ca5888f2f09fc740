# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154  # of lib.sh
# up.sh - Kamailio runs, with a certificate for 127.0.0.1 in $out. It is sourced behind lib.sh; kamailio.cfg says what is where.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext 'subjectAltName=IP:127.0.0.1,DNS:example.test' \
  -keyout "$out/key.pem" -out "$out/cert.pem" 2>/dev/null
modules=$(dirname /usr/lib/*/kamailio/modules/tls.so)
sed "s,@FOLDER@,$PWD/$out,; s,@MODULES@,$modules," interop/kamailio/kamailio.cfg >"$out/kamailio.cfg"
start kamailio kamailio -DD -E -f "$out/kamailio.cfg" -w "$out" -Y "$out" -m 32 -M 8
until_true 10 listens tcp 2856 || { tail -n 5 "$out/kamailio.log"; not_tried 'all of it' 'Kamailio does not start'; exit 1; }
