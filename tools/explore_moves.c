/* SPDX-License-Identifier: MIT */
/* explore_moves.c - the events that the world may bring at a node: answers that it owes, requests, what the user and the host may do.
 * What no world may bring is never tried. */
#include "explore.h"
#include <string.h>

static uint64_t moves_txn(unsigned side, unsigned kind) { return (uint64_t)side * EXPLORE_TXNS + kind; }

/* ---- moves -------------------------------------------------------------------------------------------------------- */

typedef struct moves {
  explore_run *r;
  const explore_world *w;
  const cpm_proc *p;
  explore_give *give;
  uint32_t leg;
  unsigned i; /* side */
  explore_world after;
  explore_event x;
  unsigned again;      /* chunk that the event brings again, counted from 1; 0: none */
} moves;

/* A whole message whose content is to be fetched. */
static const char moves_external[] = "From: <sip:a@example.com>\r\nTo: <sip:b@example.com>\r\n\r\n"
                                     "Content-Type: message/external-body;access-type=URL;URL=\"imap://store.example.com/1?action=fetch\"\r\n\r\n"
                                     "Content-Type: text/plain\r\nContent-ID: <1@example.com>\r\n\r\n";
static const cpm_msrp moves_whole = { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m5555"), .has_range = true, .range = { 1, sizeof moves_external - 1, sizeof moves_external - 1 },
                                      .content_type = CPM_STR("message/cpim"), .body = true, .flag = '$' };

/* The same in two chunks. */
enum { MOVES_REST = 2048, MOVES_BEGUN = sizeof moves_external - 1, MOVES_BOTH = MOVES_BEGUN + MOVES_REST };
static const cpm_msrp moves_begun = { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m5555"), .has_range = true, .range = { 1, CPM_MSRP_ANY, MOVES_BOTH },
                                      .content_type = CPM_STR("message/cpim"), .body = true, .flag = '+' };
static const cpm_msrp moves_rest = { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m5555"), .has_range = true, .range = { MOVES_BEGUN + 1, MOVES_BOTH, MOVES_BOTH },
                                     .content_type = CPM_STR("message/cpim"), .body = true, .flag = '$' };

static void moves_bring_external(explore_event *x) {
  x->e.msrp = &moves_whole;
  x->e.head = cpm_str_of(moves_external, sizeof moves_external - 1);
  x->e.len = sizeof moves_external - 1;
}

static const explore_side *moves_side(const moves *m) { return &m->w->side[m->i]; }

/* The world as it will be, to be changed. */
static explore_side *moves_then(moves *m) {
  m->after = *m->w;
  return &m->after.side[m->i];
}

static void moves_simple(moves *m, cpm_event_type type) {
  explore_event_init(&m->x, type, m->leg);
  m->give(m->r, &m->x, &m->after);
}

static void moves_field(moves *m, cpm_sip_header id, const char *value) {
  m->x.fields[m->x.sip.nfields++] = (cpm_sip_field){ id, cpm_sip_header_name(id), cpm_str_z(value), NULL, NULL };
}

static void moves_response(moves *m, cpm_event_type type, unsigned status) {
  explore_event_init(&m->x, type, m->leg);
  explore_event_response(&m->x, status);
  if (status) moves_field(m, CPM_SIP_WARNING, "399 next.example.com \"122 Function not allowed\"");
  m->give(m->r, &m->x, &m->after);
}

static const cpm_agent *moves_agent(const moves *m) { return &m->r->agent[m->w->agent]; }

/* Does the machine have a row for the event, on this side, in one of the states? */
static bool moves_takes(const moves *m, cpm_event_type type, uint64_t states) {
  for (cpmi_row_walk w = cpmi_walk_rows(m->r->c.m, m->i > 0); cpmi_next_row(&w);)
    if (!w.r->ignore && w.event == type && (cpmi_state_set(w.state) & states)) return true;
  return false;
}

/* In every form that its args and recipients can have. */
static void moves_args(moves *m, cpm_event_type type, bool all) {
  explore_choice c = { .plain = !all };
  do {
    explore_event_init(&m->x, type, m->leg);
    explore_args(m->r, m->p, moves_agent(m), &m->x, &c);
    if (m->again) {
      moves_bring_external(&m->x);
      m->x.e.item = (uint64_t)EXPLORE_ITEM + m->again - 1u;
    }
    m->give(m->r, &m->x, &m->after);
  } while (explore_choice_next(&c));
}

/* The head of a chunk. */
static const cpm_msrp moves_head = { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, 2048, 4096 },
                                     .content_type = CPM_STR("message/cpim"), .body = true };

static const uint16_t moves_refusals[] = { 415, 404, 486, 302 };

/* ---- answers to our requests -------------------------------------------------------------------------------------- */

static void moves_message_ok(moves *m) {
  moves_then(m)->message = EXPLORE_NONE;
  moves_response(m, CPM_EVENT_message_ok, 202);
  if (!explore_event_captures(m->r->c.m, CPM_EVENT_message_ok, m->i > 0, CPMI_FROM_VALUE)) return;
  explore_event_init(&m->x, CPM_EVENT_message_ok, m->leg);
  explore_event_response(&m->x, 200);
  explore_event_note(&m->x, " Message-UID");
  moves_field(m, CPM_SIP_MESSAGE_UID, "uid-1");
  m->give(m->r, &m->x, &m->after);
}

