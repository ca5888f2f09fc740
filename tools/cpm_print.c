/* SPDX-License-Identifier: MIT */
/* cpm_print.c - printing the tree, as JSON or as text. The text printer knows no document, but these members:
 *
 *   off, verdict, level, name, value, text   make the first line of an object: "@118 From: <sip:alice@example.com>"
 *   decoded, document, rows, children        what is in them is printed as if it stood in the object around them
 *   error                                    is printed with the line of the input that it speaks of and a caret
 *   hex                                      the octets of a text that JSON cannot hold
 *   params                                   pairs of name and value on one line
 */
#include "cpm_tool.h"
#include "internal.h"
#include <stdlib.h>
#include <string.h>

enum { PRINT_LINE = 110, PRINT_BEFORE = 72, PRINT_BEHIND = 40, PRINT_HEX = 256, PRINT_STEP = 2 };

/* ---- a page: text that grows ------------------------------------------------------------------------------------------ */

typedef struct page { const tool *t; char *p; size_t n, cap; } page;

static void page_put(page *g, const char *p, size_t n) {
  if (g->cap - g->n < n) {
    const size_t cap = (g->cap + n) * 2;
    char *larger = realloc(g->p, cap);
    if (!larger) exit(tool_say(TOOL_REFUSED, "out of memory"));
    g->p = larger;
    g->cap = cap;
  }
  if (n) memcpy(g->p + g->n, p, n);
  g->n += n;
}

static void page_z(page *g, const char *z) { page_put(g, z, strlen(z)); }

static void page_fill(page *g, size_t n, char c) {
  while (n--) page_put(g, &c, 1);
}

/* Characters that show nothing and change how a terminal shows the others: C1 controls, and marks of direction and joining. */
static bool page_is_hidden(uint32_t c) {
  return (c >= 0x80 && c < 0xa0) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
         c == 0xfeff || c == 0xad || c == 0x61c || (c >= 0xe0000 && c <= 0xe0fff);
}

/* One character at `at`, so that a terminal cannot obey it; returns its octets. */
static size_t page_character(page *g, cpm_str s, size_t at) {
  uint32_t code = 0;
  char escape[16];
  const size_t n = cpmi_utf8_at(s, at, &code);
  const unsigned char c = (unsigned char)s.p[at];
  const bool named = n == 1 && (c == '\t' || c == '\n' || c == '\r');
  if (n == 0 || (code < 0x20 && !named) || code == 0x7f) snprintf(escape, sizeof escape, "\\x%02x", c);
  else if (named) snprintf(escape, sizeof escape, "\\%c", code == '\t' ? 't' : code == '\n' ? 'n' : 'r');
  else if (page_is_hidden(code)) snprintf(escape, sizeof escape, "\\u{%x}", (unsigned)code);
  else {
    page_put(g, s.p + at, n);
    return n;
  }
  page_z(g, escape);
  return n ? n : 1;
}

static void page_escaped(page *g, cpm_str s) {
  for (size_t at = 0; at < s.n;) at += page_character(g, s, at);
}

void tool_put_escaped(FILE *out, cpm_str s) {
  page g = { 0 };
  page_escaped(&g, s);
  fwrite(g.p, 1, g.n, out);
  free(g.p);
}

/* ---- scalars ------------------------------------------------------------------------------------------------------------ */

static const cJSON *print_member(const cJSON *o, const char *key) {
  return cJSON_IsObject(o) ? cJSON_GetObjectItemCaseSensitive(o, key) : NULL;
}

static const cJSON *print_hex_of(const cJSON *v) {
  const cJSON *hex = print_member(v, "hex");
  return hex && !hex->next && hex == v->child ? hex : NULL;
}

static bool print_is_scalar(const cJSON *v) { return !cJSON_IsArray(v) && (!cJSON_IsObject(v) || print_hex_of(v)); }

