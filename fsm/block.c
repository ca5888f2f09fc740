/* SPDX-License-Identifier: MIT */
/* block.c - places in a block: fields, text records, legs, and taking waste out. */
#include "engine.h"
#include "cpm/mime.h"
#include "msrp.h"
#include "straight.h"
#include <string.h>

typedef struct block_record { uint32_t owner, len; } block_record;

static size_t block_pad(size_t n) { return (n + 7u) & ~(size_t)7u; }
static size_t block_record_size(size_t n) { return sizeof(block_record) + block_pad(n); }

#define BLOCK_TYPE_TEXT    CPMI_TEXT
#define BLOCK_TYPE_URI     CPMI_URI
#define BLOCK_TYPE_ID      CPMI_ID
#define BLOCK_TYPE_MEDIA   CPMI_MEDIA
#define BLOCK_TYPE_MEDIAS  CPMI_MEDIAS
#define BLOCK_TYPE_PATH    CPMI_PATH
#define BLOCK_TYPE_SESSION CPMI_SESSION_OF
#define BLOCK_TYPE_IDENT   CPMI_IDENT
#define BLOCK_TYPE_ADDRS   CPMI_ADDRS
#define BLOCK_TYPE_NUMBER  CPMI_NUMBER
#define BLOCK_TYPE_FLAG    CPMI_FLAG
#define BLOCK_TYPE_ENUM    CPMI_ENUM
#define BLOCK_TYPE_TXN     CPMI_TXN
#define BLOCK_TYPE_CONTENT CPMI_CONTENT
#define BLOCK_TYPE_LIST    CPMI_LIST
#define BLOCK_TYPE_KEPT    CPMI_KEPT
#define BLOCK_TYPE_PARTS   CPMI_PARTS_OF
#define BLOCK_TYPE_DOC     CPMI_DOC_OF
#define BLOCK_TYPE_SPANS   CPMI_SPANS_OF
#define BLOCK_FIELD(name, type, doc) BLOCK_TYPE_##type,
static const uint8_t block_types[CPM_FIELD_COUNT] = { CPMI_NUMBER, CPM_FIELDS(BLOCK_FIELD) };

cpmi_type cpmi_field_type(cpm_field f) { return (cpmi_type)block_types[f]; }

#define BLOCK_ONE(name, doc) + 1u
#define BLOCK_ENUM(field, list) case CPM_FIELD_##field: return 0u list(BLOCK_ONE);
unsigned cpmi_enum_count(cpm_field f) {
  switch (f) {
    CPM_ENUMS(BLOCK_ENUM)
    default: return 0;
  }
}

int cpmi_no_space(cpm_diag *diag, uint64_t need) {
  cpmi_fail(diag, CPM_E_SPACE, 0, "block", NULL);
  if (diag) diag->need = need;
  return CPM_E_SPACE;
}

int cpmi_no_room(const cpm_proc *p, size_t n, cpm_diag *diag) { return cpmi_no_space(diag, (uint64_t)p->size + block_record_size(n)); }

/* ---- places -------------------------------------------------------------------------------------------------------- */

size_t cpmi_leg_size(const cpm_machine *m) { return sizeof(cpmi_leg) + m->leg_fields.n * sizeof(cpmi_slot); }

static size_t block_counters(const cpm_machine *m) {
  return sizeof(cpm_proc) + m->fields.n * sizeof(cpmi_slot);
}

size_t cpmi_base(const cpm_machine *m) {
  return block_pad(block_counters(m) + m->leg_kinds.n * m->leg_states.n * sizeof(uint32_t));
}

size_t cpmi_legs_begin(const cpm_proc *p, const cpm_machine *m) { return p->size - p->nlegs * cpmi_leg_size(m); }

const cpm_machine *cpmi_machine_of(const cpm_proc *p) {
  return p->machine < cpmi_machine_count ? cpmi_machines[p->machine] : NULL;
}

static char *block_at(const cpm_proc *p, size_t off) { return (char *)(uintptr_t)p + off; }

