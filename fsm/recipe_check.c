/* SPDX-License-Identifier: MIT */
/* recipe_check.c - the rows that compose a message, read the other way: does a received message hold what they ask for? */
#include "engine.h"
#include "cpm/mime.h"
#include "cpm/sdp.h"
#include <string.h>

/* Headers of a CPIM, lines and m lines of a session description that are looked at. */
enum { RCHECK_HEADERS = 64, RCHECK_LINES = 64, RCHECK_MEDIA = 8 };

typedef enum rcheck_match { RCHECK_ABSENT, RCHECK_OTHER, RCHECK_FITS } rcheck_match;

typedef struct rcheck {
  const cpmi_recipe *r;
  const cpm_sip     *msg;
  const cpm_agent   *a;
  const cpm_known   *known;
  size_t             nknown;
  cpm_cpim           cpim;
  bool               cpim_ok;
} rcheck;

static const char *const rcheck_names[] = {
#define RCHECK_NAME(name) #name,
  CPM_RECIPES(RCHECK_NAME)
};

int cpm_recipe_named(const char *name) {
  for (int i = 0; name && i < CPMI_RECIPE_COUNT; i++)
    if (strcmp(rcheck_names[i], name) == 0) return i;
  return -1;
}

const char *cpm_recipe_name(int recipe) { return recipe >= 0 && recipe < CPMI_RECIPE_COUNT ? rcheck_names[recipe] : NULL; }
size_t cpm_recipe_lines(int recipe) { return cpm_recipe_name(recipe) ? cpmi_recipes[recipe]->nlines : 0; }

/* ---- guards, three-valued ------------------------------------------------------------------------------------------ */

/* 1 holds, -1 does not, 0 not known. */
static int rcheck_fact(const rcheck *v, unsigned fact) {
  const cpmi_fact *f = &cpmi_facts[fact];
  for (size_t i = 0; i < v->nknown; i++)
    if (strcmp(v->known[i].fact, f->name) == 0) return v->known[i].holds ? 1 : -1;
  if (!v->a) return 0;
  switch (f->test) {
  case CPMI_TEST_AGENT:  return cpmi_agent_text(v->a, f->a).p ? 1 : -1;
  case CPMI_TEST_POLICY: return cpmi_agent_number(v->a, f->a) ? 1 : -1;
  case CPMI_TEST_WITHOUT: return cpmi_agent_number(v->a, f->b) ? 0 : 1;
  case CPMI_TEST_BELOW:  return cpmi_agent_number(v->a, f->a) < f->b ? 1 : -1;
  default:               return 0;
  }
}

/* An ENUM fact that is known to hold says that the others of its field do not. */
static int rcheck_fact_or_sibling(const rcheck *v, unsigned fact) {
  const int own = rcheck_fact(v, fact);
  if (own || cpmi_facts[fact].test != CPMI_TEST_IS) return own;
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++)
    if (i != fact && cpmi_facts[i].test == CPMI_TEST_IS && cpmi_facts[i].a == cpmi_facts[fact].a && rcheck_fact(v, i) > 0) return -1;
  return 0;
}

static int rcheck_guard(const rcheck *v, const cpmi_line *line, const char **open) {
  int result = 1;
  *open = NULL;
  for (int i = 0; i < CPMI_GUARD && line->when[i]; i++) {
    const unsigned fact = (unsigned)(line->when[i] > 0 ? line->when[i] : -line->when[i]);
    const int is = rcheck_fact_or_sibling(v, fact) * (line->when[i] > 0 ? 1 : -1);
    if (is < 0) return -1;
    if (is == 0 && result > 0) { result = 0; *open = cpmi_facts[fact].name; }
  }
  return result;
}

/* ---- values -------------------------------------------------------------------------------------------------------- */

static cpm_str rcheck_first_uri(cpm_str value) {
  cpm_address a;
  return cpm_address_next(&value, &a, NULL, NULL) == CPM_OK && !a.star ? a.uri : cpm_str_none();
}

