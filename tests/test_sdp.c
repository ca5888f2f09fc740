/* SPDX-License-Identifier: MIT */
#include "sdp.h"
#include <stdlib.h>
#include <string.h>

#define MSRP "m=message 0 TCP/MSRP *\r\n"

static cpm_str joined(const char *a, cpm_str b, const char *c) {
  const size_t n = strlen(a) + b.n + strlen(c);
  char *p = malloc(n + 1);
  assert_non_null(p);
  memcpy(p, a, strlen(a));
  if (b.n) memcpy(p + strlen(a), b.p, b.n);
  memcpy(p + strlen(a) + b.n, c, strlen(c));
  return cpm_str_of(p, n);
}

static void release(cpm_str s) { free((void *)(uintptr_t)s.p); }

/* ---- dumps ----------------------------------------------------------------------------------------------------------- */

static const char *const directions[] = { "inactive", "sendonly", "recvonly", "sendrecv" };
static const char *const setups[] = { "-", "active", "passive", "actpass" }, *const reuses[] = { "-", "new", "existing" };

static void dump_text(FILE *out, const char *name, cpm_str s) {
  if (!s.p) return;
  fprintf(out, "  %s \"", name);
  support_print(out, s);
  fputs("\"\n", out);
}

static void dump_error(FILE *out, int rc, const cpm_diag *d, size_t base) {
  fprintf(out, "  %s at %zu, %s (%s)\n", cpm_status_name(rc), d->off - base, d->rule, d->clause ? d->clause : "-");
}

static void dump_quirks(FILE *out, uint64_t quirks) {
  fputs("  quirks ", out);
  support_quirks(out, quirks);
  fputc('\n', out);
}

static void dump_date(FILE *out, const char *name, cpm_sdp_date date) {
  if (date.there) fprintf(out, "  %s %lld\n", name, (long long)date.unix_ms);
}

static void dump_file(FILE *out, const cpm_sdp_msrp *m) {
  cpm_sdp_hash hash;
  if (m->file) fputs("  file\n", out);
  dump_text(out, "name", m->selector.name);
  dump_text(out, "type", m->selector.type);
  if (m->selector.has_size) fprintf(out, "  size %llu\n", (unsigned long long)m->selector.size);
  for (cpm_str rest = m->selector.hashes; cpm_sdp_hash_next(&rest, &hash) == CPM_OK;) {
    dump_text(out, "algorithm", hash.algorithm);
    dump_text(out, "hash", hash.value);
  }
  dump_text(out, "file-transfer-id", m->file_transfer_id);
  dump_text(out, "file-disposition", m->file_disposition);
  dump_text(out, "file-icon", m->file_icon);
  dump_date(out, "creation", m->creation);
  dump_date(out, "modification", m->modification);
  dump_date(out, "read", m->read);
  if (!m->has_range) return;
  fprintf(out, "  file-range %llu-", (unsigned long long)m->range_start);
  if (m->range_stop == CPM_SDP_ANY) fputs("*\n", out);
  else fprintf(out, "%llu\n", (unsigned long long)m->range_stop);
}

static void dump_msrp(FILE *out, const cpm_sdp_msrp *m) {
  fprintf(out, "  msrp port %u%s %s", m->port, m->secure ? " tls" : "", directions[m->direction]);
  fprintf(out, " setup %s connection %s%s%s\n", setups[m->setup], reuses[m->reuse], m->cema ? " cema" : "",
          m->chatroom ? " chatroom" : "");
  dump_text(out, "chat-tokens", m->chatroom_tokens);
  dump_text(out, "accept-types", m->accept_types);
  dump_text(out, "accept-wrapped-types", m->accept_wrapped_types);
  if (m->has_max_size) fprintf(out, "  max-size %llu\n", (unsigned long long)m->max_size);
  dump_text(out, "path", m->path);
  dump_text(out, "fingerprint", m->fingerprint);
  dump_file(out, m);
  dump_quirks(out, m->quirks);
}

