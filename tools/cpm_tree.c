/* SPDX-License-Identifier: MIT */
/* cpm_tree.c - building the tree that is printed. */
#include "cpm_tool.h"
#include "internal.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void *tree_need(void *p) {
  if (!p) exit(tool_say(TOOL_REFUSED, "out of memory"));
  return p;
}

cJSON *tree_object(void) { return tree_need(cJSON_CreateObject()); }
cJSON *tree_array(void) { return tree_need(cJSON_CreateArray()); }

cJSON *tree_put(cJSON *object, const char *key, cJSON *item) {
  if (!item || !cJSON_AddItemToObjectCS(object, key, item)) tree_need(NULL);
  return item;
}

cJSON *tree_append(cJSON *array, cJSON *item) {
  if (!item || !cJSON_AddItemToArray(array, item)) tree_need(NULL);
  return item;
}

/* ---- scalars ---------------------------------------------------------------------------------------------------------- */

static cJSON *tree_hex(cpm_str s) {
  static const char digits[] = "0123456789abcdef";
  cJSON *o = tree_object();
  char *hex = tree_need(malloc(2 * s.n + 1));
  for (size_t i = 0; i < s.n; i++) {
    const unsigned char c = (unsigned char)s.p[i];
    hex[2 * i] = digits[c >> 4];
    hex[2 * i + 1] = digits[c & 15];
  }
  hex[2 * s.n] = '\0';
  tree_put(o, "hex", cJSON_CreateString(hex));
  free(hex);
  return o;
}

cJSON *tree_text(cpm_str s) {
  if (cpmi_utf8_bad(s) < s.n || (s.n && memchr(s.p, '\0', s.n))) return tree_hex(s);
  char *z = tree_need(malloc(s.n + 1));
  if (s.n) memcpy(z, s.p, s.n);
  z[s.n] = '\0';
  cJSON *item = tree_need(cJSON_CreateString(z));
  free(z);
  return item;
}

void tree_put_text(cJSON *object, const char *key, cpm_str s) {
  if (s.p) tree_put(object, key, tree_text(s));
}

void tree_put_z(cJSON *object, const char *key, const char *z) {
  if (z) tree_put(object, key, cJSON_CreateString(z));
}

/* Numbers go out digit by digit: a double would round the large ones. */
cJSON *tree_unsigned(uint64_t n) {
  char digits[24];
  snprintf(digits, sizeof digits, "%" PRIu64, n);
  return tree_need(cJSON_CreateRaw(digits));
}

void tree_put_unsigned(cJSON *object, const char *key, uint64_t n) { tree_put(object, key, tree_unsigned(n)); }

void tree_put_signed(cJSON *object, const char *key, int64_t n) {
  char digits[24];
  snprintf(digits, sizeof digits, "%" PRId64, n);
  tree_put(object, key, cJSON_CreateRaw(digits));
}

void tree_put_true(cJSON *object, const char *key, bool is) {
  if (is) tree_put(object, key, cJSON_CreateTrue());
}

/* ---- places ------------------------------------------------------------------------------------------------------------ */

static bool tree_in_input(const tool *t, cpm_str s) { return s.p && s.p >= t->in.p && s.p <= t->in.p + t->in.n; }

void tree_put_off(const tool *t, cJSON *object, cpm_str s) {
  if (tree_in_input(t, s)) tree_put_unsigned(object, "off", (uint64_t)(s.p - t->in.p));
}

/* Errors come mostly in the order of the input: the next line is counted from the last one. */
static void tree_put_place(tool *t, cJSON *error, size_t off) {
  if (off < t->line_at) t->line_at = 0, t->line = 1;
  const char *p = t->in.p + t->line_at, *end = t->in.p + off, *lf;
  while (p < end && (lf = memchr(p, '\n', (size_t)(end - p))) != NULL) {
    t->line++;
    p = lf + 1;
  }
  t->line_at = (size_t)(p - t->in.p);
  tree_put_unsigned(error, "off", off);
  tree_put_unsigned(error, "line", t->line);
  tree_put_unsigned(error, "column", off - t->line_at + 1);
}

void tree_put_error(tool *t, cJSON *object, cpm_str in, const cpm_diag *diag) {
  cJSON *e = tree_put(object, "error", tree_object());
  t->refused = true;
  tree_put_z(e, "status", cpm_status_name(diag->code));
  tree_put_z(e, "text", cpm_strerror(diag->code));
  tree_put_z(e, "rule", diag->rule);
  tree_put_z(e, "clause", diag->clause);
  if (diag->need) tree_put_unsigned(e, "need", diag->need);
  const size_t start = tree_in_input(t, in) ? (size_t)(in.p - t->in.p) : t->in.n + 1;
  if (start <= t->in.n && diag->off <= t->in.n - start) tree_put_place(t, e, start + diag->off);
}

/* ---- what many documents have ----------------------------------------------------------------------------------------- */

void tree_put_quirks(tool *t, cJSON *object, const char *key, uint64_t quirks) {
  static const struct { unsigned bit; const char *name; } names[] = {
#define TREE_QUIRK(name, bit, text) { bit, #name },
    CPM_QUIRKS(TREE_QUIRK)
  };
  t->quirks |= quirks;
  if (!quirks) return;
  cJSON *list = tree_put(object, key, tree_array());
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!(quirks >> names[i].bit & 1u)) continue;
    cJSON *one = tree_append(list, tree_object());
    tree_put_z(one, "name", names[i].name);
    tree_put_z(one, "text", cpm_quirk_text(names[i].bit));
  }
}

static cpm_str tree_unquoted(cpm_str s, char *dst, size_t cap) {
  size_t n = 0;
  return cpm_unquote(dst, cap, &n, s) == CPM_OK ? cpm_str_of(dst, n) : s;
}

void tree_put_params(tool *t, cJSON *object, cpm_str params) {
  cpm_param p;
  cpm_diag d = { 0 };
  cpm_str rest = params;
  char plain[1024];
  int rc;
  if (!params.p) return;
  cJSON *list = tree_put(object, "params", tree_array());
  while ((rc = cpm_param_next(&rest, &p, &d)) == CPM_OK) {
    cJSON *one = tree_append(list, tree_object());
    tree_put_text(one, "name", p.name);
    tree_put_text(one, "value", p.quoted && p.value.n <= sizeof plain ? tree_unquoted(p.value, plain, sizeof plain) : p.value);
    params = rest;
  }
  if (rc != CPM_END) tree_put_error(t, tree_append(list, tree_object()), params, &d);
}