static bool rcheck_same_uri(const cpmi_line *line, cpm_str found, cpm_str want) {
  if (line->place == CPMI_PLACE_SIP && line->name == CPM_SIP_REQUEST_URI) return cpm_uri_text_equal(found, want);
  if (line->place == CPMI_PLACE_SIP) return cpm_uri_text_equal(rcheck_first_uri(found), want);
  cpm_cpim_address a;
  return cpm_cpim_address_decode(&a, found, NULL, NULL) == CPM_OK && cpm_uri_text_equal(a.uri, want);
}

static bool rcheck_privacy(cpm_str found, const char *want) {
  unsigned have = 0, need = 0;
  if (cpm_privacy_decode(&have, found, NULL, NULL) || cpm_privacy_decode(&need, cpm_str_z(want), NULL, NULL)) return false;
  return (have & need) == need;
}

static bool rcheck_tokens(cpm_str found, const char *want) {
  cpm_str rest = cpm_str_z(want), token;
  while (cpm_token_next(&rest, &token, NULL, NULL) == CPM_OK) {
    bool has = false;
    cpm_str all = found, one;
    while (cpm_token_next(&all, &one, NULL, NULL) == CPM_OK) has |= cpm_str_ieq(one, token);
    if (!has) return false;
  }
  return true;
}

static bool rcheck_literal(const cpmi_line *line, cpm_str found) {
  const cpm_str want = cpm_str_z(line->lit);
  if (line->place == CPMI_PLACE_MIME && line->name == CPM_SIP_CONTENT_TYPE) return cpm_media_type_text_is(found, line->lit);
  if (line->place != CPMI_PLACE_SIP)
    return cpm_str_ieq(cpm_str_trim(found), want) || rcheck_same_uri(line, found, cpm_str_z(CPM_ANONYMOUS_URI));
  switch (line->name) {
  case CPM_SIP_REQUIRE: case CPM_SIP_SUPPORTED: return rcheck_tokens(found, line->lit);
  case CPM_SIP_PRIVACY:                         return rcheck_privacy(found, line->lit);
  case CPM_SIP_FROM: case CPM_SIP_REFERRED_BY:  return cpm_uri_text_equal(rcheck_first_uri(found), rcheck_first_uri(want));
  default:                                      return cpm_str_ieq(cpm_str_trim(found), want);
  }
}

static bool rcheck_tag(cpm_str found, unsigned icsi) {
  cpm_accept_contact a;
  while (cpm_accept_contact_next(&found, &a, NULL, NULL) == CPM_OK)
    if (cpm_icsi_in(a.params, cpm_icsi_urn((cpm_icsi)icsi), NULL)) return true;
  return false;
}

/* Group and 1-to-many ICSIs lie below the plain one: here the value itself counts, not what is above it. */
static bool rcheck_service(cpm_str found, unsigned icsi) { return cpm_icsi_of(found, NULL) == (cpm_icsi)icsi; }

static bool rcheck_of_agent(const rcheck *v, const cpmi_line *line, cpm_str found) {
  cpm_release release;
  const cpm_str want = v->a ? cpmi_agent_text(v->a, line->what) : cpm_str_none();
  if (line->what == CPMI_AGENT_user_agent || line->what == CPMI_AGENT_server) return cpm_release_find(found, &release);
  if (line->what == CPMI_AGENT_accept) return true;
  /* Another agent's own addresses are not ours to know; provisioned functions are. */
  const bool function = line->what == CPMI_AGENT_cf_uri || line->what == CPMI_AGENT_exploder_uri || line->what == CPMI_AGENT_isf_uri;
  return !function || !want.p || rcheck_same_uri(line, found, want);
}

static bool rcheck_fits(const rcheck *v, const cpmi_line *line, cpm_str found) {
  switch (line->value) {
  case CPMI_VALUE_LIT:           return rcheck_literal(line, found);
  case CPMI_VALUE_ICSI:          return rcheck_service(found, line->what);
  case CPMI_VALUE_ICSI_DEVICE:
  case CPMI_VALUE_ICSI_TAG:      return rcheck_tag(found, line->what);
  case CPMI_VALUE_OF_AGENT:
  case CPMI_VALUE_ADDR_OF_AGENT: return rcheck_of_agent(v, line, found);
  case CPMI_VALUE_COPY_PLUS:     return cpm_token_in(found, line->lit);
  case CPMI_VALUE_COPY_MINUS:    return !cpm_token_in(found, line->lit);
  case CPMI_VALUE_ADDR_OF_TARGET: return cpm_uri_text_equal(rcheck_first_uri(found), v->msg->request_uri);
  default:                       return true;
  }
}