static void moves_message_answers(moves *m) {
  if (moves_side(m)->message == EXPLORE_OWED) {
    moves_then(m)->message = EXPLORE_TRYING;
    moves_response(m, CPM_EVENT_message_1xx, 100);
  }
  moves_message_ok(m);
  moves_then(m)->message = EXPLORE_NONE;
  for (size_t i = 0; i < sizeof moves_refusals / sizeof *moves_refusals; i++)
    moves_response(m, CPM_EVENT_message_fail, moves_refusals[i]);
  moves_response(m, CPM_EVENT_message_timeout, 0);
}

/* Is this side walked with session timers? */
static bool moves_refreshes(const moves *m) { return (m->r->c.refresh & (m->i ? EXPLORE_REFRESH_LEGS : EXPLORE_REFRESH_CALL)) != 0; }

/* Answers as they may come; the third one is of no use. */
static void moves_described(moves *m, cpm_event_type type) {
#define MOVES_ANSWER "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=message 2855 TCP/MSRP *\r\na=recvonly\r\n" \
                     "a=accept-types:message/cpim\r\na=path:msrp://peer.example.com:2855/s1;tcp\r\n"
  static const struct { const char *name, *sdp, *timer, *allow; } answers[] = {
    { "passive", MOVES_ANSWER "a=setup:passive\r\n", NULL, NULL }, { "active", MOVES_ANSWER "a=setup:active\r\n", NULL, NULL },
    { "unusable", MOVES_ANSWER "a=setup:actpass\r\n", NULL, NULL },
    { "passive timer", MOVES_ANSWER "a=setup:passive\r\n", "1800;refresher=uac", NULL },
    { "active timer", MOVES_ANSWER "a=setup:active\r\n", "1800;refresher=uas", NULL },
    { "passive timer update", MOVES_ANSWER "a=setup:passive\r\n", "1800;refresher=uac", "INVITE, UPDATE" },
    { "cema", MOVES_ANSWER "a=setup:passive\r\na=msrp-cema\r\n", NULL, NULL },
  };
  enum { CEMA = sizeof answers / sizeof *answers - 1 };
  const bool timed = moves_refreshes(m) && explore_event_captures(m->r->c.m, type, m->i > 0, CPMI_FROM_INTERVAL);
  const bool told = explore_event_captures(m->r->c.m, type, m->i > 0, CPMI_FROM_SDP);
  for (unsigned form = 0; form < (told ? sizeof answers / sizeof *answers : 1); form++) {
    if ((answers[form].timer && !timed) || (form == CEMA && type != CPM_EVENT_established)) continue;
    if (form >= 3 && form < CEMA && form % 2 && (m->w->agent % 2 != 0) != (answers[form].allow != NULL)) continue; /* one agent has peers that take UPDATE */
    explore_event_init(&m->x, type, m->leg);
    explore_event_response(&m->x, 200);
    if (told) {
      explore_event_note(&m->x, " %s", answers[form].name);
      moves_field(m, CPM_SIP_CONTENT_TYPE, "application/sdp");
      m->x.sip.body = cpm_str_z(answers[form].sdp);
      if (answers[form].timer) moves_field(m, CPM_SIP_SESSION_EXPIRES, answers[form].timer);
      if (answers[form].allow) moves_field(m, CPM_SIP_ALLOW, answers[form].allow);
    }
    m->give(m->r, &m->x, &m->after);
  }
}

static void moves_invite_ok(moves *m) {
  moves_then(m)->invite = EXPLORE_ANSWERED;
  moves_described(m, CPM_EVENT_invite_ok);
}

/* ---- files: an m line a leg ----------------------------------------------------------------------------------------- */

static bool moves_has_files(const moves *m) {
  const cpmi_row *row;
  for (size_t i = 0; (row = cpmi_row_at(m->r->c.m, false, i)) != NULL; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++)
      if (row->ops[k].op == CPMI_OP_FILES || row->ops[k].op == CPMI_OP_OFFERED) return true;
  return false;
}

/* One digit for each m line: passive, active, refused, of no use. */
static void moves_describe(moves *m, unsigned forms, unsigned lines, bool timer) {
  static const char *const names[] = { " passive", " active", " port 0", " actpass" };
  char *const text = m->x.body;
  const size_t room = sizeof m->x.body;
  size_t n = (size_t)snprintf(text, room, "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n");
  for (unsigned k = 0; k < lines; k++, forms /= 4) {
    const bool pull = k < m->p->nlegs && cpmi_leg_at(m->p, m->r->c.m, k)->kind == CPMI_KIND_pull;
    explore_event_note(&m->x, "%s", names[forms % 4]);
    n += (size_t)snprintf(text + n, room - n, "m=message %u TCP/MSRP *\r\n", forms % 4 == 2 ? 0 : 2855);
    if (forms % 4 == 2) continue;
    n += (size_t)snprintf(text + n, room - n, "a=%s\r\na=accept-types:*\r\na=path:msrp://peer.example.com:2855/s%u;tcp\r\na=setup:%s\r\n",
                          pull ? "sendonly" : "recvonly", k, names[forms % 4] + 1);
  }
  moves_field(m, CPM_SIP_CONTENT_TYPE, "application/sdp");
  if (timer) moves_field(m, CPM_SIP_SESSION_EXPIRES, "1800;refresher=uac");
  m->x.sip.body = cpm_str_of(text, n);
}

