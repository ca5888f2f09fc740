/* SPDX-License-Identifier: MIT */
/* msrp_read.c - the push reader: octets of a connection to heads, bodies and ends.
 *
 * What ends a body, CRLF "-------" id flag CRLF, holds CR only as its first octet and before its last one. So when a match breaks off,
 * no later one can have begun inside of it but at the octet that broke it: what was held back is body, and the search goes on there.
 * What was held back is the beginning of the pattern, which is why the reader needs no copy of it.
 */
#include "msrp.h"
#include "straight.h"
#include <string.h>

enum { MSRP_AT_START, MSRP_AT_HEAD, MSRP_AT_BODY_START, MSRP_AT_BODY, MSRP_AT_END };
enum { MSRP_DASHES = 7, MSRP_ID_AT = 2 + MSRP_DASHES };

static const char msrp_read_magic[] = "MSRP ";
enum { MSRP_MAGIC = sizeof msrp_read_magic - 1 };

static int msrp_read_fail(cpm_msrp_reader *r, int code, size_t off, const char *rule, cpm_diag *diag) {
  r->error = code;
  return cpmi_fail(diag, code, off, rule, "RFC 4975 9");
}

static int msrp_read_quirk(cpm_msrp_reader *r, cpm_msrp_event *event, uint64_t bit, const cpm_opts *opts, const char *rule, cpm_diag *diag) {
  return r->error = cpmi_quirk(&event->quirks, bit, opts, 0, rule, diag);
}

/* ---- before a frame -------------------------------------------------------------------------------------------------- */

/* Takes octets up to "MSRP ", which goes into the head. */
static int msrp_read_before(cpm_msrp_reader *r, cpm_str *in, const cpm_opts *opts, cpm_diag *diag) {
  const size_t limit = cpmi_limit(opts ? opts->max_line : 0, CPM_LIMIT_LINE);
  while (in->n && r->nhead < MSRP_MAGIC) {
    const char c = in->p[0];
    if (c == msrp_read_magic[r->nhead]) {
      r->head[r->nhead++] = c;
    } else {
      const bool anew = c == 'M';   /* only its first octet can begin it anew */
      r->skipped += r->nhead + !anew;
      r->nhead = anew;
      if (anew) r->head[0] = c;
    }
    if (r->skipped > limit) return msrp_read_fail(r, CPM_E_SYNTAX, 0, "pMSRP", diag);
    *in = cpmi_behind(*in, 1);
  }
  if (r->nhead < MSRP_MAGIC) return CPM_E_MORE;
  r->line = 0;
  r->state = MSRP_AT_HEAD;
  return CPM_OK;
}

/* ---- heads ------------------------------------------------------------------------------------------------------------ */

/* What ends a frame with this transaction id. */
static void msrp_read_set_tail(cpm_msrp_reader *r, cpm_str id) {
  memcpy(r->tail, "\r\n-------", MSRP_ID_AT);
  memcpy(r->tail + MSRP_ID_AT, id.p, id.n);
  r->ntail = (uint8_t)(MSRP_ID_AT + id.n);
}

/* The first line gives the id, and so what ends the frame. */
static int msrp_read_first_line(cpm_msrp_reader *r, cpm_str line, cpm_diag *diag) {
  cpmi_msrp_start m;
  const char *const stop = cpmi_msrp_start_parse(&m, line);
  if (stop) return msrp_read_fail(r, CPM_E_SYNTAX, (size_t)(stop - line.p), "req-start", diag);
  msrp_read_set_tail(r, cpmi_between(m.id_b, m.id_e));
  return CPM_OK;
}

static bool msrp_read_is_flag(char c) { return c == '$' || c == '+' || c == '#'; }

/* Is this line, without its CRLF, the end-line of the frame? */
static bool msrp_read_is_end(const cpm_msrp_reader *r, cpm_str line) {
  const size_t n = r->ntail - 2u;
  return line.n == n + 1 && memcmp(line.p, r->tail + 2, n) == 0 && msrp_read_is_flag(line.p[n]);
}