/* What CPIM wraps, if it is of that type. */
static cpm_str rcheck_wrapped(const rcheck *v, const char *type) {
  const bool is = v->cpim_ok && v->cpim.content_type.p && cpm_media_type_text_is(v->cpim.content_type, type);
  return is ? v->cpim.content : cpm_str_none();
}

/* The host's own content: a body, or part of one, that no other recipe makes. */
static cpm_str rcheck_bare(const cpm_part *part) {
  const bool made = part->content_type.p && (cpm_media_type_text_is(part->content_type, "message/cpim") ||
                                             cpm_media_type_text_is(part->content_type, CPM_RESOURCE_LISTS_TYPE));
  return made ? cpm_str_none() : part->body;
}

static cpm_str rcheck_body_type(const rcheck *v, const char *type) {
  if (v->r->kind == CPMI_RECIPE_CPIM_BODY) return rcheck_wrapped(v, type);
  const cpm_str outer = cpm_sip_value(v->msg, CPM_SIP_CONTENT_TYPE);
  cpm_part parts[CPM_SIP_PIECES];
  cpm_multipart mp = { parts, CPM_SIP_PIECES, 0, 0 };
  if (type && outer.p && cpm_media_type_text_is(outer, type)) return v->msg->body;
  if (!outer.p || cpm_multipart_decode(&mp, outer, v->msg->body, NULL, NULL) != CPM_OK) {
    const cpm_part whole = { cpm_str_none(), v->msg->body, 0, outer, cpm_str_none(), cpm_str_none() };
    return type ? cpm_str_none() : rcheck_bare(&whole);
  }
  for (size_t i = 0; i < mp.nparts; i++) {
    const cpm_str bare = type ? cpm_str_none() : rcheck_bare(&parts[i]);
    if (bare.p) return bare;
    if (type && parts[i].content_type.p && cpm_media_type_text_is(parts[i].content_type, type)) return parts[i].body;
  }
  return cpm_str_none();
}

/* Of the first m line of MSRP, without its attribute name; of a direction the attribute. */
static cpm_str rcheck_sdp_value(const rcheck *v, const cpmi_line *line) {
  static const cpm_sdp_attribute attributes[] = { [CPM_SDP_LINE_ACCEPT_TYPES] = CPM_SDP_ACCEPT_TYPES,
    [CPM_SDP_LINE_ACCEPT_WRAPPED_TYPES] = CPM_SDP_ACCEPT_WRAPPED_TYPES, [CPM_SDP_LINE_PATH] = CPM_SDP_PATH,
    [CPM_SDP_LINE_MAX_SIZE] = CPM_SDP_MAX_SIZE,
    [CPM_SDP_LINE_FILE_SELECTOR] = CPM_SDP_FILE_SELECTOR, [CPM_SDP_LINE_FILE_TRANSFER_ID] = CPM_SDP_FILE_TRANSFER_ID,
    [CPM_SDP_LINE_FILE_DISPOSITION] = CPM_SDP_FILE_DISPOSITION, [CPM_SDP_LINE_FILE_DATE] = CPM_SDP_FILE_DATE,
    [CPM_SDP_LINE_FILE_ICON] = CPM_SDP_FILE_ICON, [CPM_SDP_LINE_FILE_RANGE] = CPM_SDP_FILE_RANGE, [CPM_SDP_LINE_SETUP] = CPM_SDP_SETUP,
    [CPM_SDP_LINE_MSRP_CEMA] = CPM_SDP_MSRP_CEMA, [CPM_SDP_LINE_FINGERPRINT] = CPM_SDP_FINGERPRINT };
  cpm_sdp_line lines[RCHECK_LINES];
  cpm_sdp_media media[RCHECK_MEDIA];
  cpm_sdp sdp = CPM_SDP_ROOM(lines, media);
  const int rc = cpm_sdp_decode(&sdp, v->msg->body, NULL, NULL);
  if (rc != CPM_OK || sdp.nmedia == 0) return cpm_str_none();
  const cpm_sdp_media *m = sdp.media;
  for (size_t i = m->first; i < m->first + m->n; i++) {
    const cpm_sdp_line *l = &lines[i];
    const bool direction = l->attribute >= CPM_SDP_SENDRECV && l->attribute <= CPM_SDP_INACTIVE;
    if (line->name == CPM_SDP_LINE_DIRECTION && direction) return l->name;
    if (line->name != CPM_SDP_LINE_DIRECTION && l->attribute == attributes[line->name]) return l->value.p ? l->value : cpm_str_z("");
  }
  return cpm_str_none();
}