static void dump_lines(FILE *out, const cpm_sdp *s) {
  for (size_t i = 0; i < s->nlines; i++) {
    const cpm_sdp_line *l = &s->lines[i];
    fprintf(out, "  %zu %c", l->off, l->type);
    if (l->type == 'a') {
      fprintf(out, " %s\"", l->attribute ? "" : "unknown ");
      support_print(out, l->name);
      fputc('"', out);
    }
    if (l->value.p) {
      fputs(" \"", out);
      support_print(out, l->value);
      fputc('"', out);
    }
    fputc('\n', out);
  }
}

/* ---- what holds for whatever was read ---------------------------------------------------------------------------------- */

static void walk(cpm_str in, void *ctx) {
  static description d;
  (void)ctx;
  cpm_diag diag = { 0 };
  cpm_sdp_msrp m;
  const int rc = read_into(&d, in, NULL, &diag);
  if (rc) {
    assert_int_equal(diag.code, rc);
    assert_true(diag.off <= in.n && diag.rule);
    return;
  }
  for (size_t i = 0; i < d.sdp.nmedia; i++)
    if (cpm_sdp_msrp_decode(&m, &d.sdp, i, NULL, &diag)) assert_true(diag.off <= in.n && diag.rule);
}

static int encode_lines(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_sdp_encode(dst, cap, len, ctx, NULL); }

/* Written, read strictly, written again the same. */
static void round_trip(FILE *out, const cpm_sdp *sdp, cpm_str in) {
  static description again;
  cpm_diag d = { 0 };
  size_t len;
  const int rc = cpm_sdp_encode(NULL, 0, &len, sdp, &d);
  if (rc) {
    fprintf(out, "not written: %s, %s\n", cpm_status_name(rc), d.rule);
    return;
  }
  const cpm_str first = support_every_size(encode_lines, (void *)(uintptr_t)sdp), guarded = support_guard(first);
  if (cpm_str_eq(first, in)) fputs("written as it was\n", out);
  else dump_text(out, "written", first);
  assert_status(read_into(&again, guarded, &strict, &d), CPM_OK, &d);
  assert_int_equal(again.sdp.quirks, 0);
  char *second = malloc(len + 1);
  assert_non_null(second);
  assert_status(cpm_sdp_encode(second, len, &len, &again.sdp, &d), CPM_OK, &d);
  assert_true(cpm_str_eq(cpm_str_of(second, len), guarded));
  free(second);
  support_unguard(guarded);
}

/* Each quirk that was met is refused, and no other is. */
static void refuse_quirks(cpm_str in, uint64_t met) {
  static description d;
  for (unsigned bit = 0; bit < 64; bit++) {
    const cpm_opts refuse = { .refuse = UINT64_C(1) << bit };
    cpm_diag diag = { 0 };
    const int rc = read_into(&d, in, &refuse, &diag);
    assert_status(rc, met >> bit & 1 ? CPM_E_QUIRK : CPM_OK, &diag);
    assert_true(!rc || (diag.off <= in.n && diag.rule));
  }
}

static void refuse_media_quirks(const cpm_sdp *sdp, size_t index, uint64_t met) {
  cpm_sdp_msrp m;
  for (unsigned bit = 0; bit < 64; bit++) {
    const cpm_opts refuse = { .refuse = UINT64_C(1) << bit };
    cpm_diag diag = { 0 };
    assert_status(cpm_sdp_msrp_decode(&m, sdp, index, &refuse, &diag), met >> bit & 1 ? CPM_E_QUIRK : CPM_OK, &diag);
  }
}

static void dump_media(FILE *out, const cpm_sdp *sdp, size_t i) {
  const cpm_sdp_media *const media = &sdp->media[i];
  cpm_sdp_connection c = { 0 };
  cpm_sdp_msrp m;
  cpm_diag d = { 0 };
  fprintf(out, "media %zu lines %zu+%zu port %u/%llu %s\n", i, media->first, media->n, media->port,
          (unsigned long long)media->ports, directions[media->direction]);
  dump_text(out, "media", media->media);
  dump_text(out, "proto", media->proto);
  dump_text(out, "formats", media->formats);
  if (cpm_sdp_connection_of(&c, sdp, i, NULL) == CPM_OK) dump_text(out, "address", c.address);
  if (!media->msrp) {
    assert_int_equal(cpm_sdp_msrp_decode(&m, sdp, i, NULL, NULL), CPM_E_VALUE);
    return;
  }
  const int rc = cpm_sdp_msrp_decode(&m, sdp, i, NULL, &d);
  if (rc) {
    dump_error(out, rc, &d, 0);
    return;
  }
  dump_msrp(out, &m);
  refuse_media_quirks(sdp, i, m.quirks);
}