/* A whole line is there. CPM_OK: it was the last one of the head. */
static int msrp_read_line(cpm_msrp_reader *r, cpm_diag *diag) {
  const cpm_str line = cpm_str_of(r->head + r->line, r->nhead - r->line - 2);
  const bool first = r->line == 0;
  r->line = r->nhead;
  if (first) {
    const int rc = msrp_read_first_line(r, line, diag);
    return rc ? rc : CPM_E_MORE;
  }
  if (line.n == 0) {
    r->state = MSRP_AT_BODY_START;
    r->from = r->held = 2;   /* the empty line may be the CRLF of the end-line */
    return CPM_OK;
  }
  if (!msrp_read_is_end(r, line)) return CPM_E_MORE;
  r->tail[r->ntail] = line.p[line.n - 1];
  r->state = MSRP_AT_END;
  return CPM_OK;
}

/* Lines among the n octets that stand behind nhead, which comes to stand behind those that were read. CPM_OK: the head is whole. */
static int msrp_read_lines(cpm_msrp_reader *r, size_t n, cpm_diag *diag) {
  const char *const end = r->head + r->nhead + n;
  const char *at = r->head + r->nhead, *lf;
  while (at < end && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
    at = lf + 1;
    r->nhead = (size_t)(at - r->head);
    if (r->nhead - r->line < 2 || lf[-1] != '\r') continue;
    const int rc = msrp_read_line(r, diag);
    if (rc != CPM_E_MORE) return rc;
  }
  r->nhead = (size_t)(end - r->head);
  return CPM_E_MORE;
}

static int msrp_read_give_head(cpm_msrp_reader *r, cpm_msrp_event *event, const cpm_opts *opts, cpm_diag *diag) {
  event->kind = CPM_MSRP_HEAD;
  event->text = cpm_str_of(r->head, r->nhead);
  return r->skipped ? msrp_read_quirk(r, event, CPM_QUIRK(MSRP_LEADING), opts, "pMSRP", diag) : CPM_OK;
}

/* Octets are taken some at a time, for those behind the head's end are copied for nothing. */
static int msrp_read_head(cpm_msrp_reader *r, cpm_str *in, cpm_msrp_event *event, const cpm_opts *opts, cpm_diag *diag) {
  enum { MSRP_GATHER = 512 };
  while (in->n) {
    const size_t before = r->nhead, room = r->cap - before, some = in->n < MSRP_GATHER ? in->n : MSRP_GATHER, n = some < room ? some : room;
    if (n == 0) return msrp_read_fail(r, CPM_E_TOO_LONG, r->cap, "headers", diag);
    memcpy(r->head + before, in->p, n);
    const int rc = msrp_read_lines(r, n, diag);
    *in = cpmi_behind(*in, r->nhead - before);
    if (rc == CPM_E_MORE) continue;
    return rc ? rc : msrp_read_give_head(r, event, opts, diag);
  }
  return CPM_E_MORE;
}

/* How many octets of `rest`, which starts with LF, still belong to the head that it ends: an empty line or the end-line. 0: it does not. */
static size_t msrp_read_head_ends(cpm_str rest, cpm_str id) {
  enum { MSRP_END_LINE = 1 + MSRP_DASHES };
  if (rest.n > 2 && rest.p[1] == '\r') return rest.p[2] == '\n' ? 3 : 0;
  const size_t flag = MSRP_END_LINE + id.n;
  if (rest.n < flag + 3 || memcmp(rest.p + 1, "-------", MSRP_DASHES) != 0 || memcmp(rest.p + MSRP_END_LINE, id.p, id.n) != 0) return 0;
  return msrp_read_is_flag(rest.p[flag]) && rest.p[flag + 1] == '\r' && rest.p[flag + 2] == '\n' ? flag + 3 : 0;
}