static void print_hex(page *g, const char *hex) {
  const size_t octets = strlen(hex) / 2;
  for (size_t i = 0; i < octets && i < PRINT_HEX; i++) {
    const char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' }, c = (char)strtoul(pair, NULL, 16);
    page_escaped(g, cpm_str_of(&c, 1));
  }
  if (octets <= PRINT_HEX) return;
  char more[48];
  snprintf(more, sizeof more, "... and %zu more octets", octets - PRINT_HEX);
  page_z(g, more);
}

static void print_scalar(page *g, const cJSON *v) {
  if (cJSON_IsString(v)) page_escaped(g, cpm_str_z(v->valuestring));
  else if (print_hex_of(v)) print_hex(g, print_hex_of(v)->valuestring);
  else if (cJSON_IsRaw(v)) page_z(g, v->valuestring);
  else page_z(g, cJSON_IsTrue(v) ? "yes" : "no");
}

/* Lines of a text, each behind a bar. */
static void print_lines(page *g, cpm_str s, size_t indent) {
  while (s.n) {
    const char *lf = memchr(s.p, '\n', s.n);
    const size_t n = lf ? (size_t)(lf - s.p) : s.n, shown = lf && n && s.p[n - 1] == '\r' ? n - 1 : n, taken = lf ? n + 1 : n;
    page_fill(g, indent, ' ');
    page_z(g, shown ? "| " : "|");
    page_escaped(g, cpm_str_of(s.p, shown));
    page_z(g, "\n");
    s = cpm_str_of(s.p + taken, s.n - taken);
  }
}

/* ---- errors -------------------------------------------------------------------------------------------------------------- */

static size_t print_columns(const page *g, size_t from) {
  size_t n = 0;
  for (size_t i = from; i < g->n; i++) n += ((unsigned char)g->p[i] & 0xc0u) != 0x80u;
  return n;
}

static bool print_is_inside(cpm_str in, size_t at) { return at < in.n && ((unsigned char)in.p[at] & 0xc0u) == 0x80u; }

/* The line of `off` up to it, at most PRINT_BEFORE columns; returns their number. */
static size_t print_before(page *g, size_t off) {
  const cpm_str in = g->t->in;
  const size_t from = g->n;
  size_t start = off;
  while (start > 0 && off - start < PRINT_BEFORE && in.p[start - 1] != '\n') start--;
  for (;; start++) {
    while (start < off && print_is_inside(in, start)) start++;
    page_z(g, start > 0 && in.p[start - 1] != '\n' ? "..." : "");
    const bool cr = off > start && off < in.n && in.p[off] == '\n' && in.p[off - 1] == '\r';
    page_escaped(g, cpm_str_of(in.p + start, off - start - cr));
    if (print_columns(g, from) <= PRINT_BEFORE + 3 || start >= off) return print_columns(g, from);
    g->n = from;
  }
}

/* The line from `off` on, until `room` octets. */
static void print_behind(page *g, size_t off, size_t room) {
  const cpm_str in = g->t->in;
  size_t end = off;
  while (end < in.n && end - off < room && in.p[end] != '\n') end++;
  const bool more = end < in.n && in.p[end] != '\n';
  while (more && end > off && print_is_inside(in, end)) end--;
  if (!more && end < in.n && end > off && in.p[end - 1] == '\r') end--;
  page_escaped(g, cpm_str_of(in.p + off, end - off));
  page_z(g, more ? "...\n" : "\n");
}

/* The line around `off`, or what is near it of a long one, and a caret under the octet. */
static void print_excerpt(page *g, size_t off, const char *line, size_t indent) {
  page_fill(g, indent, ' ');
  page_z(g, line);
  page_z(g, " | ");
  const size_t columns = print_before(g, off);
  print_behind(g, off, PRINT_BEHIND + PRINT_BEFORE - (columns < PRINT_BEFORE ? columns : PRINT_BEFORE));
  page_fill(g, indent + strlen(line), ' ');
  page_z(g, " | ");
  page_fill(g, columns, ' ');
  page_z(g, "^\n");
}

