/* SPDX-License-Identifier: MIT */
/* markup.h - reading XML of the profile that cpm/markup.h describes: tag by tag, without allocation. */
#ifndef CPMI_MARKUP_H
#define CPMI_MARKUP_H

#include "cpm/markup.h"
#include "internal.h"
#include <string.h>

/* ---- what the machines mark ------------------------------------------------------------------------------------------- */

/* A QName; colon is NULL without a prefix. */
typedef struct cpmi_markup_qname { const unsigned char *b, *colon, *e; } cpmi_markup_qname;

/* value is between the quotes, as written. */
typedef struct cpmi_markup_attribute { cpmi_markup_qname name; const unsigned char *b, *e; } cpmi_markup_attribute;

typedef enum cpmi_markup_seen { CPMI_MARKUP_NOTHING, CPMI_MARKUP_TAG, CPMI_MARKUP_EMPTY, CPMI_MARKUP_ETAG } cpmi_markup_seen;

typedef struct cpmi_markup_marks {
  int                   cs;
  cpmi_markup_seen      seen;          /* the tag that the last octet ended */
  const unsigned char  *lt;            /* the last "<" that begins markup */
  const unsigned char  *amp;           /* the "&" of a reference that is not at its end; or NULL */
  const unsigned char  *bad_reference; /* the first to no Char; or NULL */
  const unsigned char  *encoding, *encoding_end;
  cpmi_markup_qname     name;
  size_t                nattributes;   /* counts on past the array */
  cpmi_markup_attribute attributes[CPM_MARKUP_ATTRIBUTES + 1];   /* the last: where there were too many */
} cpmi_markup_marks;

void cpmi_markup_begin(cpmi_markup_marks *m);
/* Goes on over [from, to): returns where it stopped, `to` unless the octet there cannot stand there. */
const unsigned char *cpmi_markup_run(cpmi_markup_marks *m, const unsigned char *from, const unsigned char *to);
/* What follows the root. *ok: nothing is left open at `to`. */
const unsigned char *cpmi_markup_misc_run(cpmi_markup_marks *m, const unsigned char *from, const unsigned char *to, bool *ok);
/* The text of an element, references, CDATA and comments included. */
const unsigned char *cpmi_markup_text_run(cpmi_markup_marks *m, const unsigned char *from, const unsigned char *to, bool *ok);

/* Recorders that actions call. */
void cpmi_markup_note_attribute(cpmi_markup_marks *m, const unsigned char *b);
void cpmi_markup_note_reference(cpmi_markup_marks *m, const unsigned char *semicolon);
static inline cpmi_markup_attribute *cpmi_markup_last(cpmi_markup_marks *m) {
  return &m->attributes[m->nattributes - 1 < CPM_MARKUP_ATTRIBUTES ? m->nattributes - 1 : CPM_MARKUP_ATTRIBUTES];
}

/* ---- a document, tag by tag ------------------------------------------------------------------------------------------- */

typedef struct cpmi_markup_frame {
  cpmi_markup_qname name;
  size_t            text;       /* where its content starts */
  unsigned          bindings;   /* how many there were before it */
  bool              elements;   /* it holds some */
} cpmi_markup_frame;

/* A namespace declaration: prefix absent for the default one, ns as written. */
typedef struct cpmi_markup_binding { cpm_str prefix, ns; uint64_t sum; uint32_t number; } cpmi_markup_binding;

typedef enum cpmi_markup_event { CPMI_MARKUP_START, CPMI_MARKUP_END } cpmi_markup_event;

typedef struct cpmi_markup {
  cpm_str             in;
  size_t              at;       /* behind the last tag */
  unsigned            max_depth, nbindings;
  bool                ending;   /* an empty element's end is due */
  bool                answer;   /* of cpmi_markup_is_ns, to the last question */
  const char         *asked, *asked_ns;
  cpmi_markup_marks   marks;
  cpmi_markup_frame   frames[CPM_MARKUP_DEPTH];
  cpmi_markup_binding bindings[CPM_MARKUP_NAMESPACES];
  /* the event */
  cpmi_markup_event   event;
  unsigned            depth;    /* of the element that starts or ends; the root has 1 */
  size_t              off;      /* of its tag */
  cpm_str             name;     /* without prefix */
  cpm_str             ns;       /* START: as it was declared; absent if it has none */
  cpm_str             text;     /* END: all between its tags, as written */
  bool                elements; /* END: there are elements in it */
} cpmi_markup;

/* Prepares; what is no document of the profile from its first octets is refused here. */
int cpmi_markup_open(cpmi_markup *r, cpm_str in, const cpm_opts *opts, cpm_diag *diag);
/* CPM_OK with an event; CPM_END when the document was read to its end; or an error (cpm/markup.h). */
int cpmi_markup_next(cpmi_markup *r, cpm_diag *diag);

static inline bool cpmi_markup_is(const cpmi_markup *r, cpm_str name) {
  return r->name.n == name.n && memcmp(r->name.p, name.p, name.n) == 0;
}
static inline bool cpmi_markup_is_name(const cpmi_markup *r, const char *name) { return cpmi_markup_is(r, cpm_str_of(name, strlen(name))); }
/* Is this the namespace of the element that starts? */
bool cpmi_markup_is_ns(cpmi_markup *r, const char *ns);

/* ---- what readers of one document type share ------------------------------------------------------------------------------ */

/* Is the element that starts of this namespace? If not: XML_NO_NAMESPACE or XML_OTHER_NAMESPACE. */
int cpmi_markup_check_ns(cpmi_markup *r, const char *ns, uint64_t *quirks, const cpm_opts *opts, const char *rule, cpm_diag *diag);
/* The text of the element that ends, collapsed: CPM_E_MISSING if nothing is left, XML_TOKEN_SPACE if something was taken out. */
int cpmi_markup_check_token(const cpmi_markup *r, const char *rule, uint64_t *quirks, const cpm_opts *opts, cpm_diag *diag);
/* Octets of the plain text of what a machine took. */
size_t cpmi_markup_size(cpm_str text, cpm_markup_space space);
/* Is that the plain text, collapsed? */
bool cpmi_markup_text_is(cpm_str text, const char *z);

/* ---- classes of octets, for passing over runs of them ------------------------------------------------------------------- */

typedef enum cpmi_markup_class {
  CPMI_MARKUP_TEXT  = 1,   /* ASCII that leaves a machine in content where it is: all that XML has, but "<", "&" and "]" */
  CPMI_MARKUP_TOKEN = 2,   /* of text: ASCII that stands for itself and is no white space */
  CPMI_MARKUP_VALUE = 4,   /* of an attribute's value: what stands for itself */
  CPMI_MARKUP_NAME  = 8    /* ASCII of NCNameChar */
} cpmi_markup_class;
extern const uint8_t cpmi_markup_classes[256];

/* ---- characters of text and values -------------------------------------------------------------------------------------- */

/* Why a machine stopped at p in `in`, or, with p at its end, that it is truncated. */
int cpmi_markup_refuse(const cpmi_markup_marks *m, cpm_str in, const unsigned char *p, const char *rule, cpm_diag *diag);

/* One character of a value or text that a machine took, line ends as LF; returns where the next one starts. With `literal` an "&" is
 * itself. *reference: the character stood as a reference. */
size_t cpmi_markup_char(cpm_str s, size_t at, bool literal, uint32_t *code, bool *reference);

/* Char (XML 1.0 2.2). */
bool cpmi_markup_is_char(uint32_t code);

#endif
