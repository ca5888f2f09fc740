/* SPDX-License-Identifier: MIT */
/* all.c - every machine and every name. */
#include "engine.h"
#include "cpm/cpm.h"
#include <string.h>

#define ALL_MACHINE(name) &cpmi_machine_##name,
const cpm_machine *const cpmi_machines[CPMI_MACHINE_COUNT] = { CPM_MACHINES(ALL_MACHINE) };
const size_t cpmi_machine_count = CPMI_MACHINE_COUNT;

const cpm_machine *cpm_machine_at(size_t index) { return index < cpmi_machine_count ? cpmi_machines[index] : NULL; }
const char *cpm_machine_name(const cpm_machine *m) { return m ? m->name : NULL; }

const cpm_machine *cpm_machine_named(const char *name) {
  for (size_t i = 0; name && i < cpmi_machine_count; i++)
    if (strcmp(cpmi_machines[i]->name, name) == 0) return cpmi_machines[i];
  return NULL;
}

#define ALL_NAME(name, ...) #name,
static const char *const all_events[] = { CPM_EVENTS(ALL_NAME) };
static const char *const all_fields[] = { "none", CPM_FIELDS(ALL_NAME) };
static const char *const all_effects[] = { "NONE", CPM_EFFECTS(ALL_NAME) };
static const char *const all_states[] = { CPM_STATES(ALL_NAME) };

const char *cpm_event_name(cpm_event_type type) { return (unsigned)type < CPM_EVENT_COUNT ? all_events[type] : "?"; }
const char *cpm_field_name(cpm_field field) { return (unsigned)field < CPM_FIELD_COUNT ? all_fields[field] : "?"; }
const char *cpm_effect_name(cpm_effect_kind kind) { return (unsigned)kind < CPM_EFFECT_COUNT ? all_effects[kind] : "?"; }
const char *cpmi_state_name(unsigned state) { return state < CPMI_STATE_COUNT ? all_states[state] : "?"; }

#define ALL_VERSION(major, minor, patch) ALL_VERSION_TEXT(major, minor, patch)
#define ALL_VERSION_TEXT(major, minor, patch) #major "." #minor "." #patch

const char *cpm_version(void) { return ALL_VERSION(CPM_VERSION_MAJOR, CPM_VERSION_MINOR, CPM_VERSION_PATCH); }

/* ---- events -------------------------------------------------------------------------------------------------------- */

void cpm_event_init(cpm_event *event, cpm_event_type type) {
  memset(event, 0, sizeof *event);
  event->type = type;
  event->leg = event->from = CPM_NO_LEG;
}

cpm_event_type cpm_event_of_request(cpm_sip_method method) {
  switch (method) {
  case CPM_METHOD_MESSAGE: return CPM_EVENT_on_message;
  case CPM_METHOD_INVITE:  return CPM_EVENT_on_invite;
  case CPM_METHOD_CANCEL:  return CPM_EVENT_on_cancel;
  case CPM_METHOD_ACK:     return CPM_EVENT_on_ack;
  case CPM_METHOD_BYE:     return CPM_EVENT_on_bye;
  case CPM_METHOD_SUBSCRIBE: return CPM_EVENT_on_subscribe;
  case CPM_METHOD_NOTIFY:  return CPM_EVENT_on_notify;
  case CPM_METHOD_REFER:   return CPM_EVENT_on_refer;
  default:                 return CPM_EVENT_on_other;
  }
}

cpm_event_type cpm_event_of_response(cpm_sip_method method, unsigned status) {
  const unsigned c = status / 100;
  switch (method) {
  case CPM_METHOD_MESSAGE:
    if (c == 0) return CPM_EVENT_message_timeout;
    return c == 1 ? CPM_EVENT_message_1xx : c == 2 ? CPM_EVENT_message_ok : CPM_EVENT_message_fail;
  case CPM_METHOD_INVITE:
    return c == 0 ? CPM_EVENT_invite_timeout : c == 1 ? CPM_EVENT_invite_1xx : c == 2 ? CPM_EVENT_invite_ok : CPM_EVENT_invite_fail;
  case CPM_METHOD_BYE: return c == 1 ? CPM_EVENT_COUNT : CPM_EVENT_bye_done;
  default:             return CPM_EVENT_COUNT;
  }
}