static void print_error_member(page *g, const cJSON *error, const char *key, const char *label, size_t indent) {
  const cJSON *v = print_member(error, key);
  if (!v) return;
  page_fill(g, indent, ' ');
  page_z(g, label);
  print_scalar(g, v);
  page_z(g, "\n");
}

static const char *print_word(const cJSON *o, const char *key) {
  const cJSON *v = print_member(o, key);
  return v && v->valuestring ? v->valuestring : "";
}

static void print_error(page *g, const cJSON *error, size_t indent) {
  char place[160];
  page_fill(g, indent, ' ');
  page_z(g, "error: ");
  page_escaped(g, cpm_str_z(print_word(error, "text")));
  page_z(g, " (");
  page_z(g, print_word(error, "status"));
  page_z(g, ")\n");
  indent += PRINT_STEP;
  print_error_member(g, error, "rule", "rule: ", indent);
  print_error_member(g, error, "clause", "written in: ", indent);
  print_error_member(g, error, "need", "needed: ", indent);
  if (!print_member(error, "off")) return;
  const size_t off = (size_t)strtoull(print_word(error, "off"), NULL, 10);
  const char *end = off == g->t->in.n ? ", the end of the input" : "";
  snprintf(place, sizeof place, "line %s, column %s, offset %zu%s\n", print_word(error, "line"), print_word(error, "column"), off, end);
  page_fill(g, indent, ' ');
  page_z(g, place);
  print_excerpt(g, off, print_word(error, "line"), indent);
}

/* ---- objects -------------------------------------------------------------------------------------------------------------- */

static const char *const print_headline_keys[] = { "off", "verdict", "level", "name", "value", "text" };
enum { PRINT_HEADLINE_KEYS = sizeof print_headline_keys / sizeof *print_headline_keys };

static bool print_is_headline(const cJSON *v) {
  for (size_t i = 0; i < PRINT_HEADLINE_KEYS; i++)
    if (strcmp(v->string, print_headline_keys[i]) == 0) return true;
  return false;
}

static bool print_has_headline(const cJSON *o) {
  static const char *const keys[] = { "off", "name", "value", "text" };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (print_member(o, keys[i])) return true;
  return false;
}

static void print_headline(page *g, const cJSON *o) {
  static const char *const before[PRINT_HEADLINE_KEYS] = { "@", "", "", "", "", "" };
  static const int width[PRINT_HEADLINE_KEYS] = { 0, 14, 12, 0, 0, 0 };
  const char *between = "";
  for (size_t i = 0; i < PRINT_HEADLINE_KEYS; i++) {
    const cJSON *v = print_member(o, print_headline_keys[i]);
    if (!v) continue;
    page_z(g, between);
    page_z(g, before[i]);
    const size_t from = g->n;
    print_scalar(g, v);
    if (g->n - from < (size_t)width[i]) page_fill(g, (size_t)width[i] - (g->n - from), ' ');
    between = strcmp(print_headline_keys[i], "name") == 0 ? ": " : " ";
  }
}

static bool print_all(const cJSON *array, bool (*is)(const cJSON *v)) {
  for (const cJSON *v = array->child; v; v = v->next)
    if (!is(v)) return false;
  return true;
}

static bool print_is_pair(const cJSON *o) {
  for (const cJSON *v = cJSON_IsObject(o) ? o->child : NULL; v; v = v->next)
    if (strcmp(v->string, "name") != 0 && strcmp(v->string, "value") != 0) return false;
  return print_member(o, "name") != NULL;
}

static bool print_is_pairs(const cJSON *v) {
  return cJSON_IsArray(v) && strcmp(v->string, "params") == 0 && print_all(v, print_is_pair);
}

static bool print_is_row(const cJSON *v) {
  return print_is_scalar(v) || (cJSON_IsArray(v) && (print_all(v, print_is_scalar) || print_is_pairs(v)));
}

/* Members whose own members stand in their place. */
static bool print_is_open(const cJSON *v) {
  static const char *const names[] = { "decoded", "document", "rows", "children" };
  bool named = false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) named = named || strcmp(v->string, names[i]) == 0;
  return named && !print_is_row(v);
}