static void dump(cpm_str in, FILE *out) {
  static description d;
  cpm_diag diag = { 0 };
  support_every_prefix(in, walk, NULL);
  const int rc = read_into(&d, in, NULL, &diag);
  if (rc) {
    dump_error(out, rc, &diag, 0);
    return;
  }
  fprintf(out, "session %zu lines\n", d.sdp.nsession);
  dump_quirks(out, d.sdp.quirks);
  dump_lines(out, &d.sdp);
  for (size_t i = 0; i < d.sdp.nmedia; i++) dump_media(out, &d.sdp, i);
  round_trip(out, &d.sdp, in);
  refuse_quirks(in, d.sdp.quirks);
}

static void vectors(void **state) {
  (void)state;
  support_vectors("sdp", dump);
}

/* ---- vectors of lines: each in a description that is otherwise as small as it can be --------------------------------------- */

static void dump_words(FILE *out, cpm_str value) {
  int64_t seconds;
  int rc;
  for (cpm_str rest = value; (rc = cpm_sdp_interval_next(&rest, &seconds, NULL)) == CPM_OK;)
    fprintf(out, "  %lld\n", (long long)seconds);
  if (rc != CPM_END) fprintf(out, "  %s\n", cpm_status_name(rc));
}

static void dump_value(FILE *out, char type, cpm_str value) {
  cpm_sdp_origin o;
  cpm_sdp_connection c;
  cpm_sdp_bandwidth b;
  cpm_sdp_time t;
  cpm_sdp_key k;
  cpm_diag d = { 0 };
  int rc = CPM_OK;
  if (type == 'o' && (rc = cpm_sdp_origin_decode(&o, value, &d)) == CPM_OK) {
    const struct {
      const char *name;
      cpm_str s;
    } parts[] = { { "username", o.username }, { "id", o.sess_id },        { "version", o.sess_version },
                  { "nettype", o.nettype },   { "addrtype", o.addrtype }, { "address", o.address } };
    for (size_t i = 0; i < 6; i++) dump_text(out, parts[i].name, parts[i].s);
  }
  if (type == 'c' && (rc = cpm_sdp_connection_decode(&c, value, &d)) == CPM_OK) {
    dump_text(out, "nettype", c.nettype);
    dump_text(out, "addrtype", c.addrtype);
    dump_text(out, "address", c.address);
    if (c.has_ttl) fprintf(out, "  ttl %u\n", c.ttl);
    fprintf(out, "  count %llu\n", (unsigned long long)c.count);
  }
  if (type == 'b' && (rc = cpm_sdp_bandwidth_decode(&b, value, &d)) == CPM_OK) {
    dump_text(out, "type", b.type);
    fprintf(out, "  bandwidth %llu\n", (unsigned long long)b.value);
  }
  if (type == 't' && (rc = cpm_sdp_time_decode(&t, value, &d)) == CPM_OK)
    fprintf(out, "  %llu to %llu\n", (unsigned long long)t.start, (unsigned long long)t.stop);
  if (type == 'k' && (rc = cpm_sdp_key_decode(&k, value, &d)) == CPM_OK) {
    dump_text(out, "method", k.method);
    dump_text(out, "key", k.key);
  }
  if (type == 'r' || type == 'z') dump_words(out, value);
  if (rc) dump_error(out, rc, &d, 0);
}

