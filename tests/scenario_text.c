/* SPDX-License-Identifier: MIT */
/* scenario_text.c - lines, blocks, and written texts with names in them. */
#include "scenario.h"
#include "clause_column.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines and items ------------------------------------------------------------------------------------------------- */

static char *text_read(const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) return NULL;
  char *text = NULL;
  long n = -1;
  if (fseek(f, 0, SEEK_END) == 0) n = ftell(f);
  rewind(f);
  if (n >= 0) text = malloc((size_t)n + 1);
  if (text) text[fread(text, 1, (size_t)n, f)] = '\0';
  fclose(f);
  return text;
}

/* Two slices of one string: the ids become its second half. */
static void text_split_column(sc_line *out, char *line) {
  const size_t n = strlen(line), at = clause_column_before(line, n);
  char *ids = line + n;
  if (at < n) {
    line[at] = '\0';
    ids = line + at + 1 + strspn(line + at + 1, " ");
  } else
    while (ids > line && ids[-1] == ' ') *--ids = '\0';
  out->text = line;
  out->ids = ids;
}

/* An indented line, cut by at most four blanks: what is in excess is the line's own. */
static char *text_outdent(char *line) {
  size_t n = 0;
  while (n < 4 && line[n] == ' ') n++;
  return line + n;
}

static void text_add(sc_file *f, char *line, unsigned number) {
  sc_item *item = f->nitems ? &f->items[f->nitems - 1] : NULL;
  sc_line split;
  const bool indented = *line == ' ' || *line == '\0';
  split.number = number;
  text_split_column(&split, text_outdent(line));
  if (!indented) {
    f->items[f->nitems++] = (sc_item){ split, item ? item->block + item->nblock : f->lines, 0 };
    return;
  }
  if (!item) return;
  item->block[item->nblock++] = split;
}

/* Lines that hold ids alone belong to the line before them. Its text ends where the ids begin, so both are joined in place. */
static bool text_join(sc_file *f) {
  for (size_t i = 0; i < f->nitems; i++) {
    sc_item *item = &f->items[i];
    size_t n = 0;
    for (size_t k = 0; k < item->nblock; k++) {
      const sc_line *l = &item->block[k];
      if (*l->text || !*l->ids) {
        item->block[n++] = *l;
        continue;
      }
      sc_line *to = n ? &item->block[n - 1] : &item->head;
      char *at = (char *)(size_t)to->ids + strlen(to->ids);
      if (!*to->ids) return false;
      *at++ = ' ';
      memmove(at, l->ids, strlen(l->ids) + 1);
    }
    item->nblock = n;
    while (item->nblock && !*item->block[item->nblock - 1].text) item->nblock--;
  }
  return true;
}

bool sc_read(sc_file *f, const char *path) {
  memset(f, 0, sizeof *f);
  f->path = path;
  f->text = text_read(path);
  if (!f->text) {
    fprintf(stderr, "%s: cannot be read\n", path);
    return false;
  }
  size_t n = 1;
  for (const char *p = f->text; *p; p++) n += *p == '\n';
  f->lines = calloc(n, sizeof *f->lines);
  f->items = calloc(n, sizeof *f->items);
  if (!f->lines || !f->items) return false;
  char *line = f->text;
  for (unsigned number = 1; line; number++) {
    char *end = strchr(line, '\n');
    if (end) *end = '\0';
    if (*line != '#') text_add(f, line, number);
    line = end ? end + 1 : NULL;
  }
  if (text_join(f)) return true;
  fprintf(stderr, "%s: a line of ids goes on from a line that has none\n", path);
  return false;
}

void sc_free(sc_file *f) {
  free(f->text);
  free(f->lines);
  free(f->items);
}

/* ---- memory and messages --------------------------------------------------------------------------------------------- */

void *sc_alloc(sc_world *w, size_t n) {
  sc_memory *m = calloc(1, sizeof *m + n + 8);
  if (!m) abort();
  m->n = n;
  m->next = w->memory;
  w->memory = m;
  return m->bytes;
}

