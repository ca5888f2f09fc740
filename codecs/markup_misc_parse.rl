/* SPDX-License-Identifier: MIT */
/* markup_misc_parse.rl - C host of markup_text.rl: what follows the root. */
#include "markup.h"

%%{
  machine cpm_markup_misc;
  alphtype unsigned char;

  action lt        { m->lt = p; }
  action amp       { m->amp = p; }
  action reference { cpmi_markup_note_reference(m, p); }

  include markup_text "markup_text.rl";

  main := Misc*;
  write data noerror noentry;
}%%

const unsigned char *cpmi_markup_misc_run(cpmi_markup_marks *m, const unsigned char *from, const unsigned char *to, bool *ok) {
  const unsigned char *p = from, *const pe = to;
  int cs;
  %% write init;
  %% write exec;
  *ok = cs >= cpm_markup_misc_first_final;
  return p;
}