static void moves_files_ok(moves *m) {
  const unsigned lines = m->p->nlegs < 3 ? m->p->nlegs : 2;
  unsigned all = 1;
  for (unsigned k = 0; k < lines; k++) all *= 4;
  moves_then(m)->invite = EXPLORE_ANSWERED;
  for (unsigned form = 0; form <= 2 * all; form++) {
    explore_event_init(&m->x, CPM_EVENT_invite_ok, m->leg);
    explore_event_response(&m->x, 200);
    moves_describe(m, form % all, m->p->nlegs, form >= all);
    if (form == 2 * all) {
      moves_field(m, CPM_SIP_ALLOW, "INVITE, ACK, CANCEL, BYE, UPDATE");
      explore_event_note(&m->x, " update");
    }
    m->give(m->r, &m->x, &m->after);
  }
}

/* They refresh the session, close a file, or do what cannot be followed. lines 0: no description. */
static void moves_their_change(moves *m, cpm_sip_method method, unsigned forms, unsigned lines, bool timer) {
  explore_side *then = moves_then(m);
  then->again = method == CPM_METHOD_INVITE ? then->in_invite : 0;
  if (method == CPM_METHOD_INVITE) then->in_invite = EXPLORE_OWED;
  else then->in_reinvite = EXPLORE_OWED;
  explore_event_init(&m->x, CPM_EVENT_on_reinvite, m->leg);
  explore_event_note(&m->x, " %s", method == CPM_METHOD_INVITE ? "INVITE" : "UPDATE");
  m->x.e.sip = &m->x.sip;
  m->x.e.txn = moves_txn(m->i, method == CPM_METHOD_INVITE ? EXPLORE_TXN_INVITE : EXPLORE_TXN_REINVITE);
  m->x.sip.method = method;
  if (timer) moves_field(m, CPM_SIP_SESSION_EXPIRES, "1800;refresher=uac");
  if (lines) moves_describe(m, forms, lines, false);
  m->give(m->r, &m->x, &m->after);
}

static void moves_their_changes(moves *m) {
  static const cpm_sip_method methods[] = { CPM_METHOD_INVITE, CPM_METHOD_UPDATE };
  const unsigned lines = m->p->nlegs;
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    for (unsigned k = 0; k < lines; k++) moves_their_change(m, methods[i], 2u << 2 * k, lines, false);
    moves_their_change(m, methods[i], 0, lines, true);
    moves_their_change(m, methods[i], 0, lines + 1, false);
    moves_their_change(m, methods[i], 0, 0, false);
    moves_their_change(m, methods[i], 0, 0, true);
  }
}

static void moves_file_chunk(moves *m, const char *name, uint64_t start, uint64_t len, char flag, const char *id) {
  moves_then(m)->binds = 1;   /* has a response at once */
  explore_event_init(&m->x, CPM_EVENT_on_chunk, m->leg);
  m->x.msrp = moves_head;
  m->x.msrp.body = len != 0;
  m->x.msrp.flag = flag;
  m->x.msrp.message_id = id ? cpm_str_z(id) : cpm_str_none();
  m->x.msrp.range = (cpm_msrp_range){ start, len ? CPM_MSRP_ANY : 0, len ? 300 : 0 };
  if (*name == 's') m->x.msrp.to_path = cpm_str_z("msrp://own.example.com:2855/nowhere;tcp");
  if (*name == 'r') m->x.msrp.success_report = true;
  m->x.e.msrp = &m->x.msrp;
  m->x.e.len = len;
  explore_event_note(&m->x, " %s", name);
  m->give(m->r, &m->x, &m->after);
}

/* A file of 300 octets in two chunks, in either order and again; what is none of it; and nothing, which binds. */
static void moves_file_chunks(moves *m) {
  const uint64_t start = (uint64_t)cpmi_number(m->p, m->r->c.m, m->leg, CPM_FIELD_range_start), from = start ? start : 1;
  moves_file_chunk(m, "binding", 1, 0, '$', "m1");
  moves_file_chunk(m, "first", from, from < 201 ? 201 - from : 50, '+', "m1234");
  if (cpmi_leg_at(m->p, m->r->c.m, m->leg)->kind == CPMI_KIND_push) return;
  moves_file_chunk(m, "last", 201, 100, '$', "m1234");
  moves_file_chunk(m, "reported", 201, 100, '$', "m1234");
  moves_file_chunk(m, "aborted", from, 1, '#', "m1234");
  moves_file_chunk(m, "stray", from, 1, '+', "m1234");
  moves_file_chunk(m, "of another", from, 1, '+', "m9999");
  moves_file_chunk(m, "excessive", from, 1000, '+', "m1234");
  moves_file_chunk(m, "broken", from, 1, '+', NULL);
  if (!moves_takes(m, CPM_EVENT_on_octets, ~UINT64_C(0))) return;
  moves_then(m);
  moves_simple(m, CPM_EVENT_on_octets);
}

static void moves_report(moves *m, uint64_t end, unsigned status) {
  moves_then(m);
  explore_event_init(&m->x, CPM_EVENT_on_report, m->leg);
  m->x.msrp = (cpm_msrp){ .method = CPM_MSRP_REPORT, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, end, 300 }, .report_status = status };
  m->x.e.msrp = &m->x.msrp;
  explore_event_note(&m->x, " %u 1-%u", status, (unsigned)end);
  m->give(m->r, &m->x, &m->after);
}

