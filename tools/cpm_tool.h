/* SPDX-License-Identifier: MIT */
/* cpm_tool.h - what the files of the program cpm share.
 *
 * Each verb builds one tree (cJSON) of what it found. The tree is printed as JSON, or as text by one printer that knows no document:
 * it goes by the names of the members. See cpm_print.c for what they are.
 */
#ifndef CPM_TOOL_H
#define CPM_TOOL_H

#include <cjson/cJSON.h>
#include <stdio.h>
#include "cpm/cpm.h"

/* Exit statuses. */
enum { TOOL_OK = 0, TOOL_REFUSED = 1, TOOL_USAGE = 2 };

#ifdef TOOL_XML
enum { TOOL_READS_LISTS = 1 };
#else
enum { TOOL_READS_LISTS = 0 };     /* a build without libxml2 */
#endif

enum {
  TOOL_FORMAT = 1,                 /* version of the JSON: grows when a member changes its meaning or goes */
  TOOL_INPUT_LIMIT = 64 << 20,     /* octets of a file */
  TOOL_DEPTH = 16,                 /* documents inside of documents */
  TOOL_FACTS = 32                  /* --fact on one command line */
};

/* One run of the program: its options, its input, and what was met on the way. */
typedef struct tool {
  const char *verb, *file;         /* file: as it was given, "-" is standard input */
  const char *as;                  /* parse */
  bool        json, strict;
  const char *recipe, *role;       /* check */
  const char *format, *of;         /* model */
  const char *with, *members, *chunks, *retries, *refreshes;
  cpm_known   facts[TOOL_FACTS];
  size_t      nfacts;
  cpm_str     in;                  /* the whole input */
  cpm_opts    opts;                /* how to read: --strict refuses every quirk */
  uint64_t    quirks;              /* every quirk that was met */
  bool        refused;             /* something could not be decoded */
  size_t      line_at, line;       /* where the last error was: lines are counted on from there */
} tool;

/* ---- cpm_verb_<verb>.c: the verbs; each returns an exit status ------------------------------------------------------ */

int tool_parse(tool *t);
int tool_check(tool *t);
int tool_model(tool *t);      /* `file` is a machine, or NULL */

/* ---- cpm_input.c: input and messages ------------------------------------------------------------------------------- */

/* Reads t->file into t->in, caller frees t->in.p. False: the reason was said. */
bool tool_read(tool *t);
/* "cpm: ..." and a line end on stderr; control characters are escaped. Returns `status`. */
int  tool_say(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What to call the input in a message. */
const char *tool_name(const tool *t);

/* ---- cpm_tree.c: building the tree; running out of memory ends the program ----------------------------------------- */

cJSON *tree_object(void);
cJSON *tree_array(void);
/* A text as it is if it is UTF-8 without NUL, else {"hex": "..."}. */
cJSON *tree_text(cpm_str s);
cJSON *tree_unsigned(uint64_t n);
/* Adds the item; key is a constant. Returns it. */
cJSON *tree_put(cJSON *object, const char *key, cJSON *item);
cJSON *tree_append(cJSON *array, cJSON *item);
void   tree_put_text(cJSON *object, const char *key, cpm_str s);      /* absent: nothing */
void   tree_put_z(cJSON *object, const char *key, const char *z);     /* NULL: nothing */
void   tree_put_unsigned(cJSON *object, const char *key, uint64_t n);
void   tree_put_signed(cJSON *object, const char *key, int64_t n);
void   tree_put_true(cJSON *object, const char *key, bool is);        /* false: nothing */
/* Where the slice starts in the input, if it is one of the input. */
void   tree_put_off(const tool *t, cJSON *object, cpm_str s);
/* ";a;b=c" as an array of {name, value}; what cannot be read is an error in it. */
void   tree_put_params(tool *t, cJSON *object, cpm_str params);
/* Names of the quirks, if there are any; they are kept in t->quirks too. */
void   tree_put_quirks(tool *t, cJSON *object, const char *key, uint64_t quirks);
/* Why `in` was refused, with line and column; diag->off counts from its first byte. Sets t->refused. */
void   tree_put_error(tool *t, cJSON *object, cpm_str in, const cpm_diag *diag);

/* ---- cpm_print.c: printing the tree --------------------------------------------------------------------------------- */

/* Prints the tree on stdout. False: it could not be written, and that was said. */
bool tool_print(const tool *t, const cJSON *root);
/* Prints an "error" of the tree on stderr. */
void tool_print_error(const tool *t, const cJSON *error);
/* Refuses the whole input, as JSON or as text: "FILE why" and the error in `in`. Returns the exit status. */
int  tool_refuse(tool *t, cpm_str in, const cpm_diag *diag, const char *why);
/* Writes text with what a terminal could obey escaped. */
void tool_put_escaped(FILE *out, cpm_str s);

/* ---- the documents -------------------------------------------------------------------------------------------------- */

typedef void tool_document(tool *t, cJSON *o, cpm_str in, unsigned depth);
/* One kind of document: what --as calls it, its media type ("": none), its root element if it is XML. */
typedef struct tool_kind { const char *name, *type, *root; tool_document *read; } tool_kind;
const tool_kind *tool_kind_at(size_t index);          /* NULL past the last one */

/* cpm_sip_decode with as many fields as it needs. CPM_OK: caller frees msg->fields. */
int sip_read(tool *t, cpm_sip *msg, cpm_str in, const cpm_opts *opts, cpm_diag *diag);

tool_document sip_document, msrp_document, sdp_document, cpim_document, imdn_document, iscomposing_document, lists_document, xml_document;

/* A body and, if its type is one that is known, the document in it (cpm_mime.c). type, encoding, disposition: absent without. */
typedef struct tool_body { cpm_str type, encoding, disposition, bytes; } tool_body;
void body_tree(tool *t, cJSON *o, const tool_body *body, unsigned depth);
/* The encoding to show of a part: Content-Transfer-Encoding, or the Content-Encoding of its head if that changes nothing. */
cpm_str body_encoding(cpm_str transfer_encoding, cpm_str head);
/* Value of a SIP header field (cpm_fields.c), and a DateTime of RFC 3339 (cpm_cpim.c), as `decoded` of its object. */
void field_tree(tool *t, cJSON *o, cpm_sip_header id, cpm_str value);
void datetime_tree(tool *t, cJSON *o, cpm_str value);
/* A URI as {text, scheme, user, host ...}, a time as {utc, unix_ms}, and what stands in MIME headers, as {text, decoded}. */
cJSON *uri_tree(tool *t, cpm_str text);
cJSON *time_tree(int64_t unix_ms);
/* A challenge or credentials as {scheme, params}, of Authentication-Info as {params} (cpm_auth.c); NULL if it cannot be read. */
cJSON *auth_tree(cpm_str value, bool info, cpm_diag *diag);
cJSON *media_type_tree(tool *t, cpm_str value);
cJSON *disposition_tree(tool *t, cpm_str value);
cJSON *media_type_tree(tool *t, cpm_str value);
cJSON *disposition_tree(tool *t, cpm_str value);

#endif
