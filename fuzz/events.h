/* SPDX-License-Identifier: MIT */
/* events.h - what the fuzzers of machines and blocks have in common: events, args and statuses that a machine is likely to take, so that
 * few bytes lead far. Each byte `which` also leads elsewhere. */
#ifndef FUZZ_EVENTS_H
#define FUZZ_EVENTS_H

#include "engine.h"

/* Half of the time an event that has a row in this state, then one that has a row, then any. */
static inline cpm_event_type events_type(const cpm_machine *m, bool leg, unsigned state, unsigned which) {
  uint8_t heard[2][CPM_EVENT_COUNT];
  uint64_t seen[2] = { 0, 0 };
  unsigned n[2] = { 0, 0 };
  for (cpmi_row_walk w = cpmi_walk_rows(m, leg); cpmi_next_row(&w);) {
    for (unsigned all = 0; all < 2 && w.event < CPM_EVENT_COUNT && cpmi_kind_of(w.event) != CPMI_INNER; all++) {
      if ((seen[all] >> w.event & 1u) || (!all && !(cpmi_state_set(w.state) >> state & 1u))) continue;
      seen[all] |= UINT64_C(1) << w.event;
      heard[all][n[all]++] = (uint8_t)w.event;
    }
  }
  if (which < 192 && n[0]) return (cpm_event_type)heard[0][which % n[0]];
  return which < 240 && n[1] ? (cpm_event_type)heard[1][which % n[1]] : (cpm_event_type)(which % (CPM_EVENT_COUNT + 1));
}

/* A status that the event may have; 0: none came. */
static inline unsigned events_status(cpm_event_type type, unsigned which) {
  static const uint16_t statuses[] = { 180, 200, 202, 302, 404, 415, 486, 488, 603, 699, 100 };
  enum { STATUSES = sizeof statuses / sizeof *statuses };
  for (unsigned i = 0; i < STATUSES && which < 224; i++) {
    const unsigned status = statuses[(which + i) % STATUSES];
    if (cpm_event_of_response(CPM_METHOD_MESSAGE, status) == type || cpm_event_of_response(CPM_METHOD_INVITE, status) == type) return status;
  }
  if (type == CPM_EVENT_invite_fork) return which % 8 ? 200 : 180;
  return type == CPM_EVENT_bye_done || type == CPM_EVENT_reinvite_done ? 200 : which >= 224 ? statuses[which % STATUSES] : 0;
}

/* The dialog that a forked 2xx made; sometimes none, or one where there is none. */
static inline uint64_t events_dialog(cpm_event_type type, unsigned which) { return (type == CPM_EVENT_invite_fork) == (which % 16 != 15) ? 1 + which : 0; }

/* The leg that a chunk came on which was kept; sometimes one that is not there. */
static inline uint32_t events_from(cpm_event_type type, unsigned which, uint32_t legs) {
  return type == CPM_EVENT_on_loaded && which % 2 ? which / 2 % (legs + 1) : CPM_NO_LEG;
}

/* The field of the index-th capture that takes an arg of this event; CPM_FIELD_NONE: there are no more. */
static inline cpm_field events_field(const cpm_machine *m, const cpm_event *e, unsigned index) {
  const cpmi_capture *g;
  for (size_t i = 0; (g = cpmi_capture_at(m, i)) != NULL; i++) {
    const bool arg = g->source == CPMI_FROM_ARG || g->source == CPMI_FROM_ARG_NOW || g->source == CPMI_FROM_SDP;
    if (arg && g->event == e->type && (g->leg != 0) == (e->leg != CPM_NO_LEG) && index-- == 0) return (cpm_field)g->field;
  }
  return CPM_FIELD_NONE;
}

/* The head of a chunk, for the events that have one. */
static inline const cpm_msrp *events_head(cpm_event_type type, unsigned which) {
  static const cpm_msrp heads[] = {
    { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, 2048, 5000 }, .content_type = CPM_STR("message/cpim"), .body = true },
    { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 2049, CPM_MSRP_ANY, CPM_MSRP_ANY }, .body = true },
    { .method = CPM_MSRP_SEND, .has_range = true, .range = { 0, UINT64_MAX, 1 } }, { .method = CPM_MSRP_REPORT },
    { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 11, CPM_MSRP_ANY, CPM_MSRP_ANY }, .content_type = CPM_STR("message/cpim"), .body = true,
      .flag = '$', .success_report = true },
    { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, CPM_MSRP_ANY, CPM_MSRP_ANY }, .content_type = CPM_STR("message/cpim"), .body = true, .flag = '+' },
    { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1234"), .has_range = true, .range = { UINT64_MAX - 2, CPM_MSRP_ANY, CPM_MSRP_ANY }, .body = true, .flag = '#' },
    { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1"), .has_range = true, .range = { 1, 0, 0 }, .flag = '$', .to_path = CPM_STR("msrp://a.example.com:1/s;tcp") },
  };
  static const cpm_msrp reports[] = {
    { .method = CPM_MSRP_REPORT, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, 40, 40 }, .report_status = 200 },
    { .method = CPM_MSRP_REPORT, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, UINT64_MAX, UINT64_MAX }, .report_status = 200 },
    { .method = CPM_MSRP_REPORT, .has_range = true, .range = { 0, UINT64_MAX - 1, 1 }, .report_status = 200 }, { .method = CPM_MSRP_REPORT, .report_status = 413 },
  };
  if (type == CPM_EVENT_on_report && which % 8) return &reports[which % 4];
  return type == CPM_EVENT_on_chunk || type == CPM_EVENT_on_loaded ? &heads[which % 8] : NULL;
}