cpmi_leg *cpmi_leg_at(const cpm_proc *p, const cpm_machine *m, uint32_t leg) {
  return (cpmi_leg *)(void *)block_at(p, p->size - (leg + 1u) * cpmi_leg_size(m));
}

static size_t block_index(cpmi_names names, unsigned name) {
  for (size_t i = 0; i < names.n; i++)
    if (names.p[i] == name) return i;
  return SIZE_MAX;
}

uint32_t *cpmi_count(const cpm_proc *p, const cpm_machine *m, unsigned kind, unsigned state) {
  const size_t k = block_index(m->leg_kinds, kind), s = block_index(m->leg_states, state);
  if (k == SIZE_MAX || s == SIZE_MAX) return NULL;
  return (uint32_t *)(void *)block_at(p, block_counters(m)) + k * m->leg_states.n + s;
}

/* ---- fields -------------------------------------------------------------------------------------------------------- */

typedef struct block_place { cpmi_slot *slot; uint64_t bit; uint64_t *set; } block_place;

static bool block_find(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, block_place *out) {
  size_t i = leg != CPM_NO_LEG ? block_index(m->leg_fields, f) : SIZE_MAX;
  if (i != SIZE_MAX) {
    cpmi_leg *l = cpmi_leg_at(p, m, leg);
    *out = (block_place){ &l->slots[i], UINT64_C(1) << i, &l->set };
    return true;
  }
  i = block_index(m->fields, f);
  if (i == SIZE_MAX) return false;
  cpm_proc *q = (cpm_proc *)(uintptr_t)p;
  *out = (block_place){ &q->slots[i], UINT64_C(1) << i, &q->set };
  return true;
}

static bool block_present(const block_place *at) {
  return (*at->set & at->bit) != 0;
}

static void block_mark(const block_place *at, bool present) {
  *at->set = present ? *at->set | at->bit : *at->set & ~at->bit;
}

const cpmi_slot *cpmi_find(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, bool *present) {
  block_place at;
  if (!block_find(p, m, leg, f, &at)) return NULL;
  *present = block_present(&at);
  return at.slot;
}

bool cpmi_is_set(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f) {
  bool present = false;
  const cpmi_slot *s = cpmi_find(p, m, leg, f, &present);
  const cpmi_type t = cpmi_field_type(f);
  return s && present && ((t != CPMI_FLAG && t != CPMI_NUMBER) || *s != 0);
}

int64_t cpmi_number(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f) {
  bool present = false;
  const cpmi_slot *s = cpmi_find(p, m, leg, f, &present);
  return s && present && !cpmi_is_record(cpmi_field_type(f)) ? (int64_t)*s : 0;
}

static uint32_t block_low(cpmi_slot s) { return (uint32_t)(s & UINT32_MAX); }
static uint32_t block_high(cpmi_slot s) { return (uint32_t)(s >> 32); }

cpm_str cpmi_text(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f) {
  bool present = false;
  const cpmi_slot *s = cpmi_find(p, m, leg, f, &present);
  if (!s || !present || !cpmi_is_record(cpmi_field_type(f))) return cpm_str_none();
  return cpm_str_of(block_at(p, block_low(*s)), block_high(*s));
}

static void block_drop(cpm_proc *p, cpm_field f, const block_place *at) {
  if (block_present(at) && cpmi_is_record(cpmi_field_type(f))) p->waste += (uint32_t)block_record_size(block_high(*at->slot));
}

void cpmi_set_number(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, int64_t v) {
  block_place at;
  if (!block_find(p, m, leg, f, &at)) return;
  *at.slot = (cpmi_slot)v;
  block_mark(&at, true);
}

void cpmi_unset(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f) {
  block_place at;
  if (!block_find(p, m, leg, f, &at)) return;
  block_drop(p, f, &at);
  *at.slot = 0;
  block_mark(&at, false);
}

