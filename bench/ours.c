/* SPDX-License-Identifier: MIT */
/* ours.c - the work of each row, done with cpmkit. Results are kept in structs, as a stack would keep them. */
#include "bench.h"
#include "cpm/cpim.h"
#include "cpm/dialog.h"
#include "cpm/imdn.h"
#include "cpm/mime.h"
#include "cpm/msrp.h"
#include "cpm/sdp.h"
#include "cpm/sip.h"
#include "cpm/value.h"

/* ---- SIP: the index -------------------------------------------------------------------------------------------------------- */

/* LF alone and NUL in the head are refused, though peers take one or the other. */
static const cpm_opts ours_strict = { .refuse = CPM_QUIRK(SIP_BARE_LF) };

static cpm_sip_field ours_fields[64];
static cpm_sip ours_sip = CPM_SIP_ROOM(ours_fields);

int ours_sip_index(const bench_input *in) {
  const int rc = cpm_sip_decode(&ours_sip, cpm_str_of(in->p, in->n), &ours_strict, NULL);
  bench_sink += ours_sip.nfields + ours_sip.body.n;
  return rc;
}

/* ---- SIP: every typed value ------------------------------------------------------------------------------------------------- */

enum { OURS_ADDRESSES = 24 };
typedef struct ours_address { cpm_address address; cpm_uri uri; } ours_address;

static struct {
  cpm_uri            request_uri;
  cpm_via            vias[8];
  ours_address       addresses[OURS_ADDRESSES];
  cpm_accept_contact accept_contacts[4];
  cpm_str            tokens[40], services[4], ids[8];
  cpm_media_type     types[4];
  cpm_product        products[8];
  cpm_cseq           cseq;
  cpm_contact        contacts[4];
  cpm_session_expires session_expires;
  cpm_min_se         min_se;
  cpm_reason         reasons[4];
  cpm_sip_event      event;
  cpm_subscription_state subscription;
  uint64_t           numbers[8];
  unsigned           elements[64];   /* addresses of each field */
  unsigned           nvias, naddresses, naccept_contacts, ntokens, nservices, nids, ntypes, nproducts, nnumbers, ncontacts, nreasons;
} ours;

/* Every list is read to its end: an error, or one element too many, ends the pass. */
#define OURS_LIST(next, array, count) \
  while (!rc && (count) < sizeof(array) / sizeof *(array)) { \
    rc = next(&rest, &(array)[count], NULL, NULL); \
    (count) += rc == CPM_OK; \
  } \
  return rc == CPM_END ? CPM_OK : CPM_E_TOO_MANY

static int ours_one_address(cpm_str *rest, ours_address *out, const cpm_opts *opts, cpm_diag *diag) {
  const int rc = cpm_address_next(rest, &out->address, opts, diag);
  return rc ? rc : cpm_uri_decode(&out->uri, out->address.uri, opts, diag);
}

/* The same with what stands in its parameters; its address is one of the others too. */
static int ours_one_contact(cpm_str *rest, cpm_contact *out, const cpm_opts *opts, cpm_diag *diag) {
  ours_address *const a = &ours.addresses[ours.naddresses % OURS_ADDRESSES];
  const int rc = cpm_contact_next(rest, out, opts, diag);
  if (rc) return rc;
  a->address = out->address;
  ours.naddresses++;
  return cpm_uri_decode(&a->uri, out->address.uri, opts, diag);
}

static int ours_contacts(cpm_str rest) { int rc = CPM_OK; OURS_LIST(ours_one_contact, ours.contacts, ours.ncontacts); }
static int ours_addresses(cpm_str rest) { int rc = CPM_OK; OURS_LIST(ours_one_address, ours.addresses, ours.naddresses); }
static int ours_reasons(cpm_str rest) { int rc = CPM_OK; OURS_LIST(cpm_reason_next, ours.reasons, ours.nreasons); }
static int ours_vias(cpm_str rest) { int rc = CPM_OK; OURS_LIST(cpm_via_next, ours.vias, ours.nvias); }
static int ours_tokens(cpm_str rest) { int rc = CPM_OK; OURS_LIST(cpm_token_next, ours.tokens, ours.ntokens); }
static int ours_services(cpm_str rest) { int rc = CPM_OK; OURS_LIST(cpm_service_next, ours.services, ours.nservices); }
static int ours_products(cpm_str rest) { int rc = CPM_OK; OURS_LIST(cpm_product_next, ours.products, ours.nproducts); }
static int ours_accept_contacts(cpm_str rest) { int rc = CPM_OK; OURS_LIST(cpm_accept_contact_next, ours.accept_contacts, ours.naccept_contacts); }

static int ours_number(cpm_str value) {
  return cpm_number_decode(&ours.numbers[ours.nnumbers++ % 8], value, UINT32_MAX, NULL, NULL);
}