/* A head that stands in the input from "MSRP " to its end, as nearly every one does: its lines need not be looked at one by one. */
static bool msrp_read_whole_head(cpm_msrp_reader *r, cpm_str *in) {
  cpmi_msrp_start m;
  if (!CPMI_STRAIGHT || !in->n || r->nhead || r->skipped) return false;
  const char *const pe = in->p + (in->n < r->cap ? in->n : r->cap), *const line = cpmi_msrp_start_straight(&m, in->p, pe);
  if (!line || pe - line < 2 || line[0] != '\r' || line[1] != '\n') return false;
  const cpm_str rest = cpm_str_of(line, (size_t)(pe - line)), id = cpmi_between(m.id_b, m.id_e);   /* CR first: no LF stands at 0 */
  const size_t lf = cpmi_find_head_end(rest.p, rest.n), n = rest.p[lf - 1] == '\r' ? msrp_read_head_ends(cpmi_behind(rest, lf), id) : 0;
  if (!n) return false;
  r->nhead = r->line = (size_t)(rest.p - in->p) + lf + n;
  memcpy(r->head, in->p, r->nhead);
  msrp_read_set_tail(r, id);
  *in = cpmi_behind(*in, r->nhead);
  if (n > 3) {
    r->tail[r->ntail] = r->head[r->nhead - 3];
    r->state = MSRP_AT_END;
  } else {
    const bool body = in->n && in->p[0] != '-';   /* otherwise the empty line may be the CRLF of the end-line */
    r->from = r->held = body ? 0 : 2;
    r->state = body ? MSRP_AT_BODY : MSRP_AT_BODY_START;
  }
  return true;
}

/* ---- bodies ----------------------------------------------------------------------------------------------------------- */

/* How many octets a and b have in common at their start, of n. */
static size_t msrp_read_common(const char *a, const char *b, size_t n) {
  size_t i = 0;
  if (n && memcmp(a, b, n) == 0) return n;
  while (i < n && a[i] == b[i]) i++;
  return i;
}

/* Does s start with the whole end-line? */
static bool msrp_read_is_tail(const cpm_msrp_reader *r, cpm_str s) {
  const size_t n = r->ntail;
  return s.n >= n + 3 && memcmp(s.p, r->tail, n) == 0 && msrp_read_is_flag(s.p[n]) && s.p[n + 1] == '\r' && s.p[n + 2] == '\n';
}

/* How many octets of s go on with the end-line, of which `held` have been matched; *whole: they complete it; *broken: another octet
 * comes first. */
static size_t msrp_read_match(cpm_msrp_reader *r, size_t held, cpm_str s, bool *whole, bool *broken) {
  size_t n = 0;
  *whole = held == 0 && msrp_read_is_tail(r, s);
  *broken = false;
  if (*whole) {
    r->tail[r->ntail] = s.p[r->ntail];
    return r->ntail + 3u;
  }
  if (held < r->ntail) {
    const size_t left = r->ntail - held, take = left < s.n ? left : s.n;
    n = msrp_read_common(s.p, r->tail + held, take);
    *broken = n < take;
    if (n < left) return n;
  }
  for (; n < s.n && !*whole; n++) {
    const size_t at = held + n - r->ntail;
    *broken = at == 0 ? !msrp_read_is_flag(s.p[n]) : s.p[n] != (at == 1 ? '\r' : '\n');
    if (*broken) return n;
    r->tail[held + n] = s.p[n];
    *whole = at == 2;
  }
  return n;
}

/* Where the end-line starts in s, or the beginning of one that goes on behind s; s.n if there is neither. *n octets of it are there, and
 * *whole says that they are all of it. */
static size_t msrp_read_find(cpm_msrp_reader *r, cpm_str s, size_t *n, bool *whole) {
  bool broken = s.p[0] != '\r';
  if (!broken) *n = msrp_read_match(r, 0, s, whole, &broken);
  if (!broken) return 0;
  for (size_t at = 0; s.n - at > 2;) {
    const cpm_str rest = cpmi_behind(s, at + 2);
    const size_t mark = cpmi_find_mark(rest.p, rest.n, r->tail[MSRP_ID_AT]);
    if (mark == rest.n) break;
    at += mark;
    if (s.p[at] == '\r') {
      *n = msrp_read_match(r, 0, cpmi_behind(s, at), whole, &broken);
      if (!broken) return at;
    }
    at++;
  }
  /* What is left to find goes on behind s. */
  for (size_t at = s.n > CPM_MSRP_TAIL_MAX ? s.n - CPM_MSRP_TAIL_MAX : 0; at < s.n; at++) {
    const char *const cr = memchr(s.p + at, '\r', s.n - at);
    if (!cr) break;
    at = (size_t)(cr - s.p);
    *n = msrp_read_match(r, 0, cpmi_behind(s, at), whole, &broken);
    if (!broken) return at;
  }
  *n = 0;
  *whole = false;
  return s.n;
}