char *cpmi_room(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, size_t n) {
  block_place at;
  if (!block_find(p, m, leg, f, &at)) return NULL;
  if (n > UINT32_MAX - 16u || block_record_size(n) > cpmi_legs_begin(p, m) - p->text_end) return NULL;
  block_drop(p, f, &at);
  block_record *r = (block_record *)(void *)block_at(p, p->text_end);
  *r = (block_record){ (uint32_t)((char *)at.slot - (char *)p), (uint32_t)n };
  const uint32_t off = p->text_end + (uint32_t)sizeof *r;
  *at.slot = (cpmi_slot)off | (cpmi_slot)n << 32;
  block_mark(&at, true);
  p->text_end += (uint32_t)block_record_size(n);
  return block_at(p, off);
}

/* Is there a slot for it? A machine that does not remember a field drops what would go there. */
static bool block_knows(const cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f) {
  block_place at;
  return block_find(p, m, leg, f, &at);
}

static bool block_is_media_list(cpm_str text) {
  cpm_media_type t;
  int rc;
  size_t n = 0;
  while ((rc = cpm_media_type_next(&text, &t, NULL, NULL)) == CPM_OK) n++;
  return rc == CPM_END && n > 0;
}

static bool block_is_addresses(cpm_str text) {
  cpm_address a;
  int rc;
  size_t n = 0;
  while ((rc = cpm_address_next(&text, &a, NULL, NULL)) == CPM_OK && !a.star && cpmi_text_fits(CPMI_URI, a.uri)) n++;
  return rc == CPM_END && n > 0;
}

static bool block_is_path(cpm_str text) {
  cpm_msrp_uri uri;
  uint64_t quirks = 0;
  int rc;
  size_t n = 0;
  while ((rc = cpm_msrp_path_next(&text, &uri, NULL, &quirks, NULL)) == CPM_OK) n++;
  return rc == CPM_END && n > 0 && !quirks;
}

/* RFC 4975 9: session-id is of unreserved characters, "+", "=" and "/". */
static bool block_is_session(cpm_str text) {
  const char *const end = text.p + text.n;
  return text.n > 0 && text.n <= CPMI_SESSION_ID - 16 && cpmi_run(text.p, end, CPMI_SESSION) == end;   /* room for ".", and the number of a leg */
}

bool cpmi_text_fits(cpmi_type type, cpm_str text) {
  cpm_uri uri;
  cpm_media_type media;
  cpm_str id;
  switch (type) {
  case CPMI_URI:    return cpm_uri_decode(&uri, text, NULL, NULL) == CPM_OK && !uri.headers.p;   /* RFC 3261 19.1.1 */
  case CPMI_ID:     return cpm_id_decode(&id, text, NULL, NULL) == CPM_OK && id.n == text.n;
  case CPMI_MEDIA:  return cpm_media_type_decode(&media, text, NULL, NULL) == CPM_OK;
  case CPMI_MEDIAS: return block_is_media_list(text);
  case CPMI_PATH:   return block_is_path(text);
  case CPMI_SESSION_OF: return block_is_session(text);
  case CPMI_IDENT:  return cpmi_msrp_is_ident(text);
  case CPMI_ADDRS:  return block_is_addresses(text);
  default:          return true;
  }
}

int cpmi_set_text(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, cpm_str text, cpm_diag *diag) {
  if (!block_knows(p, m, leg, f)) return CPM_OK;
  cpmi_out size = cpmi_out_to(NULL, 0, 0);
  const int rc = cpmi_put_value(&size, text, cpm_field_name(f), diag);
  if (rc) return rc;
  if (!cpmi_text_fits(cpmi_field_type(f), text)) return cpmi_fail(diag, CPM_E_VALUE, 0, cpm_field_name(f), NULL);
  char *dst = cpmi_room(p, m, leg, f, size.n);
  if (!dst) return cpmi_no_room(p, size.n, diag);
  cpmi_out out = cpmi_out_to(dst, size.n, 0);
  return cpmi_put_value(&out, text, NULL, NULL);
}

/* ---- waste --------------------------------------------------------------------------------------------------------- */