static bool all_changes_session(cpm_sip_method method) { return method == CPM_METHOD_INVITE || method == CPM_METHOD_UPDATE; }

cpm_event_type cpm_event_of_request_inside(cpm_sip_method method) {
  return all_changes_session(method) ? CPM_EVENT_on_reinvite : cpm_event_of_request(method);
}

cpm_event_type cpm_event_of_response_inside(cpm_sip_method method, unsigned status) {
  if (!all_changes_session(method)) return cpm_event_of_response(method, status);
  return status / 100 == 1 ? CPM_EVENT_COUNT : CPM_EVENT_reinvite_done;
}

size_t cpm_random_need(const cpm_machine *machine, cpm_event_type type) {
  if (!machine || (unsigned)type >= (unsigned)CPMI_EVENTS_OUTSIDE) return 0;
  return cpmi_random_events(machine) >> type & 1u ? CPM_RANDOM_NEED : 0;
}

/* ---- the agent ----------------------------------------------------------------------------------------------------- */

void cpm_agent_init(cpm_agent *agent, cpm_role role) {
  memset(agent, 0, sizeof *agent);
  agent->role = role;
#define ALL_DEFAULT(name, value, min, max, doc) agent->name = value;
  CPM_AGENT_NUMBERS(ALL_DEFAULT)
}

static int all_check_text(cpm_str text, const char *name, cpm_diag *diag) {
  return cpmi_check_clean(text, name, NULL) == CPM_OK ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, 0, name, NULL);
}

static int all_check_uri(cpm_str uri, const char *name, cpm_diag *diag) {
  return !uri.p || cpmi_text_fits(CPMI_URI, uri) ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, 0, name, NULL);
}

/* Products and comments as the grammar has them: what is sent must pass the next one's cpm_sip_check. */
static int all_check_products(cpm_str value, const char *name, cpm_diag *diag) {
  const cpm_opts strict = { CPM_QUIRK(SIP_PRODUCT), 0, 0, 0, 0, 0 };
  cpm_product product;
  size_t n = 0;
  int rc;
  while ((rc = cpm_product_next(&value, &product, &strict, NULL)) == CPM_OK) n++;
  return rc == CPM_END && n ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, 0, name, NULL);
}

static int all_check_types(cpm_str value, const char *name, cpm_diag *diag) {
  cpm_media_type type;
  int rc;
  while ((rc = cpm_media_type_next(&value, &type, NULL, NULL)) == CPM_OK) {}
  return rc == CPM_END ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, 0, name, NULL);
}

/* The inside of "<...>" in a quoted string: how much of it can stand there. */
size_t cpmi_instance_fits(cpm_str value) {
  size_t i = 0;
  while (i < value.n && (unsigned char)value.p[i] > ' ' && value.p[i] != 0x7f && !strchr("\"\\<>", value.p[i])) i++;
  return i;
}

static int all_check_instance(cpm_str value, const char *name, cpm_diag *diag) {
  const size_t n = cpmi_instance_fits(value);
  return n == value.n ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, n, name, NULL);
}

/* An address as an MSRP URI can hold it. */
static int all_check_media(cpm_str value, const char *name, cpm_diag *diag) {
  size_t n = 0;
  const cpm_msrp_uri uri = { .host = value, .host_is_ipv6 = value.n && memchr(value.p, ':', value.n), .transport = cpm_str_z("tcp") };
  return !value.p || cpm_msrp_uri_encode(NULL, 0, &n, &uri, NULL) == CPM_OK ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, 0, name, NULL);
}

static int all_check_fingerprint(cpm_str value, const char *name, cpm_diag *diag) {
  cpm_sdp_fingerprint f;
  return !value.p || cpm_sdp_fingerprint_decode(&f, value, NULL) == CPM_OK ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, 0, name, NULL);
}

