/* SPDX-License-Identifier: MIT */
/* iscomposing.c - application/im-iscomposing+xml. */
#include "cpm/iscomposing.h"
#include "markup.h"

/* The elements below the root. */
typedef enum iscomposing_kind {
  ISCOMPOSING_STATE, ISCOMPOSING_LASTACTIVE, ISCOMPOSING_CONTENTTYPE, ISCOMPOSING_REFRESH, ISCOMPOSING_KINDS, ISCOMPOSING_ROOT
} iscomposing_kind;

static const char *const iscomposing_names[ISCOMPOSING_KINDS] = { "state", "lastactive", "contenttype", "refresh" };

#define ISCOMPOSING_BIT(kind) (1u << (kind))

/* ---- writing ----------------------------------------------------------------------------------------------------------- */

static int iscomposing_check(const cpm_iscomposing *in, cpm_diag *diag) {
  int rc = cpmi_check_xml(in->lastactive, iscomposing_names[ISCOMPOSING_LASTACTIVE], diag);
  if (rc == CPM_OK) rc = cpmi_check_xml(in->contenttype, iscomposing_names[ISCOMPOSING_CONTENTTYPE], diag);
  if (rc != CPM_OK || in->refresh <= CPM_ISCOMPOSING_REFRESH_MOST) return rc;
  return cpmi_fail(diag, CPM_E_RANGE, 0, iscomposing_names[ISCOMPOSING_REFRESH], NULL);
}

int cpm_iscomposing_encode(char *dst, size_t cap, size_t *len, const cpm_iscomposing *in, cpm_diag *diag) {
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  const int rc = iscomposing_check(in, diag);
  if (rc) return rc;
  cpmi_put_z(&o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<isComposing xmlns=\"" CPM_ISCOMPOSING_NS "\">\r\n");
  cpmi_put_element(&o, iscomposing_names[ISCOMPOSING_STATE], cpm_str_z(in->active ? "active" : "idle"));
  cpmi_put_element(&o, iscomposing_names[ISCOMPOSING_LASTACTIVE], in->lastactive);
  cpmi_put_element(&o, iscomposing_names[ISCOMPOSING_CONTENTTYPE], in->contenttype);
  if (in->refresh) {
    cpmi_put_start(&o, iscomposing_names[ISCOMPOSING_REFRESH]);
    cpmi_put_number(&o, in->refresh);
    cpmi_put_end(&o, iscomposing_names[ISCOMPOSING_REFRESH]);
  }
  cpmi_put_end(&o, "isComposing");
  return cpmi_out_end(&o, len, diag);
}

/* ---- reading ----------------------------------------------------------------------------------------------------------- */

typedef struct iscomposing_reader {
  cpmi_markup      xml;
  cpm_iscomposing *out;
  const cpm_opts  *opts;
  cpm_diag        *diag;
  iscomposing_kind kind;      /* of the element below the root that is open */
  size_t           root;      /* offset */
  unsigned         strict;    /* bits of the elements that count in the right namespace only */
  unsigned         taken;     /* bits of those that were found */
  bool             foreign;   /* one was left out for its namespace alone */
} iscomposing_reader;

static int iscomposing_fail(const iscomposing_reader *r, int code, const char *rule) {
  return cpmi_fail(r->diag, code, r->xml.off, rule, "RFC 3994 5");
}

/* What the element that starts below the root is. */
static int iscomposing_child(iscomposing_reader *r) {
  iscomposing_kind kind = ISCOMPOSING_STATE;
  while (kind < ISCOMPOSING_KINDS && !cpmi_markup_is_name(&r->xml, iscomposing_names[kind])) kind++;
  r->kind = ISCOMPOSING_KINDS;
  if (kind == ISCOMPOSING_KINDS) return CPM_OK;
  if ((r->strict & ISCOMPOSING_BIT(kind)) && !cpmi_markup_is_ns(&r->xml, CPM_ISCOMPOSING_NS)) {
    r->foreign = true;
    return CPM_OK;
  }
  const char *const rule = iscomposing_names[kind];
  if (r->taken & ISCOMPOSING_BIT(kind)) return iscomposing_fail(r, CPM_E_DUPLICATE, rule);
  r->taken |= ISCOMPOSING_BIT(kind);
  r->kind = kind;
  return cpmi_markup_check_ns(&r->xml, CPM_ISCOMPOSING_NS, &r->out->quirks, r->opts, rule, r->diag);
}

static int iscomposing_start(iscomposing_reader *r) {
  static const char root[] = "isComposing";
  if (r->xml.depth == 2) return iscomposing_child(r);
  if (r->xml.depth > 2)
    return r->kind < ISCOMPOSING_KINDS ? iscomposing_fail(r, CPM_E_VALUE, iscomposing_names[r->kind]) : CPM_OK;
  r->root = r->xml.off;
  if (!cpmi_markup_is_name(&r->xml, root)) return iscomposing_fail(r, CPM_E_VALUE, root);
  return cpmi_markup_check_ns(&r->xml, CPM_ISCOMPOSING_NS, &r->out->quirks, r->opts, root, r->diag);
}