/* A scalar, or several on one line: "a=1, b" or "a, b". */
static void print_row(page *g, const cJSON *v) {
  const bool pairs = cJSON_IsArray(v) && print_is_pairs(v);
  if (!cJSON_IsArray(v)) print_scalar(g, v);
  for (const cJSON *one = cJSON_IsArray(v) ? v->child : NULL; one; one = one->next) {
    print_scalar(g, pairs ? print_member(one, "name") : one);
    page_z(g, pairs && print_member(one, "value") ? "=" : "");
    if (pairs && print_member(one, "value")) print_scalar(g, print_member(one, "value"));
    page_z(g, one->next ? ", " : "");
  }
}

/* What was decoded and reads as the value itself is not said again. */
static bool print_repeats(page *g, const cJSON *o, const cJSON *v) {
  const cJSON *value = print_member(o, "value");
  if (!value || strcmp(v->string, "decoded") != 0 || !print_is_row(v)) return false;
  const size_t from = g->n;
  print_row(g, value);
  const size_t middle = g->n;
  print_row(g, v);
  const bool same = g->n - middle == middle - from && memcmp(g->p + from, g->p + middle, middle - from) == 0;
  g->n = from;
  return same;
}

static bool print_is_left_out(page *g, const cJSON *o, const cJSON *v, bool headline_too) {
  return (!headline_too && print_is_headline(v)) || (!print_is_scalar(v) && !v->child) || print_repeats(g, o, v);
}

/* The members behind the headline on this line: "a: 1, b: 2"; false if one of them needs lines of its own. */
static bool print_inline(page *g, const cJSON *o, bool headline_too, const char *between) {
  for (const cJSON *v = o->child; v; v = v->next) {
    if (print_is_left_out(g, o, v, headline_too)) continue;
    const cJSON *open = !print_is_open(v) || (cJSON_IsArray(v) && v->child->next) ? NULL : cJSON_IsArray(v) ? v->child : v;
    if (open && !print_has_headline(open)) {
      if (!print_inline(g, open, true, between)) return false;
    } else if (!print_is_row(v)) {
      return false;
    } else {
      page_z(g, between);
      page_z(g, v->string);
      page_z(g, ": ");
      print_row(g, v);
    }
    between = ", ";
  }
  return true;
}

static void print_members(page *g, const cJSON *o, size_t indent, bool headline_too);

/* An object from here on: its headline, the rest on the same line if it is short, else below. */
static void print_object(page *g, const cJSON *o, size_t from, size_t indent) {
  const bool head = print_has_headline(o);
  if (head) print_headline(g, o);
  const size_t behind_head = g->n;
  const bool fits = print_inline(g, o, !head, head ? " (" : "") && g->n - from < PRINT_LINE;
  if (fits && head && g->n > behind_head) page_z(g, ")");
  if (!fits) g->n = behind_head;
  while (g->n && g->p[g->n - 1] == ' ') g->n--;
  page_z(g, "\n");
  if (!fits) print_members(g, o, indent + PRINT_STEP, !head);
}

/* An item without a headline: "- a: 1, b: 2", or its members below each other, the first behind the mark. */
static void print_marked(page *g, const cJSON *o, size_t indent) {
  const size_t from = g->n;
  page_fill(g, indent, ' ');
  page_z(g, "- ");
  if (print_inline(g, o, true, "") && g->n - from <= PRINT_LINE) {
    page_z(g, "\n");
    return;
  }
  g->n = from;
  print_members(g, o, indent + PRINT_STEP, true);
  g->p[from + indent] = '-';
}