static void moves_invite_answers(moves *m) {
  const bool cancelled = moves_side(m)->cancelled != 0;
  if (moves_side(m)->invite == EXPLORE_OWED) {
    moves_then(m)->invite = EXPLORE_TRYING;
    moves_response(m, CPM_EVENT_invite_1xx, 180);
  }
  if (moves_has_files(m)) moves_files_ok(m);
  else moves_invite_ok(m); /* also when it crosses our CANCEL */
  moves_then(m)->invite = EXPLORE_NONE;
  for (size_t i = 0; i < sizeof moves_refusals / sizeof *moves_refusals && !cancelled; i++)
    moves_response(m, CPM_EVENT_invite_fail, moves_refusals[i]);
  if (cancelled) moves_response(m, CPM_EVENT_invite_fail, 487);
  moves_response(m, CPM_EVENT_invite_timeout, 0);
}

/* The first 2xx has come, whatever became of its dialog: a second one may, as long as the procedure is there. */
static void moves_fork(moves *m) {
  moves_then(m);
  m->after.fork = EXPLORE_ANSWERED;
  explore_event_init(&m->x, CPM_EVENT_invite_fork, m->leg);
  explore_event_response(&m->x, 200);
  m->x.e.dialog = 77;
  m->give(m->r, &m->x, &m->after);
}

static void moves_bye_answers(moves *m) {
  explore_side *then = moves_then(m);
  then->bye = then->invite = then->in_invite = then->reinvite = EXPLORE_NONE; /* with the dialog all that was pending in it ends */
  moves_response(m, CPM_EVENT_bye_done, 200);
  moves_response(m, CPM_EVENT_bye_done, 0);
  if (!explore_event_captures(m->r->c.m, CPM_EVENT_bye_done, m->i > 0, CPMI_FROM_VALUE)) return;
  explore_event_init(&m->x, CPM_EVENT_bye_done, m->leg);
  explore_event_response(&m->x, 200);
  explore_event_note(&m->x, " Message-UID");
  moves_field(m, CPM_SIP_MESSAGE_UID, "uid-1");
  m->give(m->r, &m->x, &m->after);
}

static void moves_answers(moves *m) {
  const explore_side *s = moves_side(m);
  if (s->message) moves_message_answers(m);
  if (s->invite == EXPLORE_OWED || s->invite == EXPLORE_TRYING) moves_invite_answers(m);
  if (s->bye) moves_bye_answers(m);
  if (s->invite >= EXPLORE_ANSWERED && !m->w->done && moves_takes(m, CPM_EVENT_invite_ok, ~UINT64_C(0))) moves_fork(m);
  if (!s->reinvite) return;
  moves_then(m)->reinvite = EXPLORE_NONE;
  static const uint16_t statuses[] = { 200, 0, 481, 488, 491 };
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) moves_response(m, CPM_EVENT_reinvite_done, statuses[i]);
  if (!explore_event_captures(m->r->c.m, CPM_EVENT_reinvite_done, m->i > 0, CPMI_FROM_INTERVAL)) return;
  explore_event_init(&m->x, CPM_EVENT_reinvite_done, m->leg);
  explore_event_response(&m->x, 200);
  explore_event_note(&m->x, " timer");
  moves_field(m, CPM_SIP_SESSION_EXPIRES, "1800;refresher=uac");
  m->give(m->r, &m->x, &m->after);
}

/* ---- their requests ----------------------------------------------------------------------------------------------- */

static void moves_request(moves *m, cpm_event_type type, unsigned kind, bool all) {
  explore_choice c = { .plain = !all };
  do {
    explore_request(m->r, moves_agent(m), &m->x, &c, type, m->leg);
    m->x.e.txn = moves_txn(m->i, kind);
    m->give(m->r, &m->x, &m->after);
  } while (explore_choice_next(&c));
}

/* Refreshes, with an offer of the same path, of another one, without an offer; as INVITE and as UPDATE. They wait while ours is out. */
static void moves_their_reinvite(moves *m) {
#define MOVES_OFFER "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=message 2855 TCP/MSRP *\r\na=accept-types:message/cpim\r\na=path:"
  static const struct { const char *name, *timer; cpm_sip_method method; bool offer, other; } forms[] = {
    { "update", NULL, CPM_METHOD_UPDATE, false, false }, { "update uac", "1800;refresher=uac", CPM_METHOD_UPDATE, false, false },
    { "update offer", "1800", CPM_METHOD_UPDATE, true, false }, { "invite uas", "1800;refresher=uas", CPM_METHOD_INVITE, true, false },
    { "invite", NULL, CPM_METHOD_INVITE, false, false }, { "invite elsewhere", NULL, CPM_METHOD_INVITE, true, true },
  };
  const cpm_str path = cpmi_text(m->p, m->r->c.m, m->leg, CPM_FIELD_path);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    moves_then(m)->in_reinvite = EXPLORE_OWED;
    explore_event_init(&m->x, CPM_EVENT_on_reinvite, m->leg);
    explore_event_note(&m->x, " %s", forms[i].name);
    m->x.sip.method = forms[i].method;
    m->x.e.sip = &m->x.sip;
    m->x.e.txn = moves_txn(m->i, EXPLORE_TXN_REINVITE);
    if (forms[i].timer) moves_field(m, CPM_SIP_SESSION_EXPIRES, forms[i].timer);
    if (forms[i].offer) {
      const int n = snprintf(m->x.body, sizeof m->x.body, MOVES_OFFER "%.*s%s\r\n", (int)path.n, path.p ? path.p : "", forms[i].other ? "x" : "");
      moves_field(m, CPM_SIP_CONTENT_TYPE, "application/sdp");
      m->x.sip.body = cpm_str_of(m->x.body, (size_t)n);
    }
    m->give(m->r, &m->x, &m->after);
  }
}

