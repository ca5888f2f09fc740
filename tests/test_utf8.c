/* SPDX-License-Identifier: MIT */
#include "support.h"
#include "internal.h"
#include <string.h>

static void every_character_is_written_and_read_back(void **state) {
  (void)state;
  for (uint32_t code = 0; code <= 0x10ffff; code++) {
    if (code == 0xd800) code = 0xe000;
    char text[4];
    cpmi_out o = cpmi_out_to(text, sizeof text, 0);
    uint32_t back = ~code;
    cpmi_utf8_put(&o, code);
    const size_t want = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (o.n != want || cpmi_utf8_at(cpm_str_of(text, o.n), 0, &back) != want || back != code) fail_msg("U+%04X", (unsigned)code);
    for (size_t n = 1; n < want; n++) assert_int_equal(cpmi_utf8_at(cpm_str_of(text, n), 0, &back), 0);
  }
}

static void the_first_octet_that_is_none_is_told(void **state) {
  (void)state;
  const struct { cpm_str in; size_t bad; } rows[] = {
    { S(""), 0 },                     { S("abc"), 3 },                    { S("caf\xc3\xa9!"), 6 },
    { S("a\x80"), 1 },                { S("a\xbf"), 1 },                  { S("a\xc3"), 1 },
    { S("a\xc3(b"), 1 },              { S("\xc0\x80"), 0 },               { S("\xc1\xbf"), 0 },
    { S("\xc2\x80"), 2 },             { S("\xe0\x9f\xbf"), 0 },           { S("\xe0\xa0\x80"), 3 },
    { S("\xed\x9f\xbf"), 3 },         { S("\xed\xa0\x80"), 0 },           { S("\xed\xbf\xbf"), 0 },
    { S("\xee\x80\x80"), 3 },         { S("\xf0\x8f\xbf\xbf"), 0 },       { S("\xf0\x90\x80\x80"), 4 },
    { S("\xf4\x8f\xbf\xbf"), 4 },     { S("\xf4\x90\x80\x80"), 0 },       { S("\xf8\x88\x80\x80\x80"), 0 },
    { S("\xff"), 0 },                 { S("a\xe2\x82"), 1 },              { S("a\xe2\x82\x28"), 1 },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const cpm_str in = support_guard(rows[i].in);
    if (cpmi_utf8_bad(in) != rows[i].bad) fail_msg("row %zu", i);
    support_unguard(in);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_character_is_written_and_read_back),
    cmocka_unit_test(the_first_octet_that_is_none_is_told),
  };
  return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