static int ours_field(const cpm_sip_field *field) {
  const cpm_str v = field->value;
  switch (field->id) {
  case CPM_SIP_VIA:                  return ours_vias(v);
  case CPM_SIP_FROM: case CPM_SIP_TO: case CPM_SIP_ROUTE: case CPM_SIP_RECORD_ROUTE:
  case CPM_SIP_P_ASSERTED_IDENTITY:  return ours_addresses(v);
  case CPM_SIP_CONTACT:              return ours_contacts(v);
  case CPM_SIP_SUPPORTED: case CPM_SIP_REQUIRE:
  case CPM_SIP_ALLOW:                return ours_tokens(v);
  case CPM_SIP_P_PREFERRED_SERVICE:  return ours_services(v);
  case CPM_SIP_USER_AGENT:
  case CPM_SIP_SERVER:               return ours_products(v);
  case CPM_SIP_ACCEPT_CONTACT:       return ours_accept_contacts(v);
  case CPM_SIP_MAX_FORWARDS:
  case CPM_SIP_CONTENT_LENGTH:       return ours_number(v);
  case CPM_SIP_CSEQ:                 return cpm_cseq_decode(&ours.cseq, v, NULL, NULL);
  case CPM_SIP_CALL_ID:              return cpm_call_id_decode(&ours.ids[ours.nids++ % 8], v, NULL, NULL);
  case CPM_SIP_CONVERSATION_ID:
  case CPM_SIP_CONTRIBUTION_ID:      return cpm_id_decode(&ours.ids[ours.nids++ % 8], v, NULL, NULL);
  case CPM_SIP_CONTENT_TYPE:         return cpm_media_type_decode(&ours.types[ours.ntypes++ % 4], v, NULL, NULL);
  case CPM_SIP_SESSION_EXPIRES:      return cpm_session_expires_decode(&ours.session_expires, v, NULL, NULL);
  case CPM_SIP_MIN_SE:               return cpm_min_se_decode(&ours.min_se, v, NULL, NULL);
  case CPM_SIP_REASON:               return ours_reasons(v);
  case CPM_SIP_EVENT:                return cpm_sip_event_decode(&ours.event, v, NULL, NULL);
  case CPM_SIP_SUBSCRIPTION_STATE:   return cpm_subscription_state_decode(&ours.subscription, v, NULL, NULL);
  default:                           return CPM_OK;
  }
}

int ours_sip_typed(const bench_input *in) {
  ours.nvias = ours.naddresses = ours.naccept_contacts = ours.ntokens = 0;
  ours.nservices = ours.nids = ours.ntypes = ours.nproducts = ours.nnumbers = ours.ncontacts = ours.nreasons = 0;
  int rc = ours_sip_index(in);
  if (!rc && !ours_sip.status) rc = cpm_uri_decode(&ours.request_uri, ours_sip.request_uri, NULL, NULL);
  for (size_t i = 0; !rc && i < ours_sip.nfields; i++) {
    const unsigned before = ours.naddresses;
    rc = ours_field(&ours_sip.fields[i]);
    ours.elements[i] = ours.naddresses - before;
  }
  bench_sink += ours.naddresses + ours.ntokens;
  return rc;
}

/* ---- SIP: typed encode ------------------------------------------------------------------------------------------------------- */

/* What was decoded is composed again, value by value, and written as one message. The first call decodes. */
static char ours_wire[16384];
static const char *ours_encoded;

/* The writer, and which struct comes next. */
typedef struct ours_writer { cpm_sip_writer w; unsigned vias, addresses, services, types; } ours_writer;

static int ours_encode_addresses(ours_writer *o, cpm_sip_header id, unsigned n) {
  cpm_sip_writer *const w = &o->w;
  size_t len = 0;
  for (unsigned i = 0; i < n; i++) {
    if (i) cpm_sip_write_more(w, NULL);
    else cpm_sip_write_name(w, id, NULL);
    const int rc = cpm_address_encode(w->at, w->room, &len, &ours.addresses[o->addresses++].address, NULL);
    cpm_sip_write_value(w, rc, len, NULL);
  }
  return w->error;
}

static int ours_encode_one(ours_writer *o, cpm_sip_header id) {
  cpm_sip_writer *const w = &o->w;
  size_t len = 0;
  int rc = cpm_sip_write_name(w, id, NULL);
  switch (id) {
  case CPM_SIP_VIA:          rc = cpm_via_encode(w->at, w->room, &len, &ours.vias[o->vias++], NULL); break;
  case CPM_SIP_CSEQ:         rc = cpm_cseq_encode(w->at, w->room, &len, &ours.cseq, NULL); break;
  case CPM_SIP_CONTENT_TYPE: rc = cpm_media_type_encode(w->at, w->room, &len, &ours.types[o->types++], NULL); break;
  default:                   rc = cpm_service_encode(w->at, w->room, &len, ours.services[o->services++], NULL); break;
  }
  return cpm_sip_write_value(w, rc, len, NULL);
}