/* A dialog that stands may be left by them: also while our BYE is out. */
static void moves_their_bye(moves *m) {
  explore_side *then = moves_then(m);
  then->in_bye = EXPLORE_OWED;
  then->byed = 1;
  then->in_invite = EXPLORE_NONE;
  then->reinvite = EXPLORE_NONE;
  if (then->invite == EXPLORE_ACKED) then->invite = EXPLORE_NONE;
  if (m->i == 0 && moves_side(m)->in_invite == EXPLORE_ACKED && !moves_side(m)->bye) m->after.complete = 1;
  moves_request(m, CPM_EVENT_on_bye, EXPLORE_TXN_BYE, true);
}

static void moves_requests(moves *m) {
  const explore_side *s = moves_side(m);
  if (s->in_invite == EXPLORE_OWED && !s->in_cancelled) {
    moves_then(m)->in_cancelled = 1;
    moves_request(m, CPM_EVENT_on_cancel, 0, false);
  }
  if (s->in_invite == EXPLORE_ANSWERED) {
    explore_side *then = moves_then(m);
    then->in_invite = then->invite == EXPLORE_ACKED ? EXPLORE_NONE : EXPLORE_ACKED;   /* of an INVITE in our dialog nothing stays */
    then->late = then->invite == EXPLORE_ACKED ? 0 : then->late;
    moves_request(m, CPM_EVENT_on_ack, 0, false);
  }
  const bool stands = s->invite == EXPLORE_ACKED || s->in_invite >= EXPLORE_ANSWERED, files = moves_has_files(m);
  if (stands && files && m->i == 0 && !s->byed && (!s->in_invite || (s->in_invite >= EXPLORE_ANSWERED && !s->invite))) moves_their_changes(m);
  else if (moves_refreshes(m) && !files && explore_has_dialog(s) && !s->reinvite && moves_takes(m, CPM_EVENT_on_reinvite, ~UINT64_C(0))) moves_their_reinvite(m);
  if (explore_has_dialog(s)) moves_their_bye(m);
}

/* ---- media, timers, answers of the host --------------------------------------------------------------------------- */

/* Of the oldest push that has no response: all but the last one are full. */
static uint64_t moves_octets(const moves *m) {
  const cpm_machine *machine = m->r->c.m;
  const uint64_t pushed = (uint64_t)cpmi_number(m->p, machine, m->leg, CPM_FIELD_pushed), acked = (uint64_t)cpmi_number(m->p, machine, m->leg, CPM_FIELD_acked);
  const uint64_t chunk = moves_agent(m)->chunk_size;
  return moves_side(m)->push > 1 && pushed - acked > chunk ? chunk : pushed - acked;
}

/* Without a response, and with one where a fact or a field tells them apart. */
/* The chunk whose response it is. */
static void moves_item(moves *m) {
  if (moves_side(m)->sent[0]) m->x.e.item = EXPLORE_ITEM + moves_side(m)->sent[0] - 1u;
}

static void moves_msrp_fail(moves *m) {
  static const uint16_t statuses[] = { 0, 400, 413, 481 };
  const bool told = explore_event_captures(m->r->c.m, CPM_EVENT_msrp_fail, m->i > 0, CPMI_FROM_MSRP_STATUS);
  const unsigned forms = !told ? 1 : m->r->c.relays ? 2 : sizeof statuses / sizeof *statuses;   /* a status that is passed on decides nothing */
  for (unsigned i = 0; i < forms; i++) {
    const cpm_msrp response = { .status = statuses[i] };
    explore_event_init(&m->x, CPM_EVENT_msrp_fail, m->leg);
    moves_item(m);
    if (statuses[i]) m->x.e.msrp = &response;
    explore_event_note(&m->x, "(%u)", statuses[i]);
    m->give(m->r, &m->x, &m->after);
  }
}

/* The leg that brought the chunk. */
static uint32_t moves_source(const moves *m, unsigned chunk) {
  for (uint32_t k = 0; k < EXPLORE_LEGS; k++)
    if (m->w->side[k + 1].brought >> (chunk - 1u) & 1u) return k;
  return CPM_NO_LEG;
}

/* The first response that is missing. */
static void moves_answered(moves *m) {
  explore_side *then = moves_then(m);
  then->push--;
  memmove(then->sent, then->sent + 1, sizeof then->sent - 1);
  then->sent[EXPLORE_SENT - 1] = 0;
}

/* How much is under way without this one. */
static void moves_open(moves *m) {
  unsigned owed = 0, open = 0;
  if (!explore_event_captures(m->r->c.m, CPM_EVENT_msrp_ok, m->i > 0, CPMI_FROM_ARG_NOW)) return;
  for (unsigned i = 0; i <= EXPLORE_LEGS; i++) owed |= m->w->side[i].owed;
  if (moves_side(m)->sent[0]) owed &= ~(1u << (moves_side(m)->sent[0] - 1u));
  for (; owed; owed &= owed - 1) open++;
  explore_event_number(&m->x, CPM_FIELD_open_messages, open);
}

static void moves_responses(moves *m) {
  moves_answered(m);
  explore_event_init(&m->x, CPM_EVENT_msrp_ok, m->leg);
  m->x.e.len = moves_octets(m);
  moves_item(m);
  moves_open(m);
  m->give(m->r, &m->x, &m->after);
  if (!m->r->c.calm) moves_msrp_fail(m);
}