/* Items of a list, each on lines of its own; one alone that has no headline needs no mark. */
static void print_items(page *g, const cJSON *array, size_t indent) {
  for (const cJSON *v = array->child; v; v = v->next) {
    const size_t from = g->n;
    if (!cJSON_IsObject(v) || print_hex_of(v) || print_has_headline(v)) {
      page_fill(g, indent, ' ');
      if (print_is_scalar(v)) print_scalar(g, v), page_z(g, "\n");
      else print_object(g, v, from, indent);
    } else if (!array->child->next || print_member(v, "error")) {
      print_members(g, v, indent, true);
    } else {
      print_marked(g, v, indent);
    }
  }
}

static void print_value(page *g, const cJSON *v, size_t from, size_t indent) {
  if (cJSON_IsString(v) && strchr(v->valuestring, '\n')) {
    page_z(g, "\n");
    print_lines(g, cpm_str_z(v->valuestring), indent + PRINT_STEP);
  } else if (print_is_row(v)) {
    page_z(g, " ");
    print_row(g, v);
    page_z(g, "\n");
  } else if (cJSON_IsArray(v)) {
    page_z(g, "\n");
    print_items(g, v, indent + PRINT_STEP);
  } else {
    page_z(g, " ");
    print_object(g, v, from, indent);
  }
}

static void print_members(page *g, const cJSON *o, size_t indent, bool headline_too) {
  for (const cJSON *v = o->child; v; v = v->next) {
    const size_t from = g->n;
    if (print_is_left_out(g, o, v, headline_too)) continue;
    if (strcmp(v->string, "error") == 0) {
      print_error(g, v, indent);
    } else if (print_is_open(v)) {
      if (cJSON_IsArray(v)) print_items(g, v, indent);
      else print_members(g, v, indent, true);
    } else {
      page_fill(g, indent, ' ');
      page_z(g, v->string);
      page_z(g, ":");
      print_value(g, v, from, indent);
    }
  }
}

/* ---- the whole -------------------------------------------------------------------------------------------------------------- */

static void page_json_escape(page *g, uint32_t code) {
  char text[16];
  const unsigned high = 0xd800u + ((unsigned)(code - 0x10000u) >> 10), low = 0xdc00u + ((unsigned)code & 0x3ffu);
  if (code < 0x10000) snprintf(text, sizeof text, "\\u%04x", (unsigned)code);
  else snprintf(text, sizeof text, "\\u%04x\\u%04x", high & 0xffffu, low);
  page_z(g, text);
}

/* cJSON escapes C0 controls; the other characters that a terminal could obey stand in strings, and are escaped as JSON does. */
static void print_json(page *g, const cJSON *root) {
  char *json = cJSON_Print(root);
  if (!json) exit(tool_say(TOOL_REFUSED, "out of memory"));
  const cpm_str s = cpm_str_z(json);
  uint32_t code = 0;
  for (size_t at = 0, n; at < s.n; at += n) {
    n = cpmi_utf8_at(s, at, &code);
    if (code == 0x7f || page_is_hidden(code)) page_json_escape(g, code);
    else page_put(g, s.p + at, n);
  }
  page_z(g, "\n");
  cJSON_free(json);
}

bool tool_print(const tool *t, const cJSON *root) {
  page g = { .t = t };
  if (t->json) print_json(&g, root);
  else print_members(&g, root, 0, true);
  const bool ok = fwrite(g.p, 1, g.n, stdout) == g.n;
  free(g.p);
  return ok;
}

int tool_refuse(tool *t, cpm_str in, const cpm_diag *diag, const char *why) {
  cJSON *root = tree_object();
  if (t->json) tree_put_unsigned(root, "format", TOOL_FORMAT);
  tree_put_text(root, "file", cpm_str_z(t->file));
  tree_put_error(t, root, in, diag);
  if (t->json) {
    tool_print(t, root);
  } else {
    tool_say(0, "%s %s", tool_name(t), why);
    tool_print_error(t, cJSON_GetObjectItemCaseSensitive(root, "error"));
  }
  cJSON_Delete(root);
  return TOOL_REFUSED;
}

void tool_print_error(const tool *t, const cJSON *error) {
  page g = { .t = t };
  print_error(&g, error, 0);
  fwrite(g.p, 1, g.n, stderr);
  free(g.p);
}
