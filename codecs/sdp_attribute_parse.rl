/* SPDX-License-Identifier: MIT */
/* sdp_attribute_parse.rl - C host of grammars/sdp_attribute.rl: one machine with an entry for each attribute that has a value. */
#include "sdp_parse.h"
#include <string.h>

%%{
  machine cpm_sdp_attribute;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  action on_spacing { m->spacing = true; }
  action on_loose { m->loose = true; }
  action on_lower { m->lower = true; }
  action on_hash { if (!m->hash_b) m->hash_b = p - 4; }
  action name_b { if (m->name_b) m->again = p; m->name_b = p; }
  action type_b { if (m->type_b) m->again = p; m->type_b = p; }
  action size_b { if (m->size_b) m->again = p; m->size_b = p; }
  action creation_b { if (m->creation_b) m->again = p; m->creation_b = p; }
  action modification_b { if (m->modification_b) m->again = p; m->modification_b = p; }
  action read_b { if (m->read_b) m->again = p; m->read_b = p; }
  action type_e { m->type_e = p; }
  action name_e { m->name_e = p; }
  action size_e { m->size_e = p; }
  action creation_e { m->creation_e = p; }
  action modification_e { m->modification_e = p; }
  action read_e { m->read_e = p; }
  action start_b { m->start_b = p; }
  action start_e { m->start_e = p; }
  action stop_b { m->stop_b = p; }
  action stop_e { m->stop_e = p; }
  action function_b { m->function_b = p; }
  action function_e { m->function_e = p; }
  action print_b { m->print_b = p; }
  action print_e { m->print_e = p; }

  include sdp_attribute "sdp_attribute.rl";
  of_accept_types := accept_types;
  of_accept_wrapped_types := accept_wrapped_types;
  of_max_size := max_size;
  of_path := path;
  of_setup := setup;
  of_connection := connection;
  of_fingerprint := fingerprint;
  of_chatroom := chatroom;
  of_file_selector := file_selector;
  of_file_transfer_id := file_transfer_id;
  of_file_disposition := file_disposition;
  of_file_date := file_date;
  of_file_icon := file_icon;
  of_file_range := file_range;
  of_file_name := filename_string;
  of_file_type := filetype;
  write data noerror;
}%%

static int sdp_attribute_entry(int id) {
  switch (id) {
  case CPM_SDP_ACCEPT_TYPES: return cpm_sdp_attribute_en_of_accept_types;
  case CPM_SDP_ACCEPT_WRAPPED_TYPES: return cpm_sdp_attribute_en_of_accept_wrapped_types;
  case CPM_SDP_MAX_SIZE: return cpm_sdp_attribute_en_of_max_size;
  case CPM_SDP_PATH: return cpm_sdp_attribute_en_of_path;
  case CPM_SDP_SETUP: return cpm_sdp_attribute_en_of_setup;
  case CPM_SDP_CONNECTION: return cpm_sdp_attribute_en_of_connection;
  case CPM_SDP_FINGERPRINT: return cpm_sdp_attribute_en_of_fingerprint;
  case CPM_SDP_CHATROOM: return cpm_sdp_attribute_en_of_chatroom;
  case CPM_SDP_FILE_SELECTOR: return cpm_sdp_attribute_en_of_file_selector;
  case CPM_SDP_FILE_TRANSFER_ID: return cpm_sdp_attribute_en_of_file_transfer_id;
  case CPM_SDP_FILE_DISPOSITION: return cpm_sdp_attribute_en_of_file_disposition;
  case CPM_SDP_FILE_DATE: return cpm_sdp_attribute_en_of_file_date;
  case CPM_SDP_FILE_ICON: return cpm_sdp_attribute_en_of_file_icon;
  case CPM_SDP_FILE_RANGE: return cpm_sdp_attribute_en_of_file_range;
  case CPMI_SDP_FILE_NAME: return cpm_sdp_attribute_en_of_file_name;
  default: return cpm_sdp_attribute_en_of_file_type;
  }
}

const char *cpmi_sdp_attribute_machine(cpmi_sdp_attribute_marks *m, int id, cpm_str in) {
  memset(m, 0, sizeof *m);
  const char *p = in.p, *const pe = p + in.n, *const eof = pe;
  int cs = sdp_attribute_entry(id);
  %% write exec;
  return cs >= cpm_sdp_attribute_first_final ? NULL : p;
}