/* A message of as many chunks as the run has, each of them at any time, once or again, and what is none of it. */
static void moves_piece(moves *m, const cpm_msrp *head, uint64_t n, const char *name) {
  /* what the session is like is said with the first one */
  const bool args = m->p->state == m->r->c.m->init;
  explore_choice c = { .plain = !m->r->c.all_requests };
  do {
    explore_event_init(&m->x, CPM_EVENT_on_chunk, m->leg);
    if (args) explore_args(m->r, m->p, moves_agent(m), &m->x, &c);
    m->x.e.item = EXPLORE_ITEM;
    m->x.e.len = n;
    m->x.e.msrp = head;
    explore_event_note(&m->x, " %s", name);
    moves_then(m)->owed = 1;
    m->after.begun = 1;
    m->give(m->r, &m->x, &m->after);
  } while (args && explore_choice_next(&c));
}

static void moves_pieces(moves *m) {
  static const char *const names[] = { "first", "second", "third", "fourth" };
  cpm_msrp head = moves_head;
  const uint64_t all = m->r->c.chunks * UINT64_C(2048);
  for (unsigned i = 0; i < m->r->c.chunks && i < sizeof names / sizeof *names; i++)
    for (unsigned report = 0; report < 2; report++) {
      head.range = (cpm_msrp_range){ i * UINT64_C(2048) + 1, CPM_MSRP_ANY, all };
      head.success_report = report;
      moves_piece(m, &head, 2048, names[i]);
    }
  head.range = (cpm_msrp_range){ 1, CPM_MSRP_ANY, CPM_MSRP_ANY };
  head.success_report = false;
  if (explore_borrows(m->r->c.m)) moves_piece(m, &head, 2048, "of no total");
  head.range = (cpm_msrp_range){ 1, 0, 0 };
  head.body = false;
  moves_piece(m, &head, 0, "binding");
  head = moves_head;
  head.flag = '#';
  moves_piece(m, &head, 10, "aborted");
  head = moves_head;
  head.to_path = cpm_str_z("msrp://own.example.com:2855/nowhere;tcp");
  moves_piece(m, &head, 10, "stray");
  head = moves_head;
  head.content_type = cpm_str_z("application/x-unknown");
  moves_piece(m, &head, 10, "mistyped");
  head = moves_head;
  head.message_id = cpm_str_z("m9999");
  moves_piece(m, &head, 10, "of another");
  head = moves_head;
  head.range = (cpm_msrp_range){ 1, CPM_MSRP_ANY, UINT64_C(1) << 60 };
  moves_piece(m, &head, 10, "excessive");
  head.range = (cpm_msrp_range){ 1, 10, 0 };
  head.message_id = cpm_str_none();
  head.range.total = 10;
  moves_piece(m, &head, 10, "broken");
}

/* A chunk that goes on; how it is, of a side that relays. */
static void moves_piece_on(moves *m, const cpm_msrp *head, const char *name) {
  const uint8_t bit = (uint8_t)(1u << m->w->chunks);
  explore_side *then = moves_then(m);
  then->owed |= bit;
  then->brought |= bit;
  m->after.current = ++m->after.chunks;
  explore_event_init(&m->x, CPM_EVENT_on_chunk, m->leg);
  if (name) explore_event_note(&m->x, " %s", name);
  m->x.e.item = (uint64_t)EXPLORE_ITEM + m->w->chunks;
  m->x.e.len = 2048;
  m->x.e.msrp = head;
  if (head == &moves_whole) {
    moves_bring_external(&m->x);
    m->after.external |= bit;
  }
  if (head == &moves_begun) {
    m->x.e.head = cpm_str_of(moves_external, MOVES_BEGUN);
    m->x.e.len = MOVES_BEGUN;
    m->after.begins = 1;
  }
  if (head == &moves_rest) m->after.external |= bit;
  m->give(m->r, &m->x, &m->after);
}

/* Of a message in two chunks whose content is to be fetched: the first one, it again, the other one, it given up. */
static void moves_in_two(moves *m) {
  cpm_msrp head = moves_rest;
  if (!m->w->chunks || m->w->begins) moves_piece_on(m, &moves_begun, "external, begins");
  if (!m->w->begins) return;
  head.flag = '#';
  moves_piece_on(m, &head, "external, aborted");
  if (!moves_side(m)->ask) moves_piece_on(m, &moves_rest, "external, rest");
}

/* One that does not. */
static void moves_piece_off(moves *m, const cpm_msrp *head, uint64_t n, const char *name) {
  moves_then(m)->binds = 1;
  explore_event_init(&m->x, CPM_EVENT_on_chunk, m->leg);
  explore_event_note(&m->x, " %s", name);
  m->x.e.len = n;
  m->x.e.msrp = head;
  m->give(m->r, &m->x, &m->after);
}

/* Two pieces make a message; deep down everything else too. */
static void moves_relay(moves *m) {
  cpm_msrp head = moves_head;
  head.range = m->w->chunks % 2 ? (cpm_msrp_range){ 2049, 4096, 4096 } : (cpm_msrp_range){ 1, 2048, 4096 };
  moves_piece_on(m, &head, m->w->chunks % 2 ? "second half" : NULL);
  if (!m->r->c.calm || m->r->c.chunks > 2) return;
  head.flag = '#';
  moves_piece_on(m, &head, "aborted");
  head = moves_head;
  head.message_id = cpm_str_z("m9999");
  moves_piece_on(m, &head, "of another");
  if (!moves_side(m)->ask) moves_piece_on(m, &moves_whole, "external");
  moves_in_two(m);
  head.to_path = cpm_str_z("msrp://own.example.com:2855/nowhere;tcp");
  moves_piece_off(m, &head, 10, "stray");
  head = moves_head;
  head.range = (cpm_msrp_range){ 1, CPM_MSRP_ANY, UINT64_C(1) << 60 };
  if (!m->w->chunks) moves_piece_off(m, &head, 10, "excessive");
  head.message_id = cpm_str_none();
  moves_piece_off(m, &head, 10, "broken");
}

