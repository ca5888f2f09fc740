/* SPDX-License-Identifier: MIT */
/* feature_parse.rl - C host of grammars/feature.rl. */
#include "feature_parse.h"

%%{
  machine cpm_feature;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action on_bang   { m->bang = true; }
  action text_b    { m->text_b = p; }
  action text_e    { m->text_e = p; }
  action on_true   { m->is_true = true; }
  action on_false  { m->is_false = true; }
  action low_b     { m->low_b = p; }
  action low_e     { m->low_e = p; }
  action high_b    { m->high_b = p; }
  action high_e    { m->high_e = p; }
  action on_both   { m->both = true; }
  action on_string { m->is_string = true; m->text_b = p + 1; }

  include feature "feature.rl";
  of_tag   := enc_feature_tag;
  of_value := tag_value | string_value;
  write data noerror;
}%%

static const char *feature_parse(cpmi_feature_marks *m, int entry, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entry;
  %% write exec;
  return cs >= cpm_feature_first_final ? NULL : p;
}

bool cpmi_is_feature_tag(cpm_str name) {
  cpmi_feature_marks none = { 0 };
  return !feature_parse(&none, cpm_feature_en_of_tag, cpmi_present(name));
}

const char *cpmi_feature_parse(cpmi_feature_marks *m, cpm_str in) { return feature_parse(m, cpm_feature_en_of_value, in); }