void cpmi_compact(cpm_proc *p, const cpm_machine *m) {
  const uint32_t end = p->text_end;
  uint32_t to = (uint32_t)cpmi_base(m);
  for (uint32_t from = to; from < end;) {
    const block_record r = *(const block_record *)(const void *)block_at(p, from);
    const uint32_t size = (uint32_t)block_record_size(r.len);
    cpmi_slot *owner = (cpmi_slot *)(void *)block_at(p, r.owner);
    if (block_low(*owner) == from + sizeof r) {
      memmove(block_at(p, to), block_at(p, from), size);
      *owner = (cpmi_slot)(to + sizeof r) | (cpmi_slot)r.len << 32;
      to += size;
    }
    from += size;
  }
  memset(block_at(p, to), 0, end - to);
  p->text_end = to;
  p->waste = 0;
}

/* ---- a larger block --------------------------------------------------------------------------------------------------- */

/* Legs move to the end of it, and with them what their texts say of their owner. */
int cpm_proc_grow(void *mem, size_t size, const cpm_proc *old, cpm_diag *diag) {
  size &= ~(size_t)7u;
  if (old && old->magic != CPMI_MAGIC) return cpmi_fail(diag, CPM_E_BLOCK, 0, "magic", NULL);
  const cpm_machine *m = old ? cpmi_machine_of(old) : NULL;
  if (!mem || !m || (uintptr_t)mem % CPM_PROC_ALIGN || size > UINT32_MAX) return cpmi_fail(diag, CPM_E_ARG, 0, "memory", NULL);
  if (size < old->size) return cpmi_no_space(diag, old->size);
  const size_t legs = cpmi_legs_begin(old, m), by = size - old->size;
  memcpy(mem, old, old->text_end);
  memset((char *)mem + old->text_end, 0, legs + by - old->text_end);
  memcpy((char *)mem + legs + by, (const char *)old + legs, old->size - legs);
  cpm_proc *p = mem;
  p->size = (uint32_t)size;
  for (uint32_t at = (uint32_t)cpmi_base(m); at < p->text_end;) {
    block_record *r = (block_record *)(void *)block_at(p, at);
    if (r->owner >= legs) r->owner += (uint32_t)by;
    at += (uint32_t)block_record_size(r->len);
  }
  return CPM_OK;
}

/* ---- legs ---------------------------------------------------------------------------------------------------------- */

int cpmi_add_leg(cpm_proc *p, const cpm_machine *m, unsigned kind, cpm_diag *diag) {
  const size_t size = cpmi_leg_size(m);
  if (p->nlegs == CPM_NO_LEG - 1u || size > cpmi_legs_begin(p, m) - p->text_end) return cpmi_no_space(diag, (uint64_t)p->size + size);
  p->nlegs++;
  cpmi_leg *l = cpmi_leg_at(p, m, p->nlegs - 1u);
  memset(l, 0, size);
  l->state = m->leg_init;
  l->kind = (uint8_t)kind;
  uint32_t *count = cpmi_count(p, m, kind, m->leg_init);
  if (count) ++*count;
  return CPM_OK;
}

void cpmi_set_leg_state(cpm_proc *p, const cpm_machine *m, cpmi_leg *leg, unsigned state) {
  uint32_t *from = cpmi_count(p, m, leg->kind, leg->state), *to = cpmi_count(p, m, leg->kind, state);
  if (from) --*from;
  if (to) ++*to;
  leg->state = (uint8_t)state;
}

/* ---- records of several entries ------------------------------------------------------------------------------------ */

typedef struct block_entry { uint32_t len; uint8_t copy, anonymize, pad[2]; } block_entry;

bool cpmi_list_next(cpm_str record, size_t *at, cpm_entry *out) {
  block_entry e;
  if (*at > record.n || record.n - *at < sizeof e) return false;
  memcpy(&e, record.p + *at, sizeof e);
  if (e.len > record.n - *at - sizeof e) return false;
  memset(out, 0, sizeof *out);
  out->uri = cpm_str_of(record.p + *at + sizeof e, e.len);
  out->copy_control = (cpm_copy_control)(e.copy <= CPM_COPY_BCC ? e.copy : 0);
  out->anonymize = e.anonymize != 0;
  *at += sizeof e + e.len;
  return true;
}

