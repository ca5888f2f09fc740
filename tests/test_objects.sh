#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The core library calls nothing but a few functions on memory and strings, and holds no writable data. cpm_xml uses its public face.
. tests/support.sh
. tests/objects.sh
library=$BUILD_DIR/libcpmkit.a
check_core "$library"

# The check sees what it looks for.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for bad in 'void *malloc(unsigned long); void *cpm_f(void) { return malloc(1); }' 'int cpm_n; int cpm_f(void) { return cpm_n++; }' \
           'int cpm_f(void) { static int n = 1; return n++; }' 'long time(long *); long cpm_f(void) { return time(0); }'; do
  echo "$bad" | "$CC" -std=c11 -x c -c - -o "$scratch/bad.o"
  seen=$(check_core "$scratch/bad.o" 2>/dev/null; echo "$complaints")
  ((seen == complaints + 1)) || complain "the check of objects does not see: $bad"
done

# Every external name can be told from a host's own.
for symbol in $(defined "$library"); do
  [[ $symbol == cpm_* || $symbol == cpmi_* ]] || complain "external name without cpm_ or cpmi_: $symbol"
done
# The functions of xml.h are in cpm_xml.
for header in include/cpm/*.h; do
  [[ $header == */xml*.h ]] || check_declared "$header" "$library"
done

# cpm_xml is a library of its own: of the core it calls what is public.
xml=$BUILD_DIR/libcpm_xml.a
if [[ -e $xml ]]; then
  for symbol in $(undefined "$xml" | grep '^cpmi_' | comm -23 - <(defined "$xml")); do
    complain "cpm_xml calls $symbol, which is internal to the core"
  done
  for header in include/cpm/xml*.h; do check_declared "$header" "$xml"; done
fi
finish "$(defined "$library" | wc -l) external names, no allocation, no I/O, no clock, no writable data"
