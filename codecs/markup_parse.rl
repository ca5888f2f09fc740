/* SPDX-License-Identifier: MIT */
/* markup_parse.rl - C host of markup.rl: a document, in pieces. */
#include "markup.h"

%%{
  machine cpm_markup;
  alphtype unsigned char;

  action lt         { m->lt = p; }
  action name_b     { m->name.b = p; m->name.colon = NULL; m->nattributes = 0; }
  action name_colon { m->name.colon = p; }
  action name_e     { m->name.e = p; }
  action tag        { m->seen = CPMI_MARKUP_TAG; }
  action empty      { m->seen = CPMI_MARKUP_EMPTY; }
  action etag       { m->seen = CPMI_MARKUP_ETAG; }
  action att_b      { cpmi_markup_note_attribute(m, p); }
  action att_colon  { cpmi_markup_last(m)->name.colon = p; }
  action att_e      { cpmi_markup_last(m)->name.e = p; }
  action value_b    { cpmi_markup_last(m)->b = p + 1; }
  action value_e    { cpmi_markup_last(m)->e = p; }
  action amp        { m->amp = p; }
  action reference  { cpmi_markup_note_reference(m, p); }
  action encoding_b { m->encoding = p; }
  action encoding_e { m->encoding_end = p; }

  include markup "markup.rl";

  main := document;
  write data noerror noentry;
}%%

void cpmi_markup_begin(cpmi_markup_marks *m) {
  int cs;
  %% write init;
  m->cs = cs;
  m->seen = CPMI_MARKUP_NOTHING;
  m->lt = m->amp = m->bad_reference = m->encoding = m->encoding_end = NULL;
  m->name.b = m->name.colon = m->name.e = NULL;
  m->nattributes = 0;
}

const unsigned char *cpmi_markup_run(cpmi_markup_marks *m, const unsigned char *from, const unsigned char *to) {
  const unsigned char *p = from, *const pe = to;
  int cs = m->cs;
  %% write exec;
  m->cs = cs;
  return p;
}
