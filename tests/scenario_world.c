/* SPDX-License-Identifier: MIT */
/* scenario_world.c - the host of a scenario: its agent, its contents and transactions, and the events that it brings. */
#include "scenario.h"
#include "cpm/cpim.h"
#include "names.h"
#include <stdlib.h>
#include <string.h>

enum { WORLD_TEXT = 65536, WORLD_FIELDS = 128, WORLD_ARGS = 64, WORLD_MEMBERS = 64, WORLD_FILES = CPM_FILES_MAX + 4 };

/* ---- machine and agent ----------------------------------------------------------------------------------------------- */

bool sc_machine(sc_world *w, const sc_item *item, const char *name) {
  w->machine = cpm_machine_named(name);
  if (!w->machine) return sc_fail(w, item->head.number, "there is no machine %s", name);
  cpm_agent_init(&w->agent, (cpm_role)w->machine->role);
  return true;
}

static bool world_set(sc_world *w, const char *key, size_t n, const char *value) {
  const cpm_str text = strcmp(value, "none") == 0 ? cpm_str_none() : cpm_str_of(sc_copy(w, cpm_str_z(value)), strlen(value));
#define WORLD_TEXT_KEY(name, doc) \
  if (cpm_str_eq(cpm_str_of(key, n), cpm_str_z(#name))) { \
    w->agent.name = text; \
    return true; \
  }
#define WORLD_NUMBER_KEY(name, number, min, max, doc) \
  if (cpm_str_eq(cpm_str_of(key, n), cpm_str_z(#name))) { \
    w->agent.name = strtoull(value, NULL, 10); \
    return true; \
  }
  CPM_AGENT_TEXTS(WORLD_TEXT_KEY)
  CPM_AGENT_NUMBERS(WORLD_NUMBER_KEY)
  return false;
}

bool sc_agent(sc_world *w, const sc_item *item) {
  for (size_t i = 0; i < item->nblock; i++) {
    size_t n;
    const char *value = sc_value(item->block[i].text, &n);
    if (!value || !world_set(w, item->block[i].text, n, value))
      return sc_fail(w, item->block[i].number, "an agent has no such line");
  }
  return true;
}

/* ---- the block ------------------------------------------------------------------------------------------------------- */

bool sc_begin(sc_world *w, unsigned line) {
  if (w->proc) return true;
  if (!w->machine) return sc_fail(w, line, "no machine was named");
  w->size = cpm_proc_size(w->machine, WORLD_TEXT, SC_LEGS);
  w->block[0] = sc_alloc(w, w->size);
  w->block[1] = sc_alloc(w, w->size);
  w->before = sc_alloc(w, w->size);
  const int rc = cpm_proc_init(w->block[0], w->size, w->machine, &w->agent, &w->diag);
  if (rc) return sc_fail(w, line, "cpm_proc_init gives %s, %s", cpm_status_name(rc), w->diag.rule ? w->diag.rule : "?");
  w->proc = (cpm_proc *)(void *)w->block[0];
  sc_seed_begin(w);
  return sc_move(w, line);
}

bool sc_move(sc_world *w, unsigned line) {
  cpm_diag diag = { 0 };
  uint64_t *from = w->block[w->at], *to = w->block[1 - w->at];
  memcpy(to, from, w->size);
  memset(from, 0xa5, w->size);
  w->at = 1 - w->at;
  w->proc = (cpm_proc *)(void *)to;
  if (cpm_proc_check(to, w->size, &diag) == CPM_OK) return true;
  return sc_fail(w, line, "cpm_proc_check refuses the block: %s", diag.rule ? diag.rule : "?");
}

/* ---- values of args -------------------------------------------------------------------------------------------------- */

int64_t sc_enum(cpm_field field, const char *name) {
  const char *value;
  for (unsigned i = 1; (value = names_value(field, i)) != NULL; i++)
    if (strcmp(value, name) == 0) return i;
  return 0;
}

uint64_t sc_keep(sc_world *w, cpm_str content) {
  if (w->ncontents == SC_CONTENTS) abort();
  w->contents[w->ncontents++] = content;
  return SC_HANDLE + w->ncontents - 1;
}

cpm_str sc_piece(sc_world *w, unsigned line, const cpm_piece *piece) {
  const cpm_str none = cpm_str_none();
  if (piece->item < SC_HANDLE || piece->item - SC_HANDLE >= w->ncontents) {
    sc_fail(w, line, "a piece of the body names content %u", (unsigned)piece->item);
    return none;
  }
  const cpm_str content = w->contents[piece->item - SC_HANDLE];
  if (piece->off <= content.n && piece->bytes.n <= content.n - piece->off)
    return cpm_str_of(content.p + piece->off, piece->bytes.n);
  sc_fail(w, line, "a piece of the body is outside of its content");
  return none;
}

cpm_str sc_content(sc_world *w, const char *value) {
  char *end;
  const unsigned long n = strtoul(value, &end, 10);
  if (end == value || strncmp(end, " times ", 7) != 0) return sc_expand(w, value);
  char *text = sc_alloc(w, n + 1);
  memset(text, end[7], n);
  return cpm_str_of(text, n);
}

static int64_t world_number(cpm_field field, cpm_str value) {
  unsigned set = 0;
  if (cpm_str_eq(value, cpm_str_z("yes"))) return 1;
  if (cpm_str_eq(value, cpm_str_z("no"))) return 0;
  if (field == CPM_FIELD_report && cpm_disposition_notification_decode(&set, value, NULL, NULL) == CPM_OK) return (int64_t)set;
  if (cpmi_field_type(field) == CPMI_ENUM) return sc_enum(field, value.p);
  return strtoll(value.p, NULL, 10);
}

static cpm_field world_field(const char *name, size_t n) {
  for (unsigned f = 1; f < CPM_FIELD_COUNT; f++)
    if (cpm_str_eq(cpm_str_of(name, n), cpm_str_z(cpm_field_name((cpm_field)f)))) return (cpm_field)f;
  return CPM_FIELD_NONE;
}

static bool world_arg(sc_world *w, const sc_line *line, cpm_arg *arg) {
  size_t n;
  const char *value = sc_value(line->text, &n);
  memset(arg, 0, sizeof *arg);
  arg->field = value ? world_field(line->text, n) : CPM_FIELD_NONE;
  if (!arg->field) return sc_fail(w, line->number, "no field has that name");
  const cpmi_type type = cpmi_field_type(arg->field);
  if (type == CPMI_CONTENT) {
    const cpm_str content = sc_content(w, value);
    arg->item = sc_keep(w, content);
    arg->len = content.n;
  } else if (cpmi_is_text(type)) arg->text = sc_expand(w, value);
  else arg->number = world_number(arg->field, cpm_str_z(value));
  return true;
}

/* member: sip:bob@example.com cc anonymize */
static bool world_member(sc_world *w, const sc_line *line, cpm_entry *out) {
  static const char *const controls[] = { "to", "cc", "bcc" };
  const char *value = line->text + strlen("member: ");
  const size_t n = strcspn(value, " ");
  memset(out, 0, sizeof *out);
  out->uri = cpm_str_of(value, n);
  for (value += n; *value;) {
    const char *was = value += strspn(value, " ");
    for (unsigned i = 0; i < 3; i++)
      if (sc_word(&value, controls[i])) out->copy_control = (cpm_copy_control)(CPM_COPY_TO + i);
    if (sc_word(&value, "anonymize")) out->anonymize = true;
    if (value == was) return sc_fail(w, line->number, "an entry has no '%s'", value);
  }
  return true;
}

/* "id=4711 " off the front; absent without. */
static cpm_str world_option(sc_world *w, const char **value, const char *name) {
  const size_t n = strlen(name), end = strcspn(*value, " ");
  if (strncmp(*value, name, n) != 0) return cpm_str_none();
  const cpm_str text = cpm_str_of(sc_copy(w, cpm_str_of(*value + n, end - n)), end - n);
  *value += end + strspn(*value + end, " ");
  return text;
}

/* file: [pull] [from=100] [id=4711] [disposition=render] [icon=cid:x] [date=creation:"..."] name:"a.jpg" type:image/jpeg size:300
 * Its content is as many letters, of each file another one. What is no selector is given as the name. */
static bool world_file(sc_world *w, const sc_line *line, size_t index, cpm_file *out) {
  const char *value = line->text + strlen("file: ");
  memset(out, 0, sizeof *out);
  out->pull = sc_word(&value, "pull");
  const cpm_str from = world_option(w, &value, "from=");
  if (from.p) out->from = strtoull(from.p, NULL, 10);
  out->transfer_id = world_option(w, &value, "id=");
  out->disposition = world_option(w, &value, "disposition=");
  out->icon = world_option(w, &value, "icon=");
  if (strncmp(value, "date=", 5) == 0) {
    const char *end = strstr(value, "\" ");
    const size_t n = end ? (size_t)(end + 1 - (value + 5)) : strlen(value + 5);
    out->date = cpm_str_of(sc_copy(w, cpm_str_of(value + 5, n)), n);
    value += 5 + n + (end != NULL);
  }
  const cpm_str selector = cpm_str_of(sc_copy(w, cpm_str_z(value)), strlen(value));
  if (!selector.n) return true;
  if (cpm_sdp_selector_decode(&out->selector, selector, NULL) != CPM_OK) out->selector.name = selector;
  const size_t n = out->selector.has_size && out->selector.size < WORLD_TEXT ? (size_t)out->selector.size : 0;
  char *text = sc_alloc(w, n + 1);
  memset(text, (int)('a' + index % 26), n);
  out->item = sc_keep(w, cpm_str_of(text, n));
  return true;
}

/* ---- messages -------------------------------------------------------------------------------------------------------- */

typedef struct world_event {
  cpm_event e;
  cpm_sip sip;
  cpm_sip_field fields[WORLD_FIELDS];
  cpm_msrp msrp;
  cpm_msrp_field heads[WORLD_FIELDS];
  cpm_arg args[WORLD_ARGS];
  cpm_entry members[WORLD_MEMBERS];
  cpm_file files[WORLD_FILES];
  char random[CPM_RANDOM_NEED];
  char *text; /* the message, or the head of the chunk: gone after the step */
  size_t text_len;
  char *octets; /* the content of the chunk: gone too */
} world_event;

static void world_put(char **at, const char *text, size_t n) {
  memcpy(*at, text, n);
  *at += n;
}

/* The block as SIP: header fields, Content-Length, an empty line and the body, lines joined by CRLF. */
static bool world_message(sc_world *w, const sc_item *item, world_event *v, const char *start) {
  size_t head = 0, room = strlen(start) + 64;
  while (head < item->nblock && *item->block[head].text) head++;
  for (size_t i = 0; i < item->nblock; i++) room += strlen(item->block[i].text) + 2 + SC_BINDINGS * CPM_ID_MAX;
  cpm_str *lines = sc_alloc(w, (item->nblock + 1) * sizeof *lines);
  size_t length = 0;
  for (size_t i = 0; i < item->nblock; i++) {
    lines[i] = sc_expand(w, item->block[i].text);
    if (i > head) length += lines[i].n + (i > head + 1 ? 2 : 0);
  }
  char *at = v->text = malloc(room), number[64];
  if (!at) abort();
  world_put(&at, start, strlen(start));
  for (size_t i = 0; i < head; i++) {
    world_put(&at, lines[i].p, lines[i].n);
    world_put(&at, "\r\n", 2);
  }
  world_put(&at, number, (size_t)snprintf(number, sizeof number, "Content-Length: %zu\r\n\r\n", length));
  for (size_t i = head + 1; i < item->nblock; i++) {
    if (i > head + 1) world_put(&at, "\r\n", 2);
    world_put(&at, lines[i].p, lines[i].n);
  }
  v->text_len = (size_t)(at - v->text);
  v->sip.fields = v->fields;
  v->sip.cap = WORLD_FIELDS;
  cpm_diag diag = { 0 };
  const int rc = cpm_sip_decode(&v->sip, cpm_str_of(v->text, v->text_len), NULL, &diag);
  if (rc) return sc_fail(w, item->head.number, "this is no SIP message: %s, %s", cpm_status_name(rc), diag.rule ? diag.rule : "?");
  v->e.sip = &v->sip;
  if (v->sip.body.n) v->e.item = sc_keep(w, cpm_str_of(sc_copy(w, v->sip.body), v->sip.body.n));
  return true;
}

static bool world_request(sc_world *w, const sc_item *item, world_event *v, const char *what) {
  const size_t n = strcspn(what, " ");
  const cpm_str method = cpm_str_of(what, n);
  const char *uri_text = what + n + strspn(what + n, " ");
  v->e.type = cpm_event_of_request(cpm_sip_method_id(method));
  if (strcmp(uri_text, &SC_DIALOG[1]) == 0) {
    v->e.type = CPM_EVENT_on_reinvite;
    uri_text = "sip:dialog.example.com";
  }
  if (v->e.type == CPM_EVENT_COUNT || w->ntransactions == SC_TRANSACTIONS)
    return sc_fail(w, item->head.number, "no event is that request");
  w->transactions[w->ntransactions++] = (sc_transaction){ sc_copy(w, method), false };
  v->e.txn = w->ntransactions;
  const cpm_str uri = sc_expand(w, uri_text);
  char *start = sc_alloc(w, n + uri.n + 32);
  snprintf(start, n + uri.n + 32, "%.*s %.*s SIP/2.0\r\n", (int)n, what, (int)uri.n, uri.p);
  return world_message(w, item, v, start);
}

/* "404 to MESSAGE"; "200 to UPDATE in dialog"; "200 to INVITE in dialog 2", which is a fork; "nothing to MESSAGE" has status 0 and no message. */
static bool world_response(sc_world *w, const sc_item *item, world_event *v, unsigned status, const char *to) {
  char start[128], method[32];
  const cpm_str phrase = cpm_sip_reason_phrase(status);
  snprintf(method, sizeof method, "%.*s", (int)strcspn(to, " "), to);
  to += strcspn(to, " ");
  v->e.type = cpm_event_of_response(cpm_sip_method_id(cpm_str_z(method)), status);
  if (strncmp(to, SC_DIALOG, strlen(SC_DIALOG)) == 0) {
    v->e.dialog = strtoull(to + strlen(SC_DIALOG), NULL, 10);
    v->e.type = v->e.dialog ? CPM_EVENT_invite_fork : CPM_EVENT_reinvite_done;
  }
  if (v->e.type == CPM_EVENT_COUNT) return sc_fail(w, item->head.number, "no event is that response");
  if (!status) return item->nblock == 0 || sc_fail(w, item->head.number, "nothing has no lines");
  snprintf(start, sizeof start, "SIP/2.0 %u %.*s\r\nCSeq: 1 %s\r\n", status, (int)phrase.n, phrase.p, method);
  return world_message(w, item, v, start);
}

/* ---- other events ---------------------------------------------------------------------------------------------------- */

/* The chunk that is kept under that handle: its head in memory that goes after the step. */
static bool world_chunk(sc_world *w, unsigned line, world_event *v, uint64_t handle) {
  const cpm_str head = w->heads[handle - SC_HANDLE];
  cpm_diag diag = { 0 };
  v->e.item = handle;
  v->e.len = w->contents[handle - SC_HANDLE].n;
  v->text = malloc(head.n + 1);
  if (!v->text) abort();
  memcpy(v->text, head.p, head.n);
  v->text_len = head.n;
  v->msrp.fields = v->heads;
  v->msrp.cap = WORLD_FIELDS;
  const int rc = cpm_msrp_decode(&v->msrp, cpm_str_of(v->text, head.n), NULL, &diag);
  v->e.msrp = &v->msrp;
  if (v->msrp.body || w->flags[handle - SC_HANDLE]) v->msrp.flag = w->flags[handle - SC_HANDLE];
  if (w->whole[handle - SC_HANDLE]) {
    v->msrp.range = (cpm_msrp_range){ 1, v->e.len, v->e.len };
    v->msrp.flag = '$';
  }
  return rc == CPM_OK || sc_fail(w, line, "this is no MSRP SEND: %s, %s", cpm_status_name(rc), diag.rule ? diag.rule : "?");
}

static bool world_loaded(sc_world *w, unsigned line, world_event *v) {
  cpm_str head;
  if (!sc_message_head(w, line, &head, &v->e.len, &v->e.item)) return false;
  v->text = malloc(head.n + 1);
  if (!v->text) abort();
  memcpy(v->text, head.p, head.n);
  v->text_len = head.n;
  v->e.head = cpm_str_of(v->text, head.n);
  return true;
}

/* A REPORT, or the response that msrp_fail speaks of: its head alone. */
static bool world_head(sc_world *w, const sc_item *item, world_event *v, const char *start) {
  uint64_t handle;
  if (!sc_head(w, item, start, &handle) || !world_chunk(w, item->head.number, v, handle)) return false;
  v->e.item = 0;
  return true;
}

/* "with INVITE sip:bob@example.com" or "with 200": the rest of the block is a message that the event brings beside its args. */
static bool world_with(sc_world *w, const sc_item *item, size_t at, world_event *v, const char *what) {
  sc_item rest = *item;
  const size_t room = strlen(what) + 32;
  char *start = sc_alloc(w, room);
  if (*what >= 'A' && *what <= 'Z') snprintf(start, room, "%s SIP/2.0\r\n", what);
  else snprintf(start, room, "SIP/2.0 %s \r\n", what);
  rest.block = item->block + at;
  rest.nblock = item->nblock - at;
  return world_message(w, &rest, v, start);
}

/* All that the chunk holds. */
static bool world_octets(const sc_world *w, world_event *v) {
  const cpm_str all = w->contents[v->e.item - SC_HANDLE];
  v->octets = malloc(all.n + 1);
  if (!v->octets) abort();
  if (all.n) memcpy(v->octets, all.p, all.n);
  v->e.head = cpm_str_of(v->octets, all.n);
  return true;
}

/* A chunk that was kept: where it came from, and what was fetched for it. */
static bool world_from(sc_world *w, world_event *v, uint64_t chunk) {
  v->e.from = sc_chunk_leg(w, chunk);
  for (size_t i = 0; i < 2; i++)
    if (w->brought[chunk - SC_HANDLE][i].field) v->args[v->e.nargs++] = w->brought[chunk - SC_HANDLE][i];
  v->e.args = v->args;
  return !v->e.nargs || world_octets(w, v);
}

/* The answer brings the chunk again, and what it says is kept with that. */
static bool world_external(sc_world *w, unsigned line, world_event *v) {
  if (v->e.type != CPM_EVENT_on_policy || v->e.leg >= SC_LEGS || !w->external[v->e.leg]) return true;
  const uint64_t chunk = sc_joined(w, w->external[v->e.leg]);
  w->external[v->e.leg] = 0;
  for (size_t i = 0; i < v->e.nargs && i < 2; i++) w->brought[chunk - SC_HANDLE][i] = v->args[i];
  return world_chunk(w, line, v, chunk) && world_octets(w, v);
}

/* Args, recipients and files: the first n lines of the block. */
static bool world_lines(sc_world *w, const sc_item *item, world_event *v, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const sc_line *line = &item->block[i];
    if (v->e.nargs == WORLD_ARGS || v->e.nmembers == WORLD_MEMBERS || v->e.nfiles == WORLD_FILES) return sc_fail(w, line->number, "too many lines");
    if (strncmp(line->text, "with ", 5) == 0) {
      if (!world_with(w, item, i + 1, v, line->text + 5)) return false;
      break;
    }
    if (strncmp(line->text, "member: ", 8) == 0) {
      if (!world_member(w, line, &v->members[v->e.nmembers++])) return false;
    } else if (strncmp(line->text, "file: ", 6) == 0) {
      if (!world_file(w, line, v->e.nfiles, &v->files[v->e.nfiles])) return false;
      v->e.nfiles++;
    } else if (!world_arg(w, line, &v->args[v->e.nargs++])) return false;
  }
  v->e.args = v->args;
  v->e.members = v->members;
  v->e.files = v->files;
  return true;
}

/* Args stand in front of a head, or of content: lines that begin with the name of a field. */
static bool world_lines_before(sc_world *w, const sc_item *item, world_event *v, sc_item *rest) {
  size_t n = 0;
  for (size_t key; n < item->nblock && sc_value(item->block[n].text, &key) && world_field(item->block[n].text, key);) n++;
  *rest = *item;
  rest->block += n;
  rest->nblock -= n;
  return world_lines(w, item, v, n);
}

/* A SEND; "+", "$" or "#" behind the name is the flag of its end-line. */
static bool world_send(sc_world *w, const sc_item *item, world_event *v, char flag) {
  sc_item rest;
  uint64_t handle;
  if (!world_lines_before(w, item, v, &rest) || !sc_chunk(w, &rest, &handle)) return false;
  w->flags[handle - SC_HANDLE] = flag;
  return world_chunk(w, item->head.number, v, handle) && sc_came(w, item->head.number, v->e.leg, handle) && world_octets(w, v);
}

/* What FETCH asked for, or what another procedure has fetched: args, an empty line, the content. */
static bool world_load(sc_world *w, const sc_item *item, world_event *v) {
  sc_item rest;
  uint64_t handle;
  if (!world_lines_before(w, item, v, &rest)) return false;
  if (rest.nblock) return sc_given(w, &rest) && world_loaded(w, item->head.number, v);
  if (v->e.len) w->wanted = (size_t)v->e.len;
  if (w->asked) return world_loaded(w, item->head.number, v);
  return sc_loaded(w, item->head.number, v->e.leg, &handle) && world_chunk(w, item->head.number, v, handle) && world_from(w, v, handle);
}

static bool world_named(sc_world *w, const sc_item *item, world_event *v, const char *prefix, const char *what) {
  char name[64];
  const size_t n = strcspn(what, " ");
  snprintf(name, sizeof name, "%s%.*s", prefix, (int)n, what);
  for (unsigned t = 0; t < CPM_EVENT_COUNT; t++)
    if (strcmp(cpm_event_name((cpm_event_type)t), name) == 0) v->e.type = (cpm_event_type)t;
  if (v->e.type == CPM_EVENT_COUNT) return sc_fail(w, item->head.number, "no event is called %s", name);
  v->e.len = strtoull(what + n, NULL, 10);
  if (v->e.type == CPM_EVENT_on_report) return world_head(w, item, v, "REPORT");
  if (v->e.type == CPM_EVENT_msrp_fail && item->nblock && v->e.len) {
    char status[32];
    snprintf(status, sizeof status, "%u", (unsigned)v->e.len);
    v->e.len = 0;
    const uint64_t to = sc_responded(w, v->e.leg);
    if (!world_head(w, item, v, status)) return false;
    v->e.item = to;
    return true;
  }
  if (v->e.type == CPM_EVENT_msrp_fail && v->e.len) {
    v->msrp.status = (unsigned)v->e.len;
    v->e.msrp = &v->msrp;
    v->e.len = 0;
  }
  if (v->e.type == CPM_EVENT_msrp_ok || v->e.type == CPM_EVENT_msrp_fail) v->e.item = sc_responded(w, v->e.leg);
  const char flag = what[n] == ' ' ? what[n + 1] : '\0';
  if (v->e.type == CPM_EVENT_on_chunk) return world_send(w, item, v, flag);
  if (v->e.type == CPM_EVENT_on_loaded) return world_load(w, item, v);
  return world_lines(w, item, v, item->nblock) && world_external(w, item->head.number, v);
}

static bool world_fill(sc_world *w, const sc_item *item, world_event *v, const char *what) {
  char *end;
  const unsigned status = (unsigned)strtoul(what, &end, 10);
  if (end == what + 3 && strncmp(end, " to ", 4) == 0) return world_response(w, item, v, status, end + 4);
  if (sc_word(&what, "nothing")) return world_response(w, item, v, 0, sc_word(&what, "to") ? what : "");
  if (sc_word(&what, "answer")) return world_named(w, item, v, "on_policy", "");
  if (sc_word(&what, "timer")) return world_named(w, item, v, "timer_", what);
  if (*what >= 'A' && *what <= 'Z') return world_request(w, item, v, what);
  return world_named(w, item, v, "", what);
}

/* ---- the step -------------------------------------------------------------------------------------------------------- */

/* Bytes that differ from step to step and are the same in each run. */
static void world_random(sc_world *w, world_event *v) {
  uint64_t x = 0x9e3779b97f4a7c15u * (w->steps + 1u);
  for (size_t i = 0; i < sizeof v->random; i++) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    v->random[i] = (char)(x >> 56);
  }
  v->e.random = cpm_str_of(v->random, cpm_random_need(w->machine, v->e.type));
}

/* The event that was given may go: its bytes turn to rubbish. */
static void world_scramble(world_event *v) {
  if (v->text) memset(v->text, 0x5a, v->text_len);
  if (v->octets) memset(v->octets, 0x5a, v->e.head.n);
  free(v->octets);
  free(v->text);
  memset(v, 0x5a, sizeof *v);
}

static bool world_busy(sc_world *w, const world_event *v, unsigned line) {
  cpm_effect x;
  if (w->rc != CPM_OK || cpm_proc_effect(w->proc, &w->agent, NULL, 0, &x) == CPM_END) return true;
  memcpy(w->before, w->proc, w->size);
  if (cpm_proc_step(w->proc, &w->agent, &v->e, NULL) != CPM_E_BUSY)
    return sc_fail(w, line, "a step while effects are pending is not CPM_E_BUSY");
  return memcmp(w->before, w->proc, w->size) == 0 || sc_fail(w, line, "a step while effects are pending leaves a trace");
}

static bool world_step(sc_world *w, world_event *v, unsigned line) {
  memcpy(w->before, w->proc, w->size);
  memset(&w->diag, 0, sizeof w->diag);
  w->event = v->e.type;
  w->leg = v->e.leg;
  sc_seed_event(&v->e);
  w->rc = cpm_proc_step(w->proc, &w->agent, &v->e, &w->diag);
  w->steps++;
  w->line = line;
  if (w->rc != CPM_OK && memcmp(w->before, w->proc, w->size) != 0)
    return sc_fail(w, line, "%s leaves a trace", cpm_status_name(w->rc));
  return world_busy(w, v, line) && sc_move(w, line);
}

bool sc_event(sc_world *w, const sc_item *item, const char *what) {
  world_event *v = calloc(1, sizeof *v);
  if (!v) abort();
  bool ok = sc_begin(w, item->head.number) && sc_drained(w);
  cpm_event_init(&v->e, CPM_EVENT_COUNT);
  v->e.leg = sc_leg(&what);
  v->e.now = w->now;
  if (ok) ok = world_fill(w, item, v, what);
  if (ok) {
    world_random(w, v);
    ok = world_step(w, v, item->head.number);
  }
  world_scramble(v);
  free(v);
  return ok;
}