/* The smallest description with this line in its place. */
static cpm_str around(cpm_str line, size_t *base) {
  static const char *const before[] = { "",
                                        "v=0\r\n",
                                        "v=0\r\no=- 1 1 IN IP4 a\r\n",
                                        "v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\n",
                                        "v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\nt=0 0\r\n",
                                        HEAD };
  static const char *const behind[] = {
    "\r\no=- 1 1 IN IP4 a\r\ns=-\r\nt=0 0\r\n", "\r\ns=-\r\nt=0 0\r\n", "\r\nt=0 0\r\n", "\r\nt=0 0\r\n", "\r\n", "\r\n"
  };
  const char type = line.n ? line.p[0] : '\0';
  const size_t i = type == 'v'                      ? 0
                   : type == 'o'                    ? 1
                   : type == 's'                    ? 2
                   : type && strchr("iuepcb", type) ? 3
                   : type == 'm'                    ? 5
                   : type == 't'                    ? 3
                                                    : 4;
  *base = strlen(before[i]);
  return joined(before[i], line, type == 't' ? "\r\n" : behind[i]);
}

static void dump_line(cpm_str line, unsigned number, void *ctx) {
  static description d;
  FILE *const out = ctx;
  size_t base, len = 0;
  cpm_diag diag = { 0 };
  const cpm_str text = around(line, &base), guarded = support_guard(text);
  fprintf(out, "%u: ", number);
  support_print(out, line);
  fputc('\n', out);
  const int rc = read_into(&d, guarded, NULL, &diag);
  if (rc) dump_error(out, rc, &diag, base);
  for (size_t i = 0; !rc && i < d.sdp.nlines; i++)
    if (d.sdp.lines[i].off == base) dump_value(out, line.p[0], d.sdp.lines[i].value);
  if (!rc && d.sdp.quirks) dump_quirks(out, d.sdp.quirks);
  if (!rc) {
    assert_status(cpm_sdp_encode(NULL, 0, &len, &d.sdp, &diag), CPM_OK, &diag);
    if (d.sdp.quirks) round_trip(out, &d.sdp, guarded);
    refuse_quirks(guarded, d.sdp.quirks);
  }
  support_unguard(guarded);
  release(text);
}

static void dump_line_file(cpm_str in, FILE *out) { support_every_line(in, dump_line, out); }

static void line_vectors(void **state) {
  (void)state;
  support_vectors("sdp_line", dump_line_file);
}

/* ---- vectors of attributes: each under an m line that needs nothing else --------------------------------------------------- */

static const cpm_sdp_session session = {
  .origin = { CPM_STR("-"), CPM_STR("1"), CPM_STR("1"), CPM_STR("IN"), CPM_STR("IP4"), CPM_STR("192.0.2.1") }, .name = { NULL, 0 }
};

static int encode_offer(char *dst, size_t cap, size_t *len, void *ctx) {
  return cpm_sdp_offer(dst, cap, len, &session, ctx, 1, NULL);
}

/* Offered, read strictly, offered again the same. */
static void offer_round_trip(FILE *out, cpm_sdp_msrp *m) {
  static description d;
  cpm_diag diag = { 0 };
  cpm_sdp_msrp again;
  size_t len, head;
  m->connection.address = cpm_str_none();
  const cpm_str first = support_every_size(encode_offer, m), guarded = support_guard(first);
  const cpm_sdp_msrp none = { .direction = m->direction };
  assert_status(cpm_sdp_offer(NULL, 0, &head, &session, &none, 1, &diag), CPM_OK, &diag);
  if (first.n > head) dump_text(out, "offered", cpm_str_of(first.p + head, first.n - head));
  assert_status(read_into(&d, guarded, &strict, &diag), CPM_OK, &diag);
  assert_status(cpm_sdp_msrp_decode(&again, &d.sdp, 0, &strict, &diag), CPM_OK, &diag);
  again.connection.address = cpm_str_none();
  char *second = malloc(guarded.n + 1);
  assert_non_null(second);
  assert_status(cpm_sdp_offer(second, guarded.n, &len, &session, &again, 1, &diag), CPM_OK, &diag);
  assert_true(cpm_str_eq(cpm_str_of(second, len), guarded));
  free(second);
  support_unguard(guarded);
}

