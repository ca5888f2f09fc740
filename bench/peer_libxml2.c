/* SPDX-License-Identifier: MIT */
/* peer_libxml2.c - libxml2 over a notification, three ways. Push with a context that is reset and used again is its fastest. The text of
 * the three values that a notification is read for is gathered, as ours gives it. */
#include "bench.h"
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <string.h>

enum { LIBXML2_VALUES = 3, LIBXML2_ROOM = 256 };
static char libxml2_values[LIBXML2_VALUES][LIBXML2_ROOM];
static size_t libxml2_sizes[LIBXML2_VALUES];
static int libxml2_at = -1, libxml2_delivered;

static void libxml2_start_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nns,
                                  const xmlChar **ns, int nattributes, int ndefaulted, const xmlChar **attributes) {
  static const char *const names[LIBXML2_VALUES] = { "message-id", "datetime", "recipient-uri" };
  (void)ctx, (void)prefix, (void)uri, (void)nns, (void)ns, (void)nattributes, (void)ndefaulted, (void)attributes;
  libxml2_at = -1;
  libxml2_delivered |= !strcmp((const char *)name, "delivered");
  for (int i = 0; i < LIBXML2_VALUES; i++)
    if (!strcmp((const char *)name, names[i])) {
      libxml2_at = i;
      libxml2_sizes[i] = 0;
    }
}

static void libxml2_end_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
  (void)ctx, (void)name, (void)prefix, (void)uri;
  libxml2_at = -1;
}

static void libxml2_characters(void *ctx, const xmlChar *text, int n) {
  (void)ctx;
  if (libxml2_at < 0 || libxml2_sizes[libxml2_at] + (size_t)n > LIBXML2_ROOM) return;
  memcpy(libxml2_values[libxml2_at] + libxml2_sizes[libxml2_at], text, (size_t)n);
  libxml2_sizes[libxml2_at] += (size_t)n;
}

static xmlSAXHandler *libxml2_handler(void) {
  static xmlSAXHandler handler;
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = libxml2_start_element;
  handler.endElementNs = libxml2_end_element;
  handler.characters = libxml2_characters;
  return &handler;
}

static int libxml2_done(int rc) {
  const int bad = rc || !libxml2_delivered || !libxml2_sizes[0];
  bench_sink += libxml2_sizes[0];
  libxml2_delivered = 0;
  return bad;
}

int libxml2_push(const bench_input *in) {
  static xmlParserCtxtPtr ctx;
  if (!ctx) ctx = xmlCreatePushParserCtxt(libxml2_handler(), NULL, NULL, 0, NULL);
  if (!ctx || xmlCtxtResetPush(ctx, in->p, (int)in->n, NULL, NULL)) return 1;
  return libxml2_done(xmlParseChunk(ctx, NULL, 0, 1));
}

int libxml2_sax(const bench_input *in) { return libxml2_done(xmlSAXUserParseMemory(libxml2_handler(), NULL, in->p, (int)in->n)); }

int libxml2_tree(const bench_input *in) {
  static xmlParserCtxtPtr ctx;
  if (!ctx) ctx = xmlNewParserCtxt();
  const xmlDocPtr doc = ctx ? xmlCtxtReadMemory(ctx, in->p, (int)in->n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_COMPACT) : NULL;
  if (!doc) return 1;
  xmlFreeDoc(doc);
  return 0;
}