int cpmi_set_list(cpm_proc *p, const cpm_machine *m, cpm_field f, const cpm_entry *e, size_t n, cpm_diag *diag) {
  size_t size = 0;
  if (!block_knows(p, m, CPM_NO_LEG, f)) return CPM_OK;
  for (size_t i = 0; i < n; i++) {
    if (!e[i].uri.p || e[i].uri.n == 0) return cpmi_fail(diag, CPM_E_ARG, i, "members", NULL);
    const int rc = cpmi_check_clean(e[i].uri, "members", diag);
    if (rc) return rc;
    if (!cpmi_text_fits(CPMI_URI, e[i].uri)) return cpmi_fail(diag, CPM_E_VALUE, i, "members", NULL);
    if (e[i].uri.n > UINT32_MAX - sizeof(block_entry) || size > UINT32_MAX - sizeof(block_entry) - e[i].uri.n)
      return cpmi_fail(diag, CPM_E_TOO_MANY, i, "members", NULL);
    size += sizeof(block_entry) + e[i].uri.n;
  }
  char *dst = cpmi_room(p, m, CPM_NO_LEG, f, size);
  if (!dst) return cpmi_no_room(p, size, diag);
  for (size_t i = 0; i < n; i++) {
    const block_entry head = { (uint32_t)e[i].uri.n, (uint8_t)e[i].copy_control, e[i].anonymize, { 0, 0 } };
    memcpy(dst, &head, sizeof head);
    memcpy(dst + sizeof head, e[i].uri.p, e[i].uri.n);
    dst += sizeof head + e[i].uri.n;
  }
  return CPM_OK;
}

int cpmi_set_content(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, cpmi_content content, cpm_diag *diag) {
  char *dst = cpmi_room(p, m, leg, f, sizeof content);
  if (!dst) return cpmi_no_room(p, sizeof content, diag);
  memcpy(dst, &content, sizeof content);
  return CPM_OK;
}


typedef struct block_field { uint16_t id, name_len; uint32_t value_len; } block_field;

bool cpmi_kept_next(cpm_str record, size_t *at, cpm_sip_field *out) {
  block_field h;
  if (*at > record.n || record.n - *at < sizeof h) return false;
  memcpy(&h, record.p + *at, sizeof h);
  const size_t rest = record.n - *at - sizeof h;
  if (h.id >= CPM_SIP_HEADER_COUNT || h.name_len > rest || h.value_len > rest - h.name_len) return false;
  const char *name = record.p + *at + sizeof h;
  *out = (cpm_sip_field){ (cpm_sip_header)h.id, cpm_str_of(name, h.name_len), cpm_str_of(name + h.name_len, h.value_len), NULL, NULL };
  *at += sizeof h + h.name_len + h.value_len;
  return true;
}

/* Not end-to-end, or of this hop's or dialog's making: never copied to another request (ruling O-R12). */
static bool block_is_hop(cpm_sip_header id) {
  switch (id) {
  case CPM_SIP_VIA: case CPM_SIP_ROUTE: case CPM_SIP_RECORD_ROUTE: case CPM_SIP_CALL_ID: case CPM_SIP_CSEQ: case CPM_SIP_MAX_FORWARDS:
  case CPM_SIP_CONTACT: case CPM_SIP_CONTENT_LENGTH: case CPM_SIP_FROM: case CPM_SIP_TO: case CPM_SIP_PROXY_AUTHENTICATE:
  case CPM_SIP_PROXY_AUTHORIZATION: case CPM_SIP_PROXY_REQUIRE: case CPM_SIP_AUTHORIZATION: case CPM_SIP_WWW_AUTHENTICATE:
  case CPM_SIP_AUTHENTICATION_INFO: case CPM_SIP_PROXY_AUTHENTICATION_INFO:
  case CPM_SIP_P_PREFERRED_IDENTITY: case CPM_SIP_P_PREFERRED_SERVICE: case CPM_SIP_P_ACCESS_NETWORK_INFO:
  case CPM_SIP_P_CHARGING_VECTOR: case CPM_SIP_P_CHARGING_FUNCTION_ADDRESSES: case CPM_SIP_SECURITY_CLIENT:
  case CPM_SIP_SECURITY_SERVER: case CPM_SIP_SECURITY_VERIFY: case CPM_SIP_PATH: case CPM_SIP_SERVICE_ROUTE: case CPM_SIP_RSEQ:
  case CPM_SIP_RACK: case CPM_SIP_TIMESTAMP: case CPM_SIP_MAX_BREADTH: case CPM_SIP_FLOW_TIMER: case CPM_SIP_REPLACES:
  case CPM_SIP_JOIN: case CPM_SIP_TARGET_DIALOG: return true;
  default: return false;
  }
}