static int iscomposing_state(iscomposing_reader *r, cpm_str text, size_t off) {
  cpm_iscomposing *const out = r->out;
  const int rc = cpmi_markup_check_token(&r->xml, "state", &out->quirks, r->opts, r->diag);
  if (rc != CPM_OK) return rc;
  out->state = cpm_str_trim(text);
  out->active = cpmi_markup_text_is(text, "active");
  if (out->active || cpmi_markup_text_is(text, "idle")) return CPM_OK;
  return cpmi_quirk(&out->quirks, CPM_QUIRK(ISCOMPOSING_STATE), r->opts, off, "state", r->diag);
}

/* xs:positiveInteger: a sign "+" and zeros in front may stand. */
static int iscomposing_refresh(iscomposing_reader *r, cpm_str text, size_t off) {
  char digits[32];
  size_t n = 0;
  uint64_t v = 0;
  int rc = cpmi_markup_check_token(&r->xml, "refresh", &r->out->quirks, r->opts, r->diag);
  if (rc != CPM_OK) return rc;
  rc = cpm_markup_text(digits, sizeof digits, &n, text, CPM_MARKUP_COLLAPSE, NULL);
  if (rc != CPM_OK) return cpmi_fail(r->diag, CPM_E_RANGE, off, "refresh", "RFC 3994 5");
  for (size_t i = digits[0] == '+'; i < n; i++) {
    if (digits[i] < '0' || digits[i] > '9') return cpmi_fail(r->diag, CPM_E_VALUE, off, "refresh", "RFC 3994 5");
    v = v > CPM_ISCOMPOSING_REFRESH_MOST ? v : v * 10 + (uint64_t)(digits[i] - '0');
  }
  if (v == 0) return cpmi_fail(r->diag, CPM_E_VALUE, off, "refresh", "RFC 3994 5");
  if (v > CPM_ISCOMPOSING_REFRESH_MOST) return cpmi_fail(r->diag, CPM_E_RANGE, off, "refresh", "RFC 3994 5");
  r->out->refresh = v;
  return CPM_OK;
}

static int iscomposing_end(iscomposing_reader *r) {
  const cpm_str text = r->xml.text;
  const size_t off = (size_t)(text.p - r->xml.in.p);
  const iscomposing_kind kind = r->kind;
  if (r->xml.depth != 2 || kind == ISCOMPOSING_KINDS) return CPM_OK;
  if (text.n > cpmi_limit(r->opts ? r->opts->max_line : 0, CPM_LIMIT_LINE))
    return cpmi_fail(r->diag, CPM_E_TOO_LONG, off, iscomposing_names[kind], NULL);
  switch (kind) {
  case ISCOMPOSING_STATE:      return iscomposing_state(r, text, off);
  case ISCOMPOSING_REFRESH:    return iscomposing_refresh(r, text, off);
  case ISCOMPOSING_LASTACTIVE: r->out->lastactive = cpm_str_trim(text); return CPM_OK;
  default:                     r->out->contenttype = cpm_str_trim(text); return CPM_OK;
  }
}

static int iscomposing_events(iscomposing_reader *r, cpm_str in) {
  int rc = cpmi_markup_open(&r->xml, in, r->opts, r->diag);
  while (rc == CPM_OK) {
    rc = cpmi_markup_next(&r->xml, r->diag);
    if (rc == CPM_OK) rc = r->xml.event == CPMI_MARKUP_START ? iscomposing_start(r) : iscomposing_end(r);
  }
  return rc == CPM_END ? CPM_OK : rc;
}

/* Reads the document with the elements of `strict` in the right namespace only. */
static int iscomposing_read(iscomposing_reader *r, cpm_str in, unsigned strict) {
  static const cpm_iscomposing none;
  *r->out = none;
  r->strict = strict;
  r->taken = 0;
  r->foreign = false;
  r->kind = ISCOMPOSING_KINDS;
  return iscomposing_events(r, in);
}

int cpm_iscomposing_decode(cpm_iscomposing *out, cpm_str in, const cpm_opts *opts, cpm_diag *diag) {
  iscomposing_reader r;
  r.out = out;
  r.opts = opts;
  r.diag = diag;
  int rc = iscomposing_read(&r, in, ISCOMPOSING_BIT(ISCOMPOSING_KINDS) - 1);
  /* What stands in another namespace counts where nothing stands in the right one. */
  if (rc == CPM_OK && r.foreign) rc = iscomposing_read(&r, in, r.taken);
  if (rc == CPM_OK && !out->state.p) rc = cpmi_fail(diag, CPM_E_MISSING, r.root, "state", "RFC 3994 5");
  if (rc == CPM_OK) return CPM_OK;
  const cpm_iscomposing none = { false, cpm_str_none(), cpm_str_none(), cpm_str_none(), 0, out->quirks };
  *out = none;
  return rc;
}
