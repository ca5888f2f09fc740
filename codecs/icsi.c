/* SPDX-License-Identifier: MIT */
/* icsi.c - the service identifiers of CPM, and how a feature tag names them. */
#include "straight.h"
#include "value_internal.h"
#include <string.h>

#define ICSI_TAG    "+g.3gpp.icsi-ref"
#define IARI_TAG    "+g.3gpp.iari-ref"
#define ICSI_PREFIX "urn:urn-7:3gpp-service.ims.icsi.oma.cpm."

/* ---- reading an identifier character by character, without its escapes, its case and what strayed into it ------------- */

typedef struct icsi_reader {
  const char *p, *pe;
  bool stray, upper;      /* met so far: quotes, spaces, angle brackets; upper case letters */
} icsi_reader;

static icsi_reader icsi_read(cpm_str text) {
  text = cpmi_present(text);
  const icsi_reader r = { text.p, text.p + text.n, false, false };
  return r;
}

/* The octet at p, escape or not; *n: how long it is. */
static unsigned char icsi_octet(const icsi_reader *r, size_t *n) {
  const int escape = cpmi_escape(cpm_str_of(r->p, (size_t)(r->pe - r->p)));
  *n = escape < 0 ? 1 : 3;
  return (unsigned char)(escape < 0 ? *r->p : escape);
}

/* U+2018 to U+201D as UTF-8: the quotes of a word processor. */
static bool icsi_is_curly(const icsi_reader *r) {
  return r->pe - r->p >= 3 && memcmp(r->p, "\xe2\x80", 2) == 0 && (unsigned char)r->p[2] >= 0x98 && (unsigned char)r->p[2] <= 0x9d;
}

/* The next character, in lower case; -1 at the end. */
static int icsi_get(icsi_reader *r) {
  while (r->p < r->pe) {
    size_t n;
    unsigned char c = icsi_octet(r, &n);
    const bool curly = icsi_is_curly(r);
    r->p += curly ? 3 : n;
    if (curly || (c && strchr(" \t\r\n\"'\\<>", c))) {
      r->stray = true;
      continue;
    }
    if (c < 'A' || c > 'Z') return c;
    r->upper = true;
    return c | 0x20;
  }
  return -1;
}

/* Is this what comes next? Then the reader moves behind it. */
static bool icsi_take(icsi_reader *r, const char *literal) {
  icsi_reader at = *r;
  for (; *literal; literal++)
    if (icsi_get(&at) != (unsigned char)*literal) return false;
  *r = at;
  return true;
}

/* Moves behind "oma.cpm." and the misprints of what stands before it (ruling O-R1); false if this is no service of CPM. */
static bool icsi_open(icsi_reader *r, bool *odd) {
  unsigned urns = 0, services = 0, omas = 0;
  for (;; r->upper = services && r->upper) {
    if (icsi_take(r, "urn:urn-7:")) urns++;
    else if (icsi_take(r, "urn:urn7:")) urns += 2;
    else if (icsi_take(r, "3gpp-service.ims.")) services++;
    else if (icsi_take(r, "3gppservice.ims.")) services += 2;
    else break;
  }
  if (!services || !icsi_take(r, "icsi.")) return false;
  while (icsi_take(r, "oma.")) omas++;
  *odd = urns != 1 || services != 1 || omas != 1;
  return icsi_take(r, "cpm.");
}

/* Does `got` say all of `want`, and then nothing or further labels? */
static bool icsi_labels(icsi_reader *got, icsi_reader *want) {
  for (;;) {
    const int w = icsi_get(want), g = icsi_get(got);
    if (w < 0 && g == '.') break;
    if (w < 0 || g != w) return w == g;
  }
  const int label = icsi_get(got);
  return label >= 0 && label != '.';
}

/* A misprint counts only in an identifier that was taken. */
static bool icsi_match(cpm_str text, cpm_str icsi, bool *misprint) {
  icsi_reader got = icsi_read(text), want = icsi_read(icsi);
  bool odd = false, ignored;
  if (icsi.n == 0) return false;
  const bool of_cpm = icsi_open(&want, &ignored);
  if (!of_cpm) want = icsi_read(icsi);
  if (of_cpm && !icsi_open(&got, &odd)) return false;
  if (!icsi_labels(&got, &want)) return false;
  *misprint = odd || got.stray || (of_cpm && got.upper);
  return true;
}

static bool icsi_match_noting(cpm_str text, cpm_str icsi, uint64_t *quirks) {
  bool misprint = false;
  if (!icsi_match(text, icsi, &misprint)) return false;
  if (misprint && quirks) *quirks |= CPM_QUIRK(SIP_ICSI);
  return true;
}

/* ---- the ICSIs of CPM -------------------------------------------------------------------------------------------- */