static int all_check_path(cpm_str value, const char *name, cpm_diag *diag) {
  const cpm_opts strict = { ~UINT64_C(0), 0, 0, 0, 0, 0 };
  cpm_str rest = value;
  cpm_msrp_uri uri;
  int rc = CPM_END;
  while (value.p && (rc = cpm_msrp_path_next(&rest, &uri, &strict, NULL, NULL)) == CPM_OK) {}
  return rc == CPM_END ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, 0, name, NULL);
}

/* hostport or pseudonym of warn-agent (RFC 3261 25.1), near enough that nothing else can stand in it. */
static bool all_is_host(cpm_str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!strchr(".-:[]_~", s.p[i]) && !cpmi_is_token(cpm_str_of(s.p + i, 1))) return false;
  return true;
}

int cpm_agent_check(const cpm_agent *a, cpm_diag *diag) {
  int rc = a ? CPM_OK : cpmi_fail(diag, CPM_E_AGENT, 0, "agent", NULL);
#define ALL_TEXT(name, doc) if (rc == CPM_OK) rc = all_check_text(a->name, #name, diag);
#define ALL_NUMBER(name, value, min, max, doc) if (rc == CPM_OK && (a->name - (min) > (max) - (min))) rc = cpmi_fail(diag, CPM_E_AGENT, 0, #name, NULL);
#define ALL_OF(kind, name) if (rc == CPM_OK) rc = all_check_##kind(a->name, #name, diag);
#define ALL_PRESENT(name) if (rc == CPM_OK && !a->name.n) rc = cpmi_fail(diag, CPM_E_AGENT, 0, #name, NULL);
  CPM_AGENT_TEXTS(ALL_TEXT)
  CPM_AGENT_NUMBERS(ALL_NUMBER)
  ALL_PRESENT(address)
  ALL_PRESENT(user_agent)
  ALL_PRESENT(server)
  ALL_PRESENT(host)
  if (a && a->role == CPM_ROLE_CLIENT) { ALL_PRESENT(accept) }
  ALL_OF(uri, address)
  ALL_OF(uri, gruu)
  ALL_OF(uri, contact)
  ALL_OF(uri, cf_uri)
  ALL_OF(uri, exploder_uri)
  ALL_OF(uri, isf_uri)
  ALL_OF(uri, deferred_uri)
  ALL_OF(uri, error_uri)
  ALL_OF(products, user_agent)
  ALL_OF(products, server)
  ALL_OF(types, accept)
  ALL_OF(types, accept_wrapped)
  ALL_OF(instance, instance)
  ALL_OF(media, media_address)
  ALL_OF(fingerprint, fingerprint)
  ALL_OF(path, media_relays)
  if (rc == CPM_OK && !a->media_port) rc = cpmi_fail(diag, CPM_E_AGENT, 0, "media_port", NULL);
  if (rc == CPM_OK && a->composing_refresh_ms < CPM_ISCOMPOSING_REFRESH_LEAST * 1000u) rc = cpmi_fail(diag, CPM_E_AGENT, 0, "composing_refresh_ms", NULL);
  if (rc == CPM_OK && !all_is_host(a->host)) rc = cpmi_fail(diag, CPM_E_AGENT, 0, "host", NULL);
  return rc;
}

/* ---- clauses ------------------------------------------------------------------------------------------------------- */

static bool all_is_whole(const char *id) {
  return id[0] == 'S' ? id[1] >= '0' && id[1] <= '9' && id[2] == '-' : id[0] == 'O' && id[1] == '-';
}

bool cpm_clause_next(const char *spec, const char **rest, char dst[CPM_CLAUSE_MAX]) {
  cpmi_out out = cpmi_out_to(dst, CPM_CLAUSE_MAX - 1, 0);
  const char *p = *rest;
  while (*p == ' ') p++;
  const char *end = p;
  while (*end && *end != ' ') end++;
  *rest = end;
  if (end == p) return false;
  if (!all_is_whole(p)) cpmi_put_z(&out, spec);
  cpmi_put(&out, cpm_str_of(p, (size_t)(end - p)));
  dst[out.n < CPM_CLAUSE_MAX ? out.n : CPM_CLAUSE_MAX - 1] = '\0';
  return true;
}

