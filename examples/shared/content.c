/* SPDX-License-Identifier: MIT */
/* content.c - octets by handle. */
#include "content.h"
#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTENT_LARGEST = 256 << 20, CONTENT_FILES = 64 };   /* octets of one; files that are known by their hash */

/* A handle is a place in it. One that was dropped has p NULL, and its handle is not given out again. */
static cpm_str *content_items;
static uint64_t content_n, content_cap;

static uint64_t content_add(cpm_str bytes) {
  if (content_n == content_cap) {
    content_cap = content_cap ? 2 * content_cap : 256;
    content_items = realloc(content_items, content_cap * sizeof *content_items);
    if (!content_items) abort();
  }
  content_items[content_n] = bytes;
  return content_n++;
}

uint64_t content_keep(cpm_str bytes) {
  char *copy = malloc(bytes.n + 1);
  if (!copy) abort();
  if (bytes.n) memcpy(copy, bytes.p, bytes.n);
  copy[bytes.n] = '\0';
  return content_add(cpm_str_of(copy, bytes.n));
}

uint64_t content_new(void) { return content_keep(cpm_str_z("")); }

void content_drop(uint64_t item) {
  if (item >= content_n) return;
  free((char *)content_items[item].p);
  content_items[item] = cpm_str_none();
}

/* Octets in between that have not come yet are 0. Room is taken ahead: a large message comes in many pieces. */
bool content_write(uint64_t item, uint64_t off, cpm_str bytes) {
  if (item >= content_n || !content_items[item].p || off > CONTENT_LARGEST || bytes.n > CONTENT_LARGEST - off) return false;
  cpm_str *s = &content_items[item];
  const size_t end = (size_t)off + bytes.n, size = end > s->n ? end : s->n;
  char *room = realloc((char *)s->p, size + 1);
  if (!room) return false;
  if (off > s->n) memset(room + s->n, 0, (size_t)off - s->n);
  if (bytes.n) memcpy(room + off, bytes.p, bytes.n);
  *s = cpm_str_of(room, size);
  return true;
}

uint64_t content_length(uint64_t item) { return item < content_n ? content_items[item].n : 0; }

cpm_str content_run(uint64_t item, uint64_t off, uint64_t len) {
  if (item >= content_n || !content_items[item].p || off > content_items[item].n || len > content_items[item].n - off) return cpm_str_none();
  return cpm_str_of(content_items[item].p + off, (size_t)len);
}

cpm_str content_of_field(const adapter_run *run, uint32_t leg, cpm_field field) {
  cpm_piece piece;
  if (!cpm_proc_content(run->proc, leg, field, &piece)) return cpm_str_none();
  return content_run(piece.item, piece.off, piece.bytes.n);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

/* Where the octets of a file are, whoever sends them and in however many transfers: by its hash. */
static struct { const ua *who; char hash[CONTENT_HASH]; uint64_t item; } content_files[CONTENT_FILES];
static unsigned content_nfiles;

void content_hash(char dst[CONTENT_HASH], cpm_str content) {
  struct sha1_ctx c;
  uint8_t digest[SHA1_DIGEST_SIZE];
  sha1_init(&c);
  sha1_update(&c, content.n, (const uint8_t *)content.p);
  sha1_digest(&c, sizeof digest, digest);
  int n = snprintf(dst, CONTENT_HASH, "hash:sha-1");
  for (size_t i = 0; i < sizeof digest; i++) n += snprintf(dst + n, CONTENT_HASH - (size_t)n, ":%02X", digest[i]);
}

bool content_find_file(const ua *who, const cpm_file *file, uint64_t *item) {
  for (unsigned i = 0; i < content_nfiles; i++)
    if (content_files[i].who == who && file->selector.hashes.p && cpm_str_eq(file->selector.hashes, cpm_str_z(content_files[i].hash))) {
      *item = content_files[i].item;
      return true;
    }
  return false;
}

uint64_t content_gather(const adapter_run *run, uint32_t leg) {
  cpm_file file;
  uint64_t item;
  const bool of_file = leg != CPM_NO_LEG && cpm_proc_file(&file, run->proc, leg);
  if (of_file && content_find_file(run->who, &file, &item)) return item;
  item = content_new();
  if (!of_file || content_nfiles == CONTENT_FILES || file.selector.hashes.n >= CONTENT_HASH) return item;
  content_files[content_nfiles].who = run->who;
  content_files[content_nfiles].item = item;
  ADAPTER_COPY(content_files[content_nfiles++].hash, file.selector.hashes);
  return item;
}

void content_close(void) {
  while (content_n) free((char *)content_items[--content_n].p);
  free(content_items);
  content_items = NULL;
  content_cap = 0;
}