static int ours_encode_field(ours_writer *o, const cpm_sip_field *field, unsigned n) {
  switch (field->id) {
  case CPM_SIP_VIA: case CPM_SIP_CSEQ: case CPM_SIP_CONTENT_TYPE:
  case CPM_SIP_P_PREFERRED_SERVICE: return ours_encode_one(o, field->id);
  case CPM_SIP_FROM: case CPM_SIP_TO: case CPM_SIP_CONTACT: case CPM_SIP_ROUTE: case CPM_SIP_RECORD_ROUTE:
  case CPM_SIP_P_ASSERTED_IDENTITY: return ours_encode_addresses(o, field->id, n);
  default: return cpm_sip_write_field(&o->w, field, NULL);
  }
}

static int ours_prepare(const bench_input *in) {
  ours_encoded = in->p;
  return ours_sip_typed(in);
}

int ours_sip_encode(const bench_input *in) {
  ours_writer o = { CPM_SIP_WRITER(ours_wire, sizeof ours_wire), 0, 0, 0, 0 };
  size_t len = 0;
  int rc = ours_encoded == in->p ? CPM_OK : ours_prepare(in);
  if (!rc) rc = cpm_sip_write_start(&o.w, &ours_sip, NULL);
  for (size_t i = 0; !rc && i < ours_sip.nfields; i++) rc = ours_encode_field(&o, &ours_sip.fields[i], ours.elements[i]);
  if (!rc) rc = cpm_sip_write_end(&o.w, &len, &ours_sip, NULL);
  bench_sink += len;
  return rc ? rc : len != in->n;
}

/* The message from its view, whose values are text already. */
int ours_sip_write(const bench_input *in) {
  size_t len = 0;
  int rc = ours_encoded == in->p ? CPM_OK : ours_prepare(in);
  if (!rc) rc = cpm_sip_encode(ours_wire, sizeof ours_wire, &len, &ours_sip, NULL);
  bench_sink += len;
  return rc ? rc : len != in->n;
}

/* ---- bodies ------------------------------------------------------------------------------------------------------------------- */

int ours_sdp(const bench_input *in) {
  static cpm_sdp_line lines[64];
  static cpm_sdp_media media[8];
  static cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  static cpm_sdp_origin origin;
  static cpm_sdp_msrp msrp;
  int rc = cpm_sdp_decode(&sdp, cpm_str_of(in->p, in->n), NULL, NULL);
  if (!rc) rc = cpm_sdp_origin_decode(&origin, sdp.lines[1].value, NULL);
  if (!rc) rc = cpm_sdp_msrp_decode(&msrp, &sdp, 0, NULL, NULL);
  bench_sink += sdp.nlines + msrp.max_size;
  return rc;
}

int ours_cpim(const bench_input *in) {
  static cpm_cpim_header headers[16];
  static cpm_cpim cpim = { .headers = headers, .cap = 16 };
  const int rc = cpm_cpim_decode(&cpim, cpm_str_of(in->p, in->n), NULL, NULL);
  bench_sink += cpim.nheaders + cpim.content.n;
  return rc;
}

int ours_imdn(const bench_input *in) {
  static cpm_imdn imdn;
  const int rc = cpm_imdn_decode(&imdn, cpm_str_of(in->p, in->n), NULL, NULL);
  bench_sink += imdn.message_id.n + (uint64_t)imdn.status;
  return rc;
}

/* ---- MSRP --------------------------------------------------------------------------------------------------------------------- */

/* Every frame in turn: its head decoded, its body counted. */
int ours_msrp(const bench_input *in) {
  static char head[2048];
  static cpm_msrp_field fields[16];
  static cpm_msrp msg = { .fields = fields, .cap = 16 };
  cpm_msrp_reader reader = CPM_MSRP_READER(head);
  cpm_msrp_event event;
  cpm_str rest = cpm_str_of(in->p, in->n);
  uint64_t octets = 0;
  bool whole = false;
  int rc;
  while ((rc = cpm_msrp_read(&reader, &rest, &event, NULL, NULL)) == CPM_OK) {
    if (event.kind == CPM_MSRP_HEAD) rc = cpm_msrp_decode(&msg, event.text, NULL, NULL);
    whole = event.kind == CPM_MSRP_END;
    if (whole) octets += event.size;
    if (rc) return rc;
  }
  bench_sink += octets;
  return rc != CPM_E_MORE || !whole;
}