/* The next chunk of the originator's message; from those who are only sent to, one that is out of place; a SEND that binds. */
static void moves_chunks(moves *m) {
  const bool sends = m->r->c.relays || (m->i == 0 && m->r->c.members);
  static const cpm_msrp binds = { .method = CPM_MSRP_SEND, .message_id = CPM_STR("m1"), .has_range = true, .range = { 1, 0, 0 } };
  if (sends && m->w->chunks == m->r->c.chunks) return;
  if (m->r->c.relays) moves_relay(m);
  else if (sends) moves_piece_on(m, &moves_head, NULL);
  else {
    moves_then(m)->owed |= (uint8_t)(1u << m->w->chunks);
    explore_event_init(&m->x, CPM_EVENT_on_chunk, m->leg);
    m->x.e.item = (uint64_t)EXPLORE_ITEM + m->w->chunks;
    m->x.e.len = 2048;
    m->x.e.msrp = &moves_head;
    m->give(m->r, &m->x, &m->after);
  }
  moves_piece_off(m, &binds, 0, "1-0/0");
}

/* What they say of what they got. */
static void moves_reports(moves *m) {
  static const cpm_msrp report = { .method = CPM_MSRP_REPORT, .message_id = CPM_STR("m1234"), .has_range = true, .range = { 1, 4096, 4096 }, .report_status = 200 };
  if (!m->r->c.relays || !(m->r->c.calm || m->r->c.chunks == 0)) return;
  moves_then(m);
  explore_event_init(&m->x, CPM_EVENT_on_report, m->leg);
  m->x.e.msrp = &report;
  m->give(m->r, &m->x, &m->after);
}

static bool moves_joins(const moves *m) { return explore_event_captures(m->r->c.m, CPM_EVENT_on_chunk, m->i > 0, CPMI_FROM_CHUNK_IS); }

/* Where chunks come on legs, what was pushed on a connection that breaks has failed before. */
static void moves_media(moves *m) {
  const explore_side *s = moves_side(m);
  if (s->media == EXPLORE_COMING) {
    moves_then(m)->media = EXPLORE_UP;
    moves_simple(m, CPM_EVENT_media_up);
  }
  if (s->media && !m->r->c.calm && !(m->r->c.relays && s->push)) {
    explore_unlink(moves_then(m));
    moves_simple(m, CPM_EVENT_media_down);
  }
  if (s->push) moves_responses(m);
  if (s->media == EXPLORE_UP && moves_takes(m, CPM_EVENT_writable, ~UINT64_C(0))) {
    moves_then(m);
    moves_simple(m, CPM_EVENT_writable);
  }
  if (s->media == EXPLORE_UP && m->i > 0 && moves_has_files(m)) {
    moves_file_chunks(m);
    if (moves_takes(m, CPM_EVENT_on_report, ~UINT64_C(0))) {
      moves_report(m, 300, 200);
      moves_report(m, 100, 200);
      moves_report(m, 300, 413);
    }
    return;
  }
  if (s->media == EXPLORE_UP && moves_takes(m, CPM_EVENT_on_octets, ~UINT64_C(0))) {
    moves_then(m);
    moves_simple(m, CPM_EVENT_on_octets);
  }
  if (s->media == EXPLORE_UP && moves_joins(m) && !m->r->c.relays) moves_pieces(m);
  else if (s->media == EXPLORE_UP && moves_takes(m, CPM_EVENT_on_chunk, ~UINT64_C(0))) moves_chunks(m);
  if (s->media == EXPLORE_UP) moves_reports(m);
}

static void moves_timers(moves *m) {
#define MOVES_TIMER(name, length, doc) CPM_EVENT_timer_##name,
  static const uint8_t events[] = { CPM_TIMERS(MOVES_TIMER) };
  for (unsigned t = 0; t < CPM_TIMER_COUNT; t++) {
    if (!((unsigned)moves_side(m)->timers >> t & 1u)) continue;
    explore_side *then = moves_then(m);
    then->timers &= ~(1u << t);
    if (t == CPM_TIMER_ack) then->late = 1;
    if (t == CPM_TIMER_linger) m->after.complete = 0;
    moves_simple(m, (cpm_event_type)events[t]);
  }
}

static void moves_head_of(moves *m) {
  explore_choice c = { .plain = !m->r->c.all_requests };
  do {
    explore_loaded(m->r, m->p, moves_agent(m), &m->x, &c);
    m->give(m->r, &m->x, &m->after);
  } while (explore_choice_next(&c));
}

/* What was kept is kept with the content that was fetched for it. */
static void moves_bring_fetched(moves *m) {
  moves_bring_external(&m->x);
  m->x.args[m->x.e.nargs++] = (cpm_arg){ CPM_FIELD_fetched, { NULL, 0 }, 0, 77, 0, 11 };
  explore_event_text(&m->x, CPM_FIELD_fetched_type, cpm_str_z("text/plain"));
}