static void dump_attribute(cpm_str line, unsigned number, void *ctx) {
  static description d;
  FILE *const out = ctx;
  cpm_diag diag = { 0 };
  cpm_sdp_msrp m;
  static const char before[] = HEAD MSRP "a=";
  const cpm_str text = joined(before, line, "\r\n"), guarded = support_guard(text);
  fprintf(out, "%u: ", number);
  support_print(out, line);
  fputc('\n', out);
  int rc = read_into(&d, guarded, NULL, &diag);
  if (!rc) rc = cpm_sdp_msrp_decode(&m, &d.sdp, 0, NULL, &diag);
  if (rc) {
    dump_error(out, rc, &diag, sizeof before - 1);
  } else {
    m.quirks |= d.sdp.quirks;
    dump_msrp(out, &m);
    refuse_media_quirks(&d.sdp, 0, m.quirks & ~d.sdp.quirks);
    refuse_quirks(guarded, d.sdp.quirks);
    offer_round_trip(out, &m);
  }
  support_every_prefix(guarded, walk, NULL);
  support_unguard(guarded);
  release(text);
}

static void dump_attribute_file(cpm_str in, FILE *out) { support_every_line(in, dump_attribute, out); }

static void attribute_vectors(void **state) {
  (void)state;
  support_vectors("sdp_attribute", dump_attribute_file);
}

/* ---- names of files -------------------------------------------------------------------------------------------------- */

typedef struct name_ctx {
  cpm_str in;
} name_ctx;
static int decode_name(char *dst, size_t cap, size_t *len, void *ctx) {
  return cpm_sdp_file_name_decode(dst, cap, len, ((name_ctx *)ctx)->in, NULL, NULL, NULL);
}
static int encode_name(char *dst, size_t cap, size_t *len, void *ctx) {
  return cpm_sdp_file_name_encode(dst, cap, len, ((name_ctx *)ctx)->in, NULL);
}

static void dump_name(cpm_str line, unsigned number, void *ctx) {
  FILE *const out = ctx;
  cpm_diag d = { 0 };
  uint64_t quirks = 0;
  size_t len;
  fprintf(out, "%u: ", number);
  support_print(out, line);
  fputc('\n', out);
  const int rc = cpm_sdp_file_name_decode(NULL, 0, &len, line, NULL, &quirks, &d);
  if (rc) {
    dump_error(out, rc, &d, 0);
    return;
  }
  name_ctx name = { line };
  const cpm_str text = support_every_size(decode_name, &name);
  dump_text(out, "name", text);
  if (quirks) dump_quirks(out, quirks);
  assert_status(cpm_sdp_file_name_decode(NULL, 0, &len, line, &strict, NULL, &d), quirks ? CPM_E_QUIRK : CPM_OK, &d);
  name.in = support_guard(text);
  char back[256];
  const cpm_str written = support_every_size(encode_name, &name);
  dump_text(out, "written", written);
  assert_status(cpm_sdp_file_name_decode(back, sizeof back, &len, written, &strict, NULL, &d), CPM_OK, &d);
  assert_true(cpm_str_eq(cpm_str_of(back, len), name.in));
  support_unguard(name.in);
}

static void dump_name_file(cpm_str in, FILE *out) { support_every_line(in, dump_name, out); }

static void file_name_vectors(void **state) {
  (void)state;
  support_vectors("sdp_file_name", dump_name_file);
  cpm_diag d = { 0 };
  size_t len;
  const struct {
    cpm_str name;
    int rc;
  } bad[] = { { S(""), CPM_E_VALUE },     { S("."), CPM_E_VALUE },        { S(".."), CPM_E_VALUE },    { S("a/b"), CPM_E_VALUE },
              { S("a\\b"), CPM_E_VALUE }, { S("a\0b"), CPM_E_INJECTION }, { { NULL, 0 }, CPM_E_VALUE } };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_status(cpm_sdp_file_name_encode(NULL, 0, &len, bad[i].name, &d), bad[i].rc, &d);
}

/* ---- a selector alone -------------------------------------------------------------------------------------------------- */

#define SELECTOR_HASH "hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E"

static int encode_selector(char *dst, size_t cap, size_t *len, void *ctx) { return cpm_sdp_selector_encode(dst, cap, len, ctx, NULL); }

static void read_selector_prefix(cpm_str in, void *ctx) {
  cpm_sdp_selector s;
  cpm_diag d = { 0 };
  (void)ctx;
  const int rc = cpm_sdp_selector_decode(&s, in, &d);
  if (rc) assert_true(d.off <= in.n);
}

