/* SPDX-License-Identifier: MIT */
/* head_parse.rl - C host of grammars/head.rl. */
#include "fields.h"

%%{
  machine cpm_head;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action on_semi   { cpmi_named_semi(&m->named, p); }
  action name_b    { m->named.name_b = p; }
  action name_e    { m->named.name_e = p; }
  action value_b   { m->named.value_b = p; }
  action value_e   { m->named.value_e = p; }
  action on_quoted { m->named.quoted = true; m->named.value_b = p + 1; }
  action head_b    { m->head_b = p; }
  action head_e    { m->head_e = p; }
  action on_dot    { if (!m->dot) m->dot = p; }
  action on_paren  { m->paren = p; }
  action on_comma  { m->comma = p; }

  include head "head.rl";
  of_token    := token_head ( "," @on_comma )?;
  of_event    := event_head ( "," @on_comma )?;
  of_language := language_head ( "," @on_comma )?;
  of_delta    := delta_head;
  of_retry    := retry_head;
  of_behind   := retry_params;
  of_dialog   := dialog_head ( "," @on_comma )?;
  write data noerror;
}%%

const char *cpmi_head_parse(cpmi_head *m, cpmi_head_kind kind, cpm_str in) {
  static const int entries[] = {
    cpm_head_en_of_token, cpm_head_en_of_event,  cpm_head_en_of_language, cpm_head_en_of_delta,
    cpm_head_en_of_retry, cpm_head_en_of_behind, cpm_head_en_of_dialog,
  };
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = entries[kind];
  %% write exec;
  return cs >= cpm_head_first_final || m->comma || m->paren ? NULL : p;
}
