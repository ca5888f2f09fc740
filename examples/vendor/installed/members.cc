/* SPDX-License-Identifier: MIT */
/* members.cc - prints who is in a resource list, read from its input, and whether two of them are one. C++, with cpmkit as it is installed
 * (CMakeLists.txt by find_package, Makefile by pkg-config). */
#include <cpm/cpm.h>
#include <cpm/xml.h>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

int main() {
  const std::string in{std::istreambuf_iterator<char>(std::cin), {}};
  std::vector<cpm_entry> entries(64);
  std::vector<char> text(in.size() + 1);
  cpm_resource_lists list{};
  cpm_diag diag{};
  list.entries = entries.data();
  list.cap = entries.size();
  list.text = text.data();
  list.text_cap = text.size();
  if (cpm_xml_resource_lists_decode(&list, cpm_str_of(in.data(), in.size()), nullptr, &diag) != CPM_OK) {
    std::cerr << "members: octet " << diag.off << ": " << cpm_strerror(diag.code) << '\n';
    return 1;
  }
  for (size_t i = 0; i < list.nentries; i++) std::cout << std::string(entries[i].uri.p, entries[i].uri.n) << '\n';
  std::cout << list.nentries << " members, " << list.duplicates << " named twice, cpmkit " << cpm_version() << '\n';
  return 0;
}