static void a_selector_is_read_and_written_alone(void **state) {
  (void)state;
  static const char *const good[] = { ("name:\"My cool picture.jpg\" type:image/jpeg size:4092 " SELECTOR_HASH), "size:1", "type:text/plain",
                                      "name:\"a%22b\"" };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    cpm_sdp_selector s;
    cpm_diag d = { 0 };
    const cpm_str in = support_guard(cpm_str_z(good[i]));
    assert_status(cpm_sdp_selector_decode(&s, in, &d), CPM_OK, &d);
    const cpm_str out = support_every_size(encode_selector, &s);
    assert_true(cpm_str_eq(out, in));
    support_every_prefix(in, read_selector_prefix, NULL);
    support_unguard(in);
  }
  static const struct { const char *text; int rc; size_t off; } bad[] = {
    { "", CPM_E_TRUNCATED, 0 },           { "size:", CPM_E_TRUNCATED, 5 },     { "size:x", CPM_E_SYNTAX, 5 },
    { "size:99999999999999999999", CPM_E_RANGE, 5 }, { "hash:sha-1:72:24", CPM_E_VALUE, 11 }, { "size:1 size:2", CPM_E_DUPLICATE, 12 },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cpm_sdp_selector s;
    cpm_diag d = { 0 };
    assert_status(cpm_sdp_selector_decode(&s, cpm_str_z(bad[i].text), &d), bad[i].rc, &d);
    assert_int_equal(d.off, bad[i].off);
  }
  const struct { cpm_sdp_selector s; int rc; } unwritten[] = {
    { { .has_size = true }, CPM_E_MISSING },
    { { .name = S("a\r\nb") }, CPM_E_INJECTION },
    { { .name = S("a\"b") }, CPM_E_VALUE },
    { { .type = S("no type") }, CPM_E_VALUE },
    { { .hashes = S("hash:sha-1:72") }, CPM_E_VALUE },
    { { .hashes = S("sha-1") }, CPM_E_VALUE },
  };
  for (size_t i = 0; i < sizeof unwritten / sizeof *unwritten; i++) {
    cpm_diag d = { 0 };
    size_t len;
    assert_status(cpm_sdp_selector_encode(NULL, 0, &len, &unwritten[i].s, &d), unwritten[i].rc, &d);
  }
}

/* ---- hostile input ------------------------------------------------------------------------------------------------------- */

static void noise_is_read_to_its_end(void **state) {
  (void)state;
  static const char *const fills[] = {
    "v=0\r\n", "a=x\r\n", "m=message 9 TCP/MSRP *\r\n", "\n", "\r\n", "\r", "a", "=", " ", "a=", "\"", "c=IN IP4 a\r\n"
  };
  enum { N = 1 << 16 };
  char *text = malloc(N);
  assert_non_null(text);
  for (size_t f = 0; f < sizeof fills / sizeof *fills; f++) {
    for (size_t i = 0, n = strlen(fills[f]); i < N; i++) text[i] = fills[f][i % n];
    walk(cpm_str_of(text, N), NULL);
  }
  uint32_t seed = 1;
  for (size_t i = 0; i < N; i++) text[i] = (char)((seed = seed * 1664525u + 1013904223u) >> 24);
  walk(cpm_str_of(text, N), NULL);
  memset(text, 0, N);
  walk(cpm_str_of(text, N), NULL);
  walk(cpm_str_none(), NULL);
  free(text);
}

static void nul_is_refused_wherever_it_stands(void **state) {
  (void)state;
  static const char text[] = HEAD "a=x:y\r\nm=message 9 TCP/MSRP *\r\ni=a\r\na=accept-types:*\r\na=path:msrp://a/b;tcp\r\n";
  static description d;
  for (size_t i = 0; i < sizeof text - 1; i++) {
    char copy[sizeof text];
    cpm_diag diag = { 0 };
    memcpy(copy, text, sizeof text);
    copy[i] = '\0';
    assert_true(read_into(&d, cpm_str_of(copy, sizeof text - 1), NULL, &diag) < 0);
  }
}