cpm_str cpm_icsi_urn(cpm_icsi id) {
  switch (id) {
#define ICSI_URN(name, label) case CPM_ICSI_##name: return cpm_str_of(ICSI_PREFIX label, sizeof ICSI_PREFIX label - 1);
  CPM_ICSIS(ICSI_URN)
#undef ICSI_URN
  default: return cpm_str_none();
  }
}

bool cpm_icsi_is(cpm_str text, cpm_icsi icsi, uint64_t *quirks) { return icsi_match_noting(text, cpm_icsi_urn(icsi), quirks); }

cpm_icsi cpm_icsi_of(cpm_str text, uint64_t *quirks) {
  cpm_icsi found = CPM_ICSI_NONE;
  bool misprint = false;
  for (int id = CPM_ICSI_NONE + 1; id < CPM_ICSI_COUNT; id++) {
    const cpm_str urn = cpm_icsi_urn((cpm_icsi)id);
    if (urn.n > cpm_icsi_urn(found).n && icsi_match(text, urn, &misprint)) found = (cpm_icsi)id;
  }
  if (misprint && quirks) *quirks |= CPM_QUIRK(SIP_ICSI);
  return found;
}

void cpmi_put_icsi(cpmi_out *o, cpm_str urn) {
  const char *colon;
  while (urn.n && (colon = memchr(urn.p, ':', urn.n)) != NULL) {
    const size_t n = (size_t)(colon - urn.p);
    cpmi_put(o, cpm_str_of(urn.p, n));
    cpmi_put(o, cpm_str_of("%3A", 3));
    urn = cpm_str_of(colon + 1, urn.n - n - 1);
  }
  cpmi_put(o, urn);
}

/* ---- the feature tag --------------------------------------------------------------------------------------------- */

int cpm_icsi_next(cpm_str *rest, cpm_str *urn, bool *negated) {
  while (rest->n) {
    const char *const comma = memchr(rest->p, ',', rest->n);
    const size_t end = comma ? (size_t)(comma - rest->p) : rest->n;
    cpm_str at = cpm_str_trim(cpm_str_of(rest->p, end));
    *rest = cpmi_behind(*rest, comma ? end + 1 : end);
    *negated = at.n && at.p[0] == '!';
    if (*negated) at = cpm_str_trim(cpmi_behind(at, 1));
    if (at.n == 0) continue;
    *urn = at;
    return CPM_OK;
  }
  return CPM_END;
}

/* A service of CPM, coded as TS 24.229 has it and in lower case: no misprint. */
static bool icsi_is_straight(cpm_str urn) {
  static const cpm_str prefix = CPM_STR("urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.");
  const char *const pe = urn.p + urn.n;
  return urn.n > prefix.n && memcmp(urn.p, prefix.p, prefix.n) == 0 && cpmi_run(urn.p + prefix.n, pe, CPMI_LET) == pe;
}

/* Values of icsi-ref and iari-ref are quoted, and their colons coded (TS 24.229 7.2A.8.2). */
static bool icsi_is_coded(const cpm_param *param) {
  static const char misprints[] = ": \t\r\n\"'\\";
  for (const char *c = misprints; *c; c++)
    if (param->value.n && memchr(param->value.p, *c, param->value.n)) return false;
  return param->quoted;
}

/* Does one value of the tag let `icsi` through? A negated one shuts out itself and everything below it. */
static bool icsi_allows(cpm_str urn, bool negated, cpm_str icsi, uint64_t *quirks) {
  bool ignored;
  if (!negated) return icsi_match_noting(urn, icsi, quirks);
  (void)cpm_icsi_of(urn, quirks);
  return !icsi_match(icsi, urn, &ignored);
}

bool cpm_icsi_in(cpm_str params, cpm_str icsi, uint64_t *quirks) {
  cpm_param param;
  bool found = false;
  while (icsi.n && cpm_param_next(&params, &param, NULL) == CPM_OK) {
    if (!cpm_str_ieq(param.name, cpm_str_z(ICSI_TAG))) continue;
    cpm_str values = param.value, urn;
    bool negated;
    while (cpm_icsi_next(&values, &urn, &negated) == CPM_OK) {
      if (!icsi_allows(urn, negated, icsi, quirks)) continue;
      found = true;
      if (quirks && !icsi_is_coded(&param)) *quirks |= CPM_QUIRK(SIP_ICSI);
    }
  }
  return found;
}

void cpmi_icsi_look(const cpm_param *param, uint64_t *quirks) {
  const bool icsi = cpm_str_ieq(param->name, cpm_str_z(ICSI_TAG));
  if (!param->value.p || !(icsi || cpm_str_ieq(param->name, cpm_str_z(IARI_TAG)))) return;
  if (CPMI_STRAIGHT && param->quoted && icsi_is_straight(param->value)) return;
  if (!icsi_is_coded(param)) *quirks |= CPM_QUIRK(SIP_ICSI);
  cpm_str rest = param->value, urn;
  bool negated;
  while (icsi && cpm_icsi_next(&rest, &urn, &negated) == CPM_OK) (void)cpm_icsi_of(urn, quirks);
}