/* Is what it reads fetched by another procedure? */
static bool moves_is_given(const moves *m) {
  return explore_is_handed(m->r->c.m) && !moves_joins(m) && moves_takes(m, CPM_EVENT_on_loaded, UINT64_C(1) << m->p->state);
}

static void moves_handed(moves *m) {
  moves_then(m);
  m->after.begun = 1;
  moves_head_of(m);
}

static void moves_host(moves *m) {
  const explore_side *s = moves_side(m);
  if (s->ask) {
    explore_side *then = moves_then(m);
    m->again = m->after.late = s->asked;
    then->ask = then->asked = 0;
    moves_args(m, CPM_EVENT_on_policy, m->r->c.all_requests);
    m->again = 0;
  }
  if (m->i == 0 && moves_is_given(m)) moves_handed(m);
  if (s->fetch) {
    moves_then(m)->fetch = 0;
    if (moves_joins(m) && !m->r->c.relays) { moves_head_of(m); return; }
    m->after.current = s->fetch;
    explore_event_init(&m->x, CPM_EVENT_on_loaded, m->leg);
    m->x.e.item = (uint64_t)EXPLORE_ITEM + s->fetch - 1u;
    m->x.e.from = moves_source(m, s->fetch);
    m->x.e.len = 2048;
    m->x.e.msrp = &moves_head;
    if (m->w->external >> (s->fetch - 1u) & 1u) moves_bring_fetched(m);
    m->give(m->r, &m->x, &m->after);
  }
}

static void moves_of_side(moves *m) {
  if (m->r->c.calm) {
    moves_media(m);
    moves_host(m);
    return;
  }
  moves_answers(m);
  moves_requests(m);
  moves_media(m);
  moves_timers(m);
  moves_host(m);
}

/* ---- how it begins, and what the user may do at any time ---------------------------------------------------------- */

/* A request that begins a run: the host owes it an answer, but for ACK. */
static void moves_begin_request(moves *m, cpm_event_type type) {
  explore_side *then = moves_then(m);
  const unsigned kind = type == CPM_EVENT_on_message  ? EXPLORE_TXN_MESSAGE
                        : type == CPM_EVENT_on_invite ? EXPLORE_TXN_INVITE
                                                      : EXPLORE_TXN_OTHER;
  m->after.begun = 1;
  if (kind == EXPLORE_TXN_MESSAGE) then->in_message = EXPLORE_OWED;
  else if (kind == EXPLORE_TXN_INVITE) then->in_invite = EXPLORE_OWED;
  else if (type != CPM_EVENT_on_ack) then->in_other = EXPLORE_OWED;
  moves_request(m, type, kind, m->r->c.all_requests);
}

static void moves_begin(moves *m) {
  const uint64_t idle = UINT64_C(1) << m->r->c.m->init;
  for (unsigned type = 0; type < CPM_EVENT_COUNT; type++) {
    const cpmi_event_kind kind = cpmi_kind_of(type);
    if (!moves_takes(m, (cpm_event_type)type, idle)) continue;
    if (kind == CPMI_REQUEST_IN && type != CPM_EVENT_on_reinvite) moves_begin_request(m, (cpm_event_type)type);
    if (kind != CPMI_USER) continue;
    moves_then(m);
    m->after.begun = 1;
    moves_args(m, (cpm_event_type)type, m->r->c.all_requests);
  }
}

/* What begins a run comes once; everything else that a user may do comes at any time, and in one form where no row takes it. */
static void moves_user(moves *m) {
  const uint64_t idle = UINT64_C(1) << m->r->c.m->init, here = UINT64_C(1) << m->p->state;
  moves_then(m);
  for (unsigned type = 0; type < CPM_EVENT_COUNT; type++) {
    if (cpmi_kind_of(type) != CPMI_USER || !moves_takes(m, (cpm_event_type)type, ~idle)) continue;
    moves_args(m, (cpm_event_type)type, m->r->c.all_requests && moves_takes(m, (cpm_event_type)type, here));
  }
}

/* A leg whose dialog was there before its media. */
static void moves_establish(moves *m) {
  const unsigned state = cpmi_leg_at(m->p, m->r->c.m, m->leg)->state;
  if (m->w->done || !moves_takes(m, CPM_EVENT_established, UINT64_C(1) << state)) return;
  moves_then(m);
  moves_described(m, CPM_EVENT_established);
}

void explore_moves(explore_run *r, const explore_world *w, const cpm_proc *p, explore_give *give) {
  static moves m;
  m = (moves){ .r = r, .w = w, .p = p, .give = give };
  m.leg = CPM_NO_LEG;
  explore_facts_at(r, p->state);
  if (!w->begun) {
    moves_begin(&m);
    if (explore_is_handed(r->c.m) && moves_joins(&m)) moves_pieces(&m);
    else if (moves_is_given(&m)) moves_handed(&m);
    return;
  }
  moves_of_side(&m);
  if (!w->done) moves_user(&m);
  for (uint32_t k = 0; k < p->nlegs && k < EXPLORE_LEGS; k++) {
    m.leg = k;
    m.i = k + 1;
    moves_of_side(&m);
    moves_establish(&m);
    if (!w->done && cpmi_leg_at(p, r->c.m, k)->state == CPMI_STATE_kept) {   /* report_kept was told */
      moves_then(&m);
      moves_simple(&m, CPM_EVENT_online);
    }
    if (w->done || !moves_takes(&m, CPM_EVENT_cancel, ~UINT64_C(0))) continue;
    moves_then(&m);
    moves_simple(&m, CPM_EVENT_cancel);
  }
}