/* ---- hash of the tables -------------------------------------------------------------------------------------------- */

static uint64_t all_mix(uint64_t h, const void *p, size_t n) {
  const unsigned char *b = p;
  for (; n >= 8; b += 8, n -= 8) {
    uint64_t w;
    memcpy(&w, b, 8);
    h = (h ^ w) * UINT64_C(0x9e3779b97f4a7c15);
    h ^= h >> 29;
  }
  for (; n; b++, n--) h = (h ^ *b) * UINT64_C(0x100000001b3);
  return h;
}

static uint64_t all_mix_rows(uint64_t h, const cpm_machine *m, bool leg) {
  const cpmi_row *r;
  for (size_t i = 0; (r = cpmi_row_at(m, leg, i)) != NULL; i++) {
    const uint8_t head[4] = { r->state, r->event, r->next, r->ignore };
    h = all_mix(h, r->when, sizeof r->when);
    h = all_mix(h, head, sizeof head);
    h = all_mix(h, r->ops, sizeof r->ops);
  }
  return h;
}

enum { ALL_NESTING = 4 };   /* recipes in recipes: message, CPIM, notification */

static uint64_t all_mix_recipe(uint64_t h, const cpmi_recipe *r, unsigned depth) {
  const uint16_t head[2] = { r->kind, r->start };
  h = all_mix(h, head, sizeof head);
  for (size_t i = 0; i < r->nlines && depth < ALL_NESTING; i++) {
    const cpmi_line *l = &r->lines[i];
    const uint16_t numbers[5] = { l->level, l->place, l->name, l->value, l->what };
    h = all_mix(all_mix(h, l->when, sizeof l->when), numbers, sizeof numbers);
    h = all_mix(h, l->lit, strlen(l->lit));
    if (l->value == CPMI_VALUE_RECIPE) h = all_mix_recipe(h, cpmi_recipes[l->what], depth + 1);
  }
  return h;
}

static uint64_t all_mix_recipes(uint64_t h, const cpm_machine *m, bool leg) {
  const cpmi_row *r;
  for (size_t i = 0; (r = cpmi_row_at(m, leg, i)) != NULL; i++)
    for (size_t k = 0; k < CPMI_OPS_A_ROW; k++) {
      const cpmi_op *op = &r->ops[k];
      const bool message = op->op == CPMI_OP_SEND || op->op == CPMI_OP_REPLY || op->op == CPMI_OP_PUSH;
      if (message) h = all_mix_recipe(h, cpmi_recipes[op->b], 0);
      if (op->op == CPMI_OP_REFUSE) h = all_mix_recipe(h, &cpmi_recipe_refusal, 0);
    }
  return h;
}

/* Rows, captures, recipes and what is remembered: a block goes on only under tables that mean the same to it. */
uint64_t cpmi_tables_hash(const cpm_machine *m) {
  uint64_t h = all_mix(CPMI_LAYOUT, m->name, strlen(m->name));
  const cpmi_capture *c;
  h = all_mix_rows(h, m, false);
  h = all_mix_rows(h, m, true);
  h = all_mix_recipes(h, m, false);
  h = all_mix_recipes(h, m, true);
  for (size_t i = 0; (c = cpmi_capture_at(m, i)) != NULL; i++) {
    const uint16_t numbers[6] = { c->event, c->leg, c->field, c->source, c->what, c->with };
    h = all_mix(h, numbers, sizeof numbers);
  }
  h = all_mix(h, m->fields.p, m->fields.n);
  h = all_mix(h, m->leg_fields.p, m->leg_fields.n);
  h = all_mix(h, m->leg_states.p, m->leg_states.n);
  return all_mix(h, m->leg_kinds.p, m->leg_kinds.n);
}