static cpm_str rcheck_found(const rcheck *v, const cpmi_line *line) {
  switch (line->place) {
  case CPMI_PLACE_SIP:
    return line->name == CPM_SIP_REQUEST_URI ? v->msg->request_uri : cpm_sip_value(v->msg, (cpm_sip_header)line->name);
  case CPMI_PLACE_CPIM: return v->cpim_ok ? cpm_cpim_value(&v->cpim, (cpm_cpim_id)line->name) : cpm_str_none();
  case CPMI_PLACE_MIME:
    if (v->r->kind == CPMI_RECIPE_HOST_BODY) return cpm_sip_value(v->msg, (cpm_sip_header)line->name);
    if (!v->cpim_ok) return cpm_str_none();
    return line->name == CPM_SIP_CONTENT_TYPE ? v->cpim.content_type : v->cpim.disposition;
  case CPMI_PLACE_SDP:  return rcheck_sdp_value(v, line);
  case CPMI_PLACE_BODY:
    if (line->value == CPMI_VALUE_RECIPE) return rcheck_body_type(v, cpmi_recipes[line->what]->type);
    return v->cpim_ok ? v->cpim.content : v->msg->body;
  default: return cpm_str_none();
  }
}

static rcheck_match rcheck_judge(const rcheck *v, const cpmi_line *line, cpm_str *found) {
  *found = rcheck_found(v, line);
  if (!found->p) return RCHECK_ABSENT;
  return rcheck_fits(v, line, *found) ? RCHECK_FITS : RCHECK_OTHER;
}

/* Does the value fit another line of that name which may apply? */
static bool rcheck_fits_other(const rcheck *v, const cpmi_line *line) {
  for (size_t i = 0; i < v->r->nlines; i++) {
    const cpmi_line *other = &v->r->lines[i];
    const char *open;
    cpm_str found;
    if (other == line || other->place != line->place || other->name != line->name || other->level > CPMI_MAY) continue;
    if (rcheck_guard(v, other, &open) >= 0 && rcheck_judge(v, other, &found) == RCHECK_FITS) return true;
  }
  return false;
}

static bool rcheck_opposes(const int16_t *a, const int16_t *b) {
  for (int i = 0; i < CPMI_GUARD && a[i]; i++)
    for (int k = 0; k < CPMI_GUARD && b[k]; k++)
      if (a[i] == -b[k]) return true;
  return false;
}

/* Does the message have what a line asks for that never applies beside this one? */
static bool rcheck_fits_opposite(const rcheck *v, const cpmi_line *line) {
  for (size_t i = 0; i < v->r->nlines; i++) {
    const cpmi_line *other = &v->r->lines[i];
    cpm_str found;
    if (other->place != line->place || other->name != line->name || !rcheck_opposes(line->when, other->when)) continue;
    if (rcheck_judge(v, other, &found) == RCHECK_FITS) return true;
  }
  return false;
}

/* A history without entries is no part. */
static bool rcheck_is_history(const cpmi_line *line) {
  if (line->place != CPMI_PLACE_BODY || line->value != CPMI_VALUE_RECIPE) return false;
  const cpmi_recipe *r = cpmi_recipes[line->what];
  for (size_t i = 0; i < r->nlines; i++)
    if (r->lines[i].value == CPMI_VALUE_HISTORY) return true;
  return false;
}

static bool rcheck_may_be_absent(const cpmi_line *line) {
  return line->level != CPMI_SHALL || line->value == CPMI_VALUE_COPY_IF || line->value == CPMI_VALUE_COPY_MINUS ||
         line->value == CPMI_VALUE_ALL_OTHERS || rcheck_is_history(line);
}