static int msrp_read_give(cpm_msrp_reader *r, cpm_msrp_event *event, cpm_str text) {
  event->kind = CPM_MSRP_BODY;
  event->text = text;
  r->body += text.n;
  return CPM_OK;
}

static int msrp_read_body(cpm_msrp_reader *r, cpm_str *in, cpm_msrp_event *event, const cpm_opts *opts, cpm_diag *diag) {
  bool whole, broken;
  if (in->n == 0) return CPM_E_MORE;
  if (r->held == 0) {
    size_t matched;
    const size_t n = msrp_read_find(r, *in, &matched, &whole);
    const size_t taken = n ? n : matched;
    const cpm_str body = cpm_str_of(in->p, n);
    *in = cpmi_behind(*in, taken);
    if (n) return msrp_read_give(r, event, body);
    r->held = (uint8_t)matched;
    if (whole) r->state = MSRP_AT_END;
    return whole ? CPM_OK : CPM_E_MORE;
  }
  const size_t n = msrp_read_match(r, r->held, *in, &whole, &broken);
  if (broken) {
    const cpm_str held = cpm_str_of(r->tail + r->from, (size_t)(r->held - r->from));
    r->from = r->held = 0;
    r->state = MSRP_AT_BODY;
    return held.n ? msrp_read_give(r, event, held) : msrp_read_body(r, in, event, opts, diag);
  }
  r->held = (uint8_t)(r->held + n);
  *in = cpmi_behind(*in, n);
  if (!whole) return CPM_E_MORE;
  if (r->state == MSRP_AT_BODY_START && msrp_read_quirk(r, event, CPM_QUIRK(MSRP_EMPTY_LINE), opts, "content-stuff", diag)) return r->error;
  r->state = MSRP_AT_END;
  return CPM_OK;
}

/* ---- ends ------------------------------------------------------------------------------------------------------------- */

static int msrp_read_end(cpm_msrp_reader *r, cpm_msrp_event *event) {
  event->kind = CPM_MSRP_END;
  event->flag = r->tail[r->ntail];
  event->size = r->body;
  r->body = r->skipped = 0;
  r->nhead = r->line = 0;
  r->from = r->held = 0;
  r->state = MSRP_AT_START;
  return CPM_OK;
}

static int msrp_read_step(cpm_msrp_reader *r, cpm_str *in, cpm_msrp_event *event, const cpm_opts *opts, cpm_diag *diag) {
  switch (r->state) {
  case MSRP_AT_START:
    return msrp_read_whole_head(r, in) ? msrp_read_give_head(r, event, opts, diag) : msrp_read_before(r, in, opts, diag);
  case MSRP_AT_HEAD:       return msrp_read_head(r, in, event, opts, diag);
  case MSRP_AT_BODY_START:
  case MSRP_AT_BODY:       return msrp_read_body(r, in, event, opts, diag);
  default:                 return msrp_read_end(r, event);
  }
}

int cpm_msrp_read(cpm_msrp_reader *r, cpm_str *in, cpm_msrp_event *event, const cpm_opts *opts, cpm_diag *diag) {
  const cpm_msrp_event none = { 0 };
  *event = none;
  if (r->error) return cpmi_fail(diag, r->error, 0, "connection", "RFC 4975 9");
  if (!r->head || r->cap < MSRP_MAGIC) return cpmi_fail(diag, CPM_E_ARG, 0, "head", NULL);
  for (;;) {
    const int rc = msrp_read_step(r, in, event, opts, diag);
    if (rc || event->kind) return rc;
  }
}
