#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# debian/ says what the project says: its version, the names of its shared libraries, its licence. `./dev deb` builds the packages.
. tests/support.sh
version=$(sed -n 's/^project(cpmkit VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
[[ $(head -n 1 debian/changelog) == "cpmkit ($version) "* ]] || complain "debian/changelog begins with another version than $version"
so=${version%%.*}
((so)) || so=${version%.*}
while read -r library package; do
  grep -qx "Package: $package$so" debian/control || complain "debian/control has no package $package$so"
  [[ $(cat "debian/$package$so.install") == "usr/lib/*/$library.so.*" ]] || complain "$package$so.install is not about $library"
  diff - "debian/$package$so.symbols" >&2 <<END || complain "$package$so.symbols is about another version"
$library.so.$so $package$so #MINVER#
 (symver)${library#lib}_$so $so.0
END
done <<'END'
libcpmkit libcpmkit
libcpm_xml libcpm-xml
END
diff <(sed '1,/^License: Expat$/d' debian/copyright | sed '1,/^License: Expat$/d; s/^ //; s/^\.$//') <(sed 1,4d LICENSE) >&2 || complain 'debian/copyright has another licence'
for file in debian/rules debian/tests/*[!l]; do [[ -x $file ]] || complain "$file cannot run"; done
finish "packages of $version, shared libraries of $so"