static cpm_verdict rcheck_verdict(const rcheck *v, const cpmi_line *line, int guard, rcheck_match match) {
  if (line->level == CPMI_EXACTLY_ONE) return match == RCHECK_ABSENT ? CPM_FAILS : CPM_HOLDS;
  if (guard < 0) return CPM_NOT_ASKED;
  if (line->level == CPMI_SHALL_NOT) return match == RCHECK_ABSENT ? CPM_HOLDS : guard > 0 ? CPM_FAILS : CPM_DEPENDS;
  if (match == RCHECK_FITS) return CPM_HOLDS;
  if (match == RCHECK_ABSENT && rcheck_may_be_absent(line)) return CPM_NOT_ASKED;
  if (guard > 0) return CPM_FAILS;
  if (match == RCHECK_ABSENT && rcheck_fits_opposite(v, line)) return CPM_NOT_ASKED;
  return match == RCHECK_OTHER && rcheck_fits_other(v, line) ? CPM_NOT_ASKED : CPM_DEPENDS;
}

static bool rcheck_knows(const cpm_known *known, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned f = 1;
    while (f < CPMI_FACT_COUNT && known[i].fact && strcmp(cpmi_facts[f].name, known[i].fact) != 0) f++;
    if (!known[i].fact || f == CPMI_FACT_COUNT) return false;
  }
  return true;
}

static const char *rcheck_name_of(const cpmi_line *line) {
  static const char *const cpim[] = { "",
#define RCHECK_CPIM(id, ns, name) name,
    CPM_CPIM_HEADERS(RCHECK_CPIM)
  };
#define RCHECK_SDP(name, attribute, doc) #name,
  static const char *const sdp[] = { CPM_SDP_LINES(RCHECK_SDP) };
  switch (line->place) {
  case CPMI_PLACE_SIP:
    if (line->name == CPM_SIP_REQUEST_URI) return "Request-URI";
    return line->name == CPM_SIP_ANY_OTHER ? "other header fields" : cpm_sip_header_name((cpm_sip_header)line->name).p;
  case CPMI_PLACE_CPIM: return cpim[line->name];
  case CPMI_PLACE_MIME: return cpm_sip_header_name((cpm_sip_header)line->name).p;
  case CPMI_PLACE_SDP:  return sdp[line->name];
  case CPMI_PLACE_MSRP: return cpm_msrp_header_name((cpm_msrp_header)line->name).p;
  case CPMI_PLACE_BODY: return "body";
  default:              return "entry";
  }
}

int cpm_recipe_check(int recipe, size_t line, const cpm_sip *msg, const cpm_agent *agent, const cpm_known *known, size_t nknown,
                     cpm_check *out) {
  cpm_cpim_header headers[RCHECK_HEADERS];
  if (!msg || !out || line >= cpm_recipe_lines(recipe) || (nknown && !known) || !rcheck_knows(known, nknown)) return CPM_E_ARG;
  rcheck v = { cpmi_recipes[recipe], msg, agent, known, nknown, { 0 }, false };
  v.cpim.headers = headers;
  v.cpim.cap = RCHECK_HEADERS;
  if (v.r->kind == CPMI_RECIPE_CPIM_BODY) v.cpim_ok = cpm_cpim_decode(&v.cpim, msg->body, NULL, NULL) == CPM_OK;
  const cpmi_line *l = &v.r->lines[line];
  memset(out, 0, sizeof *out);
  out->spec = l->spec;
  out->clauses = l->clauses;
  out->name = rcheck_name_of(l);
  const int guard = rcheck_guard(&v, l, &out->fact);
  const rcheck_match match = rcheck_judge(&v, l, &out->found);
  /* Entries of a list are XML: what is in them is cpm_xml's to say. */
  out->verdict = l->place == CPMI_PLACE_ENTRY || l->name == CPM_SIP_ANY_OTHER ? CPM_NOT_ASKED : rcheck_verdict(&v, l, guard, match);
  if (out->verdict != CPM_DEPENDS) out->fact = NULL;
  return CPM_OK;
}
