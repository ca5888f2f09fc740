/* SPDX-License-Identifier: MIT */
/* mime.h - what the MIME hosts mark, and the header lines that multipart and message/cpim share. */
#ifndef CPMI_MIME_H
#define CPMI_MIME_H

#include "cpm/mime.h"
#include "internal.h"

/* Where the parts of a media type or disposition stand; NULL for one that is not there. */
typedef struct cpmi_mime_marks {
  const unsigned char *type, *type_end, *subtype, *subtype_end, *params, *params_end;
} cpmi_mime_marks;

/* Each returns how far its machine came; *ok tells whether all of `in` was taken. `in` is not absent. */
size_t cpmi_media_type_parse(cpmi_mime_marks *out, cpm_str in, bool *ok);
size_t cpmi_disposition_parse(cpmi_mime_marks *out, cpm_str in, bool *ok);
/* `in` is a params slice, from its first ";" on. */
size_t cpmi_mime_params_parse(cpm_str in, bool *ok);
/* One header line; *value is trimmed, its inner folds stay. */
size_t cpmi_mime_header_parse(cpm_str *name, cpm_str *value, cpm_str in, bool *ok);
/* The same, faster where it can be; *bad is where the first octet stands that is no UTF-8, in.n without one. */
size_t cpmi_mime_header_read(cpm_str *name, cpm_str *value, cpm_str in, bool *ok, size_t *bad);

/* One header line with its folds, without its line end. */
typedef struct cpmi_mime_line {
  cpm_str text;
  bool    bare_lf;   /* it ended with LF alone */
  bool    folded;    /* it goes over several lines */
  bool    split;     /* it would, but for the field that was found in its fold (CPMI_LINE_SPLIT) */
} cpmi_mime_line;

#define CPMI_LINE_BARE_LF 1u   /* LF alone ends a line; without, it stays in the text for the grammar to refuse */
#define CPMI_LINE_SPLIT   2u   /* a continuation that reads as Content-xxx: is a line of its own */

/* Takes one line off *rest. CPM_END for the empty line, which is taken too. CPM_E_TRUNCATED if the input ends before the line
 * does: line->text is what there was and *rest is empty. Each octet is looked at once. */
int cpmi_line_next(cpm_str *rest, cpmi_mime_line *line, unsigned how);

/* The header lines of a part that are read. */
typedef struct cpmi_mime_head { cpm_str content_type, disposition, encoding, length; } cpmi_mime_head;
/* Notes one of them; the first counts, another one is MIME_REPEATED. */
int cpmi_mime_note(cpmi_mime_head *head, cpm_str name, cpm_str value, uint64_t *quirks, const cpm_opts *opts, size_t off, cpm_diag *diag);

/* Reads the header lines of text up to its empty line or its end; *used is behind that. `base` is where text stands in the body. */
int cpmi_part_head(cpm_part *part, size_t *used, uint64_t *quirks, cpm_str text, size_t base, const cpm_opts *opts, cpm_diag *diag);

/* A head is whole header lines, none of them twice; otherwise CPM_E_INJECTION, CPM_E_VALUE, CPM_E_DUPLICATE. */
int cpmi_check_head(cpm_str head, cpm_diag *diag);

/* Does the name start with "Content-"? */
bool cpmi_is_content_name(cpm_str name);

/* Writes `name: value` CRLF with the value trimmed and its folds as one SP; nothing for an absent value. CPM_E_VALUE: no UTF-8. */
int cpmi_put_mime_field(cpmi_out *o, const char *name, cpm_str value, cpm_diag *diag);

/* The value without white space around it that writing would add again: SP and HTAB at both ends, well-formed folds in front. */
cpm_str cpmi_trim_value(cpm_str value);

#endif
