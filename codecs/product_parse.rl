/* SPDX-License-Identifier: MIT */
/* product_parse.rl - C host of grammars/product.rl. */
#include "product_parse.h"

%%{
  machine cpm_product;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action name_b    { m->name_b = p; }
  action name_e    { m->name_e = p; }
  action version_b { m->version_b = p; }
  action version_e { m->version_e = p; }

  include product "product.rl";
  of_product := product;
  of_comment := comment_text;
  write data noerror;
}%%

static const char *product_parse(cpmi_product_marks *m, int entry, cpm_str in) {
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entry;
  %% write exec;
  return cs >= cpm_product_first_final ? NULL : p;
}

bool cpmi_product_parse(cpmi_product_marks *m, cpm_str in) { return !product_parse(m, cpm_product_en_of_product, in); }

const char *cpmi_comment_parse(cpm_str in) {
  cpmi_product_marks none = { 0 };
  return product_parse(&none, cpm_product_en_of_comment, in);
}