/* A host that fills the view itself may leave a known name without its id. */
static cpm_sip_header block_header_of(const cpm_sip_field *h) { return h->id ? h->id : cpm_sip_header_id(h->name); }

static int block_field_size(const cpm_sip_field *h, size_t *size, cpm_diag *diag) {
  cpmi_out value = cpmi_out_to(NULL, 0, 0);
  const int rc = cpmi_put_value(&value, h->value, "header field", diag);
  if (rc) return rc;
  if (h->id == CPM_SIP_UNKNOWN && !cpmi_is_token(h->name)) return cpmi_fail(diag, CPM_E_VALUE, 0, "header-name", "RFC 3261 25.1");
  if (h->name.n > UINT16_MAX || value.n > UINT32_MAX / 4 || *size > UINT32_MAX / 4) return cpmi_fail(diag, CPM_E_TOO_LONG, 0, "header field", NULL);
  *size += sizeof(block_field) + (h->id == CPM_SIP_UNKNOWN ? h->name.n : 0) + value.n;
  return CPM_OK;
}

static char *block_put_field(char *dst, const cpm_sip_field *h) {
  const size_t name_len = h->id == CPM_SIP_UNKNOWN ? h->name.n : 0;
  cpmi_out value = cpmi_out_to(dst + sizeof(block_field) + name_len, SIZE_MAX, 0);
  cpmi_put_value(&value, h->value, NULL, NULL);
  const block_field head = { (uint16_t)h->id, (uint16_t)name_len, (uint32_t)value.n };
  memcpy(dst, &head, sizeof head);
  if (name_len) memcpy(dst + sizeof head, h->name.p, name_len);
  return dst + sizeof head + name_len + value.n;
}

/* Fields [*at, n) from the next one that is to be kept; of lines of a session description all are, and their names are no header's. */
static bool block_next_field(const cpm_sip_field *fields, size_t n, bool lines, size_t *at, cpm_sip_field *out) {
  for (; *at < n; ++*at) {
    *out = fields[*at];
    if (!lines) out->id = block_header_of(out);
    if (!lines && block_is_hop(out->id)) continue;
    ++*at;
    return true;
  }
  return false;
}

int cpmi_set_fields(cpm_proc *p, const cpm_machine *m, uint32_t leg, cpm_field f, const cpm_sip_field *fields, size_t n, bool lines, cpm_diag *diag) {
  size_t size = 0;
  cpm_sip_field h;
  for (size_t i = 0; block_next_field(fields, n, lines, &i, &h);) {
    if ((unsigned)h.id >= CPM_SIP_HEADER_COUNT) return cpmi_fail(diag, CPM_E_ARG, i - 1, "header field", NULL);
    const int rc = block_field_size(&h, &size, diag);
    if (rc) return rc;
  }
  char *dst = cpmi_room(p, m, leg, f, size);
  if (!dst) return cpmi_no_room(p, size, diag);
  for (size_t i = 0; block_next_field(fields, n, lines, &i, &h);) dst = block_put_field(dst, &h);
  return CPM_OK;
}

int cpmi_set_kept(cpm_proc *p, const cpm_machine *m, cpm_field f, const cpm_sip *msg, cpm_diag *diag) {
  return cpmi_set_fields(p, m, CPM_NO_LEG, f, msg->fields, msg->nfields, false, diag);
}
