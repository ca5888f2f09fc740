/* SPDX-License-Identifier: MIT */
/* sdp_parse.rl - C host of grammars/sdp.rl: one machine with an entry for each type of line. */
#include "sdp_parse.h"
#include <string.h>

%%{
  machine cpm_sdp;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action on_spacing { m->spacing = true; }
  action username_b { m->username_b = p; }
  action username_e { m->username_e = p; }
  action sess_id_b { m->sess_id_b = p; }
  action sess_id_e { m->sess_id_e = p; }
  action sess_version_b { m->sess_version_b = p; }
  action sess_version_e { m->sess_version_e = p; }
  action nettype_b { m->nettype_b = p; }
  action nettype_e { m->nettype_e = p; }
  action addrtype_b { m->addrtype_b = p; }
  action addrtype_e { m->addrtype_e = p; }
  action address_b { m->address_b = p; }
  action address_e { m->address_e = p; }
  action ttl_b { m->ttl_b = p; }
  action ttl_e { m->ttl_e = p; }
  action count_b { m->count_b = p; }
  action count_e { m->count_e = p; }
  action start_b { m->start_b = p; }
  action start_e { m->start_e = p; }
  action stop_b { m->stop_b = p; }
  action stop_e { m->stop_e = p; }
  action bwtype_b { m->bwtype_b = p; }
  action bwtype_e { m->bwtype_e = p; }
  action number_b { m->number_b = p; }
  action number_e { m->number_e = p; }
  action method_b { m->method_b = p; }
  action method_e { m->method_e = p; }
  action media_b { m->media_b = p; }
  action media_e { m->media_e = p; }
  action port_b { m->port_b = p; }
  action port_e { m->port_e = p; }
  action ports_b { m->ports_b = p; }
  action ports_e { m->ports_e = p; }
  action proto_b { m->proto_b = p; }
  action proto_e { m->proto_e = p; }
  action name_b { m->name_b = p; }
  action name_e { m->name_e = p; }
  action key_b { m->key_b = p + 1; }
  action formats_b { m->formats_b = p; }
  action value_b { m->value_b = p + 1; }

  include sdp "sdp.rl";
  of_v := version_field;
  of_o := origin_field;
  of_s := session_name_field;
  of_i := information_field;
  of_u := uri_field;
  of_e := email_field;
  of_p := phone_field;
  of_c := connection_field;
  of_b := bandwidth_field;
  of_t := time_field;
  of_r := repeat_field;
  of_z := zone_field;
  of_k := key_field;
  of_a := attribute_field;
  of_m := media_field;
  of_token   := sdp_token;
  of_digits  := DIGIT+;
  of_word    := non_ws_string;
  of_address := unicast_address;
  write data noerror;
}%%

static int sdp_entry(char type) {
  switch (type) {
  case 'v': return cpm_sdp_en_of_v;
  case 'o': return cpm_sdp_en_of_o;
  case 's': return cpm_sdp_en_of_s;
  case 'i': return cpm_sdp_en_of_i;
  case 'u': return cpm_sdp_en_of_u;
  case 'e': return cpm_sdp_en_of_e;
  case 'p': return cpm_sdp_en_of_p;
  case 'c': return cpm_sdp_en_of_c;
  case 'b': return cpm_sdp_en_of_b;
  case 't': return cpm_sdp_en_of_t;
  case 'r': return cpm_sdp_en_of_r;
  case 'z': return cpm_sdp_en_of_z;
  case 'k': return cpm_sdp_en_of_k;
  case 'a': return cpm_sdp_en_of_a;
  case 'm': return cpm_sdp_en_of_m;
  case CPMI_SDP_TOKEN:  return cpm_sdp_en_of_token;
  case CPMI_SDP_DIGITS: return cpm_sdp_en_of_digits;
  case CPMI_SDP_WORD:   return cpm_sdp_en_of_word;
  default:  return cpm_sdp_en_of_address;
  }
}

const char *cpmi_sdp_machine(cpmi_sdp_marks *m, char type, cpm_str in) {
  memset(m, 0, sizeof *m);
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = sdp_entry(type);
  %% write exec;
  return cs >= cpm_sdp_first_final ? NULL : p;
}
