/* SPDX-License-Identifier: MIT */
/* content.h - contents by handle. Procedures never hold content: they name it, and get it back from here. */
#ifndef CONTENT_H
#define CONTENT_H

#include "adapter.h"

uint64_t content_keep(cpm_str bytes);                                /* copied */
uint64_t content_new(void);                                          /* empty; grows by content_write */
void     content_drop(uint64_t item);                                /* nobody names it any more */
bool     content_write(uint64_t item, uint64_t off, cpm_str bytes);  /* false: there is no such item, or it would be too large */
uint64_t content_length(uint64_t item);                              /* octets */
cpm_str  content_run(uint64_t item, uint64_t off, uint64_t len);     /* borrowed; absent if there is no such run */
cpm_str  content_of_field(const adapter_run *run, uint32_t leg, cpm_field field);   /* what a procedure has in that field */
void     content_close(void);

/* An item for what comes in chunks: of a file, the one that has its beginning. */
uint64_t content_gather(const adapter_run *run, uint32_t leg);

/* The item of a file that came, or of which a beginning came. */
bool     content_find_file(const ua *who, const cpm_file *file, uint64_t *item);

/* Hash selector of RFC 5547 of that content, "hash:sha-1:72:24:5F ...". */
enum { CONTENT_HASH = 80 };
void content_hash(char dst[CONTENT_HASH], cpm_str content);

#endif