static void ten_thousand_lines_say_how_many_they_are(void **state) {
  (void)state;
  enum { N = 10000 };
  static const char media[] = "m=message 9 TCP/MSRP *\r\n";
  char *text = malloc(sizeof HEAD + (sizeof media - 1) * N);
  assert_non_null(text);
  memcpy(text, HEAD, sizeof HEAD - 1);
  for (size_t i = 0; i < N; i++) memcpy(text + sizeof HEAD - 1 + i * (sizeof media - 1), media, sizeof media - 1);
  const cpm_str in = cpm_str_of(text, sizeof HEAD - 1 + (sizeof media - 1) * N);
  static description d;
  cpm_diag diag = { 0 };
  assert_status(read_into(&d, in, NULL, &diag), CPM_E_TOO_MANY, &diag);
  assert_int_equal(diag.need, N + 5);
  assert_int_equal(d.sdp.nlines, LINES);
  assert_int_equal(d.sdp.nmedia, MEDIA);
  cpm_sdp_line *lines = calloc(N + 5, sizeof *lines);
  cpm_sdp_media *medias = calloc(N, sizeof *medias);
  assert_true(lines && medias);
  cpm_sdp sdp = { .lines = lines, .cap = N + 5, .media = d.media, .media_cap = MEDIA };
  assert_status(cpm_sdp_decode(&sdp, in, NULL, &diag), CPM_E_TOO_MANY, &diag);
  assert_int_equal(diag.need, N);
  assert_string_equal(diag.rule, "media-field");
  sdp.media = medias;
  sdp.media_cap = N;
  assert_status(cpm_sdp_decode(&sdp, in, NULL, &diag), CPM_OK, &diag);
  assert_int_equal(medias[N - 1].first, N + 4);
  cpm_sdp none = { 0 };
  assert_status(cpm_sdp_decode(&none, in, NULL, &diag), CPM_E_TOO_MANY, &diag);
  none.cap = 1;
  assert_status(cpm_sdp_decode(&none, in, NULL, &diag), CPM_E_ARG, &diag);
  free(lines);
  free(medias);
  free(text);
}

static void limits_are_kept(void **state) {
  (void)state;
  static description d;
  const cpm_opts line = { .max_line = 26 }, shorter = { .max_line = 23 }, body = { .max_body = sizeof HEAD - 1 },
                 less = { .max_body = sizeof HEAD - 2 };
  assert_status(read_into(&d, S(HEAD), &line, NULL), CPM_OK, NULL);
  assert_status(read_into(&d, S(HEAD), &shorter, NULL), CPM_E_TOO_LONG, NULL);
  assert_status(read_into(&d, S(HEAD), &body, NULL), CPM_OK, NULL);
  assert_status(read_into(&d, S(HEAD), &less, NULL), CPM_E_TOO_LONG, NULL);
}

/* ---- small values -------------------------------------------------------------------------------------------------------- */