/* Files of a user, some of which are none. */
static inline size_t events_files(cpm_event *e, unsigned which) {
  static const cpm_file files[] = {
    { .selector = { .name = CPM_STR("a%22.txt"), .type = CPM_STR("text/plain"), .has_size = true, .size = 40 }, .item = 1 },
    { .pull = true, .selector = { .name = CPM_STR("b"), .hashes = CPM_STR("hash:x:00:01") }, .from = 7 },
    { .selector = { .type = CPM_STR("a/b;c=d"), .has_size = true, .size = 5000 }, .from = 4990, .disposition = CPM_STR("render"), .icon = CPM_STR("cid:a"), .item = 2 },
    { .pull = true, .selector = { .has_size = true, .size = UINT64_MAX } }, { .from = 1, .transfer_id = CPM_STR("a b") },
    { .selector = { .name = CPM_STR("\r\n"), .type = CPM_STR("a/b"), .has_size = true, .size = 1 }, .date = CPM_STR("creation:\"x\"") },
  };
  const size_t n = e->type == CPM_EVENT_send || which >= 240 ? which % 4 : 0;
  e->files = &files[which % 16 < 12 ? 0 : which % 3];
  e->nfiles = n;
  return n;
}

/* The head of a message that came in chunks, for the event that has one. */
static inline cpm_str events_message(cpm_event_type type, unsigned which) {
#define EVENTS_CPIM "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\nDateTime: 2020-09-27T04:02:25Z\r\nNS: imdn <urn:ietf:params:imdn>\r\n" \
                    "imdn.Message-ID: m-1\r\nimdn.Disposition-Notification: positive-delivery, negative-delivery\r\n\r\nContent-Type: "
  static const cpm_str messages[] = {
    CPM_STR(EVENTS_CPIM "text/plain\r\n\r\nhello"), CPM_STR(EVENTS_CPIM "video/mp4\r\n\r\nhello"), CPM_STR("hello"),
    CPM_STR(EVENTS_CPIM "message/imdn+xml\r\nContent-Disposition: notification\r\n\r\n<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"><message-id>1</message-id>"
            "<datetime>2020-09-27T04:02:25Z</datetime><delivery-notification><status><delivered/></status></delivery-notification></imdn>"),
  };
  return type == CPM_EVENT_on_loaded && which % 8 < 7 ? messages[which % 4] : cpm_str_none();
}

/* A value that fits the field. */
static inline cpm_arg events_arg(cpm_field field, unsigned which) {
  static const char *const uris[] = { "sip:bob@example.com", "tel:+12025550100", "sip:anonymous@anonymous.invalid" };
  static const char *const ids[] = { "m", "4f93f0fe-86d6-462c-9ba2-e4bc3d1cafcc" };
  const cpmi_type type = field > CPM_FIELD_NONE && field < CPM_FIELD_COUNT ? cpmi_field_type(field) : CPMI_NUMBER;
  cpm_arg arg = { .field = field, .number = which % 32, .item = 1, .len = which < 250 ? which : 65000 };
  switch (type) {
  case CPMI_URI:    arg.text = cpm_str_z(uris[which % 3]); break;
  case CPMI_ID:     arg.text = cpm_str_z(ids[which % 2]); break;
  case CPMI_MEDIA:  arg.text = cpm_str_z(which % 2 ? "text/plain" : "multipart/mixed;boundary=b"); break;
  case CPMI_MEDIAS: arg.text = cpm_str_z("text/plain, image/png"); break;
  case CPMI_PATH:   arg.text = cpm_str_z(which % 2 ? "msrp://192.0.2.1:2855/s;tcp" : "msrp://relay.example.com;tcp msrps://[2001:db8::1]:9/s2;tcp"); break;
  case CPMI_SESSION_OF: arg.text = cpm_str_z("s0a1"); break;
  case CPMI_IDENT:  arg.text = cpm_str_z("m1234"); break;
  case CPMI_ADDRS:  arg.text = cpm_str_z("<sip:r1@example.com>, <sip:r2@example.com>"); break;
  case CPMI_TEXT:   arg.text = cpm_str_z(which % 2 ? "2020-09-27T04:02:25Z" : "sip:bob@example.com"); break;
  case CPMI_FLAG:   arg.number = which % 4 != 3; break;
  case CPMI_ENUM:   arg.number = 1 + which % cpmi_enum_count(field); break;
  default: break;
  }
  return arg;
}

/* Legs of a machine that no row makes legs for: the host's session has them from the start. */
static inline void events_legs(cpm_proc *p, const cpm_machine *m, unsigned kinds) {
  const cpmi_row *row;
  for (size_t i = 0; (row = cpmi_row_at(m, false, i)) != NULL; i++)
    for (unsigned k = 0; k < CPMI_OPS_A_ROW; k++)
      if (cpmi_op_makes_legs(row->ops[k].op)) return;
  for (unsigned k = 0; k < 3 && m->leg_kinds.n; k++, kinds /= 4) cpmi_add_leg(p, m, m->leg_kinds.p[kinds % m->leg_kinds.n], NULL);
}

#endif