char *sc_copy(sc_world *w, cpm_str text) {
  char *p = sc_alloc(w, text.n + 1);
  if (text.n) memcpy(p, text.p, text.n);
  return p;
}

bool sc_fail(sc_world *w, unsigned line, const char *format, ...) {
  va_list args;
  fprintf(stderr, "%s:%u: ", w->path, line);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  w->failed = true;
  return false;
}

/* ---- written texts --------------------------------------------------------------------------------------------------- */

static bool text_is_free(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; }

static bool text_is_uuid(cpm_str s) {
  if (s.n != CPM_UUID_LEN) return false;
  for (size_t i = 0; i < s.n; i++) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23,
               hex = (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f');
    if (dash ? s.p[i] != '-' : !hex) return false;
  }
  return s.p[14] == '4';
}

static const sc_binding *text_bound(const sc_world *w, const char *name, size_t n) {
  for (size_t i = 0; i < w->nbound; i++)
    if (cpm_str_eq(cpm_str_of(w->bound[i].name, w->bound[i].name_len), cpm_str_of(name, n))) return &w->bound[i];
  return NULL;
}

static bool text_bind(sc_world *w, const char *name, size_t n, cpm_str value) {
  const sc_binding *is = text_bound(w, name, n);
  if (is) return cpm_str_eq(is->value, value);
  if (w->nbound == SC_BINDINGS || value.n == 0) return false;
  if (strncmp(name, "uuid", 4) == 0 && !text_is_uuid(value)) return false;
  for (size_t i = 0; i < w->nbound; i++)
    if (cpm_str_eq(w->bound[i].value, value)) return false;
  w->bound[w->nbound++] = (sc_binding){ name, n, cpm_str_of(sc_copy(w, value), value.n) };
  return true;
}

bool sc_match(sc_world *w, const char *pattern, cpm_str text) {
  size_t at = 0;
  while (*pattern) {
    const char *close = *pattern == '{' ? strchr(pattern, '}') : NULL;
    if (!close) {
      if (at == text.n || text.p[at++] != *pattern++) return false;
      continue;
    }
    const size_t name_len = (size_t)(close - pattern - 1), from = at;
    const sc_binding *is = text_bound(w, pattern + 1, name_len);
    if (is) at = is->value.n > text.n - at ? text.n : at + is->value.n;
    else
      while (at < text.n && text_is_free(text.p[at])) at++;
    if (!text_bind(w, pattern + 1, name_len, cpm_str_of(text.p + from, at - from))) return false;
    pattern = close + 1;
  }
  return at == text.n;
}

cpm_str sc_expand(sc_world *w, const char *pattern) {
  const size_t room = strlen(pattern) + SC_BINDINGS * (CPM_ID_MAX + 1);
  char *out = sc_alloc(w, room + 1);
  size_t n = 0;
  while (*pattern && n < room) {
    const char *close = *pattern == '{' ? strchr(pattern, '}') : NULL;
    const sc_binding *b = close ? text_bound(w, pattern + 1, (size_t)(close - pattern - 1)) : NULL;
    if (!b || b->value.n > room - n) {
      out[n++] = *pattern++;
      continue;
    }
    memcpy(out + n, b->value.p, b->value.n);
    n += b->value.n;
    pattern = close + 1;
  }
  return cpm_str_of(out, n);
}

const char *sc_value(const char *text, size_t *n) {
  *n = strcspn(text, ": ");
  if (!*n || text[*n] != ':') return NULL;
  const char *value = text + *n + 1;
  return value + strspn(value, " ");
}

uint32_t sc_leg(const char **text) {
  char *end;
  if (**text != '[') return CPM_NO_LEG;
  const unsigned long leg = strtoul(*text + 1, &end, 10);
  if (*end == ']') *text = end + 1 + strspn(end + 1, " ");
  return (uint32_t)leg;
}

bool sc_word(const char **text, const char *word) {
  const size_t n = strlen(word);
  if (strncmp(*text, word, n) != 0 || ((*text)[n] && (*text)[n] != ' ')) return false;
  *text += n + strspn(*text + n, " ");
  return true;
}