static void types_are_taken_without_case(void **state) {
  (void)state;
  const struct {
    cpm_str list, type;
    bool takes;
  } rows[] = {
    { S("message/cpim text/*"), S("Message/CPIM"), true },
    { S("message/CPIM"), S("message/cpim; a=b"), true },
    { S("text/*"), S("text/plain"), true },
    { S("text/*"), S("textual/plain"), false },
    { S("*"), S("a/b"), true },
    { S("*"), S("a"), false },
    { S("text/plain;charset=x"), S("text/plain"), true },
    { S("text/plain"), S("text/plainer"), false },
    { S(""), S("a/b"), false },
    { { NULL, 0 }, S("a/b"), false },
    { S("a/b"), { NULL, 0 }, false },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    assert_int_equal(cpm_sdp_types_take(rows[i].list, rows[i].type), rows[i].takes);
}

static void hexadecimal_digits_give_octets(void **state) {
  (void)state;
  uint8_t octets[3];
  size_t len = 0;
  assert_status(cpm_sdp_hex_decode(octets, 3, &len, S("4a:AD:09")), CPM_OK, NULL);
  assert_int_equal(len, 3);
  assert_memory_equal(octets, "\x4a\xad\x09", 3);
  assert_status(cpm_sdp_hex_decode(octets, 2, &len, S("4a:AD:09")), CPM_E_SPACE, NULL);
  assert_status(cpm_sdp_hex_decode(NULL, 0, &len, S("4a")), CPM_OK, NULL);
  const cpm_str bad[] = { S(""), S("4"), S("4a:"), S("4a:A"), S("4a-ad"), S("4g"), { NULL, 0 } };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_status(cpm_sdp_hex_decode(NULL, 0, &len, bad[i]), CPM_E_SYNTAX, NULL);
  cpm_sdp_fingerprint f;
  assert_status(cpm_sdp_fingerprint_decode(&f, S("SHA-1 4A:AD"), NULL), CPM_OK, NULL);
  assert_str(f.function, "SHA-1");
  assert_str(f.value, "4A:AD");
  assert_status(cpm_sdp_fingerprint_decode(&f, S("SHA-1"), NULL), CPM_E_TRUNCATED, NULL);
  assert_status(cpm_sdp_fingerprint_decode(&f, cpm_str_none(), NULL), CPM_E_TRUNCATED, NULL);
}

static void lists_are_walked_word_by_word(void **state) {
  (void)state;
  cpm_str rest = S("msrp://a;tcp  msrp://b;tcp "), uri;
  assert_status(cpm_sdp_word_next(&rest, &uri), CPM_OK, NULL);
  assert_str(uri, "msrp://a;tcp");
  assert_status(cpm_sdp_word_next(&rest, &uri), CPM_OK, NULL);
  assert_str(uri, "msrp://b;tcp");
  for (int i = 0; i < 2; i++) assert_status(cpm_sdp_word_next(&rest, &uri), CPM_END, NULL);
  rest = cpm_str_none();
  assert_status(cpm_sdp_word_next(&rest, &uri), CPM_END, NULL);
  assert_str(cpm_sdp_attribute_name(CPM_SDP_FILE_SELECTOR), "file-selector");
  assert_null(cpm_sdp_attribute_name(CPM_SDP_UNKNOWN).p);
  assert_null(cpm_sdp_attribute_name(CPM_SDP_ATTRIBUTE_COUNT).p);
}

static void an_index_beyond_the_last_m_line_is_an_error(void **state) {
  (void)state;
  static description d;
  cpm_sdp_msrp m;
  cpm_sdp_connection c;
  assert_status(read_into(&d, S(HEAD), NULL, NULL), CPM_OK, NULL);
  assert_status(cpm_sdp_msrp_decode(&m, &d.sdp, 0, NULL, NULL), CPM_E_ARG, NULL);
  assert_status(cpm_sdp_connection_of(&c, &d.sdp, 0, NULL), CPM_E_ARG, NULL);
}

static void what_is_taken_leaves_the_diagnostic_alone(void **state) {
  (void)state;
  static description d;
  cpm_sdp_msrp m;
  cpm_diag diag = { .code = 7 };
  assert_status(read_into(&d, S("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\n"
                                "a=accept-types:*\r\na=path:msrp://a;tcp\r\n"), NULL, NULL), CPM_OK, NULL);
  assert_status(cpm_sdp_msrp_decode(&m, &d.sdp, 0, NULL, &diag), CPM_OK, NULL);
  assert_null(m.connection.address.p);
  assert_int_equal(diag.code, 7);
  assert_null(diag.rule);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(vectors),
    cmocka_unit_test(line_vectors),
    cmocka_unit_test(attribute_vectors),
    cmocka_unit_test(file_name_vectors),
    cmocka_unit_test(a_selector_is_read_and_written_alone),
    cmocka_unit_test(noise_is_read_to_its_end),
    cmocka_unit_test(nul_is_refused_wherever_it_stands),
    cmocka_unit_test(ten_thousand_lines_say_how_many_they_are),
    cmocka_unit_test(limits_are_kept),
    cmocka_unit_test(types_are_taken_without_case),
    cmocka_unit_test(hexadecimal_digits_give_octets),
    cmocka_unit_test(lists_are_walked_word_by_word),
    cmocka_unit_test(an_index_beyond_the_last_m_line_is_an_error),
    cmocka_unit_test(what_is_taken_leaves_the_diagnostic_alone),
  };
  return cmocka_run_group_tests_name("sdp", tests, NULL, NULL);
}
