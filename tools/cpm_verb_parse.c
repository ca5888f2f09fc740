/* SPDX-License-Identifier: MIT */
/* cpm_verb_parse.c - cpm parse: which kind of document it is, and the tree of it. */
#include "cpm_tool.h"
#include <stdlib.h>
#include <string.h>

static const tool_kind *parse_kind_named(const char *name) {
  for (size_t i = 0; tool_kind_at(i); i++)
    if (strcmp(tool_kind_at(i)->name, name) == 0) return tool_kind_at(i);
  return NULL;
}

/* ---- guessing -------------------------------------------------------------------------------------------------------------- */

static bool parse_is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static cpm_str parse_skip(cpm_str s, size_t n) { return cpm_str_of(s.p + n, s.n - n); }

static bool parse_starts(cpm_str s, const char *with) {
  const size_t n = strlen(with);
  return s.n >= n && memcmp(s.p, with, n) == 0;
}

/* Where `what` starts, s.n if it is not there. */
static size_t parse_find(cpm_str s, const char *what) {
  for (size_t at = 0; at < s.n; at++) {
    const char *first = memchr(s.p + at, what[0], s.n - at);
    if (!first) break;
    at = (size_t)(first - s.p);
    if (parse_starts(parse_skip(s, at), what)) return at;
  }
  return s.n;
}

/* Local name of the first element, declaration, comments and DTD left out; empty if there is none. */
static cpm_str parse_root(cpm_str s) {
  for (;;) {
    const size_t lt = parse_find(s, "<");
    s = parse_skip(s, lt);
    if (parse_starts(s, "<!--")) s = parse_skip(s, parse_find(s, "-->"));
    else if (parse_starts(s, "<?") || parse_starts(s, "<!")) s = parse_skip(s, parse_find(s, ">"));
    else break;
  }
  s = s.n ? parse_skip(s, 1) : s;
  size_t n = 0, local = 0;
  while (n < s.n && !parse_is_space(s.p[n]) && s.p[n] != '>' && s.p[n] != '/')
    if (s.p[n++] == ':') local = n;
  return cpm_str_of(s.p + local, n - local);
}

static const tool_kind *parse_guess_xml(cpm_str root, const char **by) {
  *by = "root element";
  for (size_t i = 0; tool_kind_at(i); i++) {
    const char *want = tool_kind_at(i)->root;
    if (want && cpm_str_eq(root, cpm_str_z(want))) return tool_kind_at(i);
  }
  return NULL;
}

/* A start line has SIP/2.0 as its first word or its last. */
static bool parse_has_start_line(cpm_str text) {
  const cpm_str line = cpm_str_of(text.p, parse_find(text, "\n"));
  if (parse_starts(line, "SIP/")) return true;
  const size_t version = parse_find(line, " SIP/");
  const size_t colon = parse_find(line, ": ");
  return version < line.n && version < colon;
}

/* NULL: XML with a root element that is none of ours; *at is its name. */
static const tool_kind *parse_guess(const tool *t, const char **by, cpm_str *at) {
  cpm_str text = t->in;
  if (parse_starts(text, "\xef\xbb\xbf")) text = parse_skip(text, 3);
  while (text.n && parse_is_space(text.p[0])) text = parse_skip(text, 1);
  *at = parse_root(text);
  if (text.n && text.p[0] == '<') return parse_guess_xml(*at, by);
  *by = "start line";
  if (parse_starts(text, "MSRP ")) return parse_kind_named("msrp");
  if (parse_starts(text, "v=0")) {
    *by = "v line";
    return parse_kind_named("sdp");
  }
  const bool sip = parse_has_start_line(text);
  *by = sip ? "start line" : "neither a SIP start line nor XML";
  return parse_kind_named(sip ? "sip" : "cpim");
}

/* ---- the verb ------------------------------------------------------------------------------------------------------------- */

static void parse_put_root(tool *t, cJSON *root, const tool_kind *kind, const char *by) {
  if (t->json) tree_put_unsigned(root, "format", TOOL_FORMAT);
  tree_put_text(root, "file", cpm_str_z(t->file));
  tree_put_unsigned(root, "octets", t->in.n);
  tree_put_z(root, "as", kind->name);
  tree_put_z(root, "guessed_by", by);
}

/* A document that could not be read at all has nothing to show but why. */
static void parse_say_refused(const tool *t, const cJSON *document, const tool_kind *kind, const char *by) {
  const cJSON *error = cJSON_GetObjectItemCaseSensitive(document, "error");
  if (by) tool_say(0, "%s is refused. It was read as %s (%s); --as names another type", tool_name(t), kind->name, by);
  else tool_say(0, "%s is refused as %s", tool_name(t), kind->name);
  if (error) tool_print_error(t, error);
}

static int parse_show(tool *t, const tool_kind *kind, const char *by) {
  cJSON *root = tree_object();
  parse_put_root(t, root, kind, by);
  cJSON *document = tree_put(root, "document", tree_object());
  kind->read(t, document, t->in, 0);
  const bool nothing = t->refused && document->child && !document->child->next;
  bool ok = true;
  tree_put_quirks(t, root, "all_quirks", t->quirks);
  if (t->json || !nothing) ok = tool_print(t, root);
  if (!t->json && nothing) parse_say_refused(t, document, kind, by);
  else if (!t->json && t->refused) tool_say(0, "%s: something in it is refused: see the lines with error:", tool_name(t));
  cJSON_Delete(root);
  return t->refused || !ok ? TOOL_REFUSED : TOOL_OK;
}

static int parse_unknown(tool *t, cpm_str root) {
  const cpm_diag d = { .code = CPM_E_VALUE, .rule = "root element: imdn, isComposing, resource-lists, conference-info, reginfo, group, ruleset" };
  return tool_refuse(t, root, &d, "is XML of a type that is not known; --as names one");
}

int tool_parse(tool *t) {
  const char *by = NULL;
  cpm_str root;
  const tool_kind *kind = t->as ? parse_kind_named(t->as) : NULL;
  int status = TOOL_REFUSED;
  if (t->as && !kind) return tool_say(TOOL_USAGE, "parse: no type '%s'; there are sip, msrp, sdp, cpim, imdn, iscomposing, resource-lists, "
                                                 "conference-info, reginfo, group, ruleset", t->as);
  if (tool_read(t)) {
    if (!kind) kind = parse_guess(t, &by, &root);
    status = kind ? parse_show(t, kind, by) : parse_unknown(t, root);
  }
  free((char *)(uintptr_t)t->in.p);
  return status;
}
