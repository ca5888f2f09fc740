/* SPDX-License-Identifier: MIT */
/* media.c - sessions on connections: one session a connection. */
#define _POSIX_C_SOURCE 200809L
#include "media.h"
#include "content.h"
#include "log.h"
#include "msrp_link.h"
#include "tcp.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEDIA_PATH = 1024, MEDIA_AHEAD = 8 };   /* SENDs without response, above which no more is asked for */

static const int64_t MEDIA_PATIENCE = 30000000;   /* us in which whoever is waited for must come */

typedef struct media_line { msrp_link link; tcp *t; } media_line;

typedef struct media {
  struct media     *next;
  adapter_run      *run, *by;                  /* whose connection it is, and who pushed on it last */
  uint32_t          leg;
  char              local[MEDIA_PATH], remote[MEDIA_PATH];
  cpm_msrp_matching matching;
  media_line       *line;                      /* NULL: it is not there yet, or gone */
  int64_t           until;                     /* LISTEN: somebody must have come by then, on adapter_clock */
  bool              pushes;                    /* it was pushed to, or a response came: it may take more */
} media;

static media            *media_all;
static const cpm_effect *media_effect;         /* behind what is being written, or NULL */
/* To our relay. It is nobody's, and everybody's once it is used. */
static struct { media_line *line; bool used; int64_t heard; void (*took)(const cpm_msrp *response); } media_relay;

static const cpm_msrp   *media_request;        /* that is being taken */
static media_line       *media_from;           /* the line it came on */

/* Its own, or that of the session that it uses. */
static media *media_of(const adapter_run *run, uint32_t leg) {
  if (run->session) return media_of(run->session, CPM_NO_LEG);
  for (media *m = media_all; m; m = m->next)
    if (m->run == run && m->leg == leg) return m;
  return NULL;
}

/* The session on that line that `of` has sent in; NULL: the first one on it. The line of a relay has several. */
static media *media_on(const media_line *line, const void *of) {
  for (media *m = media_all; m; m = m->next)
    if (m->line == line && (!of || line != media_relay.line || m->run == of || m->by == of)) return m;
  return NULL;
}

/* ---- connections ------------------------------------------------------------------------------------------------- */

static void media_drop(media_line *line) {
  msrp_link_free(&line->link);
  free(line);
}

static size_t media_took(tcp *t, cpm_str in) {
  media_line *line = t->of;
  if (line == media_relay.line) media_relay.heard = adapter_clock();
  if (!t->gone) msrp_link_read(&line->link, in);
  return in.n;
}

static void media_swept(tcp *t) {
  if (t->of) media_drop(t->of);
}

static void media_broke(tcp *t) {
  const bool relay = media_relay.line && media_relay.line == t->of;
  for (media *m; (m = media_on(t->of, NULL)) != NULL;) {
    m->line = NULL;
    if (!cpm_proc_over(m->run->proc)) adapter_on_media(m->run, m->leg, CPM_EVENT_media_down, 0);
  }
  if (!relay) return;
  media_relay.line = NULL;
  media_relay.used = false;
  media_relay.took(NULL);
}

static unsigned media_unanswered(const media_line *line) {
  unsigned n = 0;
  for (const msrp_link_sent *s = line->link.sent; s; s = s->next) n++;
  return n;
}

static void media_came(tcp *t);
static const tcp_use media_use = { .came = media_came, .took = media_took, .broke = media_broke, .swept = media_swept };

/* ---- what a line says -------------------------------------------------------------------------------------------- */

static void media_write(msrp_link *l, cpm_str bytes) {
  media_line *line = l->of;
  tcp_queue(line->t, bytes);
}

static void media_saw(msrp_link *l, bool ours, const cpm_msrp *msg, cpm_str head, cpm_str body) {
  const media_line *line = l->of;
  if (!ours) { adapter_counts.read++; return; }
  if (!msg->status) adapter_counts.chunks++;
  adapter_counts.bytes += head.n + body.n;
  log_media(&(log_msrp){ line->t, msg, media_effect, head, body });
}

static void media_random(unsigned char *dst, size_t n) { adapter_random(dst, n); }

static void media_broken(msrp_link *l, const cpm_diag *diag) {
  media_line *line = l->of;
  log_note(line->t->who, NULL, "what came is no MSRP: %s", diag->rule ? diag->rule : cpm_strerror(diag->code));
  adapter_counts.broken++;
  tcp_close(line->t);
}

/* The session that a request is for, on this line or on none yet. */
static media *media_for(const media_line *line, const cpm_msrp *request) {
  for (media *m = media_all; m; m = m->next)
    if (m->run->who == line->t->who && (!m->line || m->line == line) &&
        cpm_msrp_in_session(request, cpm_str_z(m->local), cpm_str_z(m->remote), m->matching)) return m;
  return NULL;
}

/* What the session lets in (RFC 4975 7.3): the first request binds a connection that came to it. */
static void media_on_request(msrp_link *l, const cpm_msrp *request, cpm_str body, char flag) {
  media_line *line = l->of;
  media *m = media_for(line, request);
  cpm_msrp_session session = { .matching = m ? m->matching : CPM_MSRP_STRICT };
  if (m) session.local_path = cpm_str_z(m->local), session.remote_path = cpm_str_z(m->remote);
  const unsigned verdict = cpm_msrp_verdict(request, m ? &session : NULL);
  if (verdict && verdict != 200) { msrp_link_answer(l, request, verdict); return; }
  if (!m) return;                      /* a REPORT of nobody's */
  if (!m->line) {
    m->line = line;
    m->until = 0;
    line->t->busy = true;
    adapter_on_media(m->run, m->leg, CPM_EVENT_media_up, 0);
  }
  media_request = request;
  media_from = line;
  adapter_on_msrp(m->run, m->leg, request, cpm_str_of(l->head, request->size), body, flag);
  media_request = NULL;
}

static void media_on_response(msrp_link *l, const msrp_link_sent *sent, unsigned status) {
  if (sent->of == &media_relay) { media_relay.took(&l->msg); return; }
  media *m = media_on(l->of, sent->of);
  if (!m) return;
  m->pushes = true;
  adapter_on_media(sent->of, m->leg, status == 200 ? CPM_EVENT_msrp_ok : CPM_EVENT_msrp_fail, sent->octets);
}

static const msrp_link_use media_link_use = { .write = media_write, .request = media_on_request, .response = media_on_response,
                                              .broken = media_broken, .saw = media_saw, .random = media_random };

static media_line *media_new_line(void) {
  media_line *line = calloc(1, sizeof *line);
  if (!line) abort();
  msrp_link_init(&line->link, &media_link_use, line);
  return line;
}

static void media_came(tcp *t) {
  media_line *line = media_new_line();
  line->t = t;
  t->of = line;
}

/* ---- effects ----------------------------------------------------------------------------------------------------- */

static media *media_begin(adapter_run *run, const cpm_effect *x) {
  media *m = calloc(1, sizeof *m);
  if (!m) abort();
  *m = (media){ .next = media_all, .run = run, .leg = x->leg, .matching = x->media.target.matching };
  ADAPTER_COPY(m->local, x->media.local_path);
  ADAPTER_COPY(m->remote, x->media.remote_path);
  return media_all = m;
}

bool media_connect(adapter_run *run, const cpm_effect *x) {
  adapter_address to;
  media *m = media_begin(run, x);
  if (x->media.relayed) {
    m->line = media_relay.used ? media_relay.line : NULL;
    log_note(run->who, x, "CONNECT by our relay");
    return m->line != NULL;
  }
  media_line *line = media_new_line();
  line->t = tcp_address(&to, x->media.target.host, x->media.target.port) ? tcp_reach(run->who, &to, &media_use, line) : NULL;
  log_note(run->who, x, "CONNECT %.*s:%u%s", (int)x->media.target.host.n, x->media.target.host.p, x->media.target.port,
              x->media.target.cema ? ", by c and m line" : "");
  if (line->t) m->line = line;
  else media_drop(line);
  return m->line != NULL;
}

void media_listen(adapter_run *run, const cpm_effect *x) {
  media_begin(run, x)->until = adapter_clock() + MEDIA_PATIENCE;
  log_note(run->who, x, "LISTEN for %.*s", (int)x->media.remote_path.n, x->media.remote_path.p);
}

/* Content of a PUSH in one piece: what is ours lies with the host. */
static char *media_gather(const cpm_effect *x, size_t *n) {
  *n = 0;
  for (size_t i = 0; i < x->ncontent; i++) *n += x->content[i].bytes.n;
  char *all = malloc(*n + 1);
  size_t at = 0;
  for (size_t i = 0; all && i < x->ncontent; i++) {
    const cpm_piece *p = &x->content[i];
    const cpm_str bytes = p->bytes.p ? p->bytes : content_run(p->item, p->off, p->bytes.n);
    if (!bytes.p) { free(all); return NULL; }
    memcpy(all + at, bytes.p, bytes.n);
    at += bytes.n;
  }
  return all;
}

bool media_push(adapter_run *run, const cpm_effect *x) {
  media *m = media_of(run, x->leg);
  size_t n = 0;
  char *content = m && m->line ? media_gather(x, &n) : NULL;
  media_effect = x;
  const bool good = content && msrp_link_push(&m->line->link, &x->msrp, cpm_str_of(content, n), run);
  media_effect = NULL;
  free(content);
  if (good) m->pushes = true, m->by = run;
  return good;
}

void media_accept(adapter_run *run, const cpm_effect *x) {
  (void)run;
  if (!media_request) { adapter_counts.untaken++; return; }
  media_effect = x;
  if (!msrp_link_answer(&media_from->link, media_request, x->code)) adapter_counts.broken++;
  media_effect = NULL;
}

static void media_remove(media *m) {
  media **at = &media_all;
  while (*at != m) at = &(*at)->next;
  *at = m->next;
  if (m->line && m->line == media_from) media_request = NULL;
  if (m->line && m->line == media_relay.line) msrp_link_forget(&m->line->link, m->run);
  else if (m->line) msrp_link_forget(&m->line->link, NULL), tcp_close(m->line->t);
  free(m);
}

void media_close(adapter_run *run, uint32_t leg) {
  media *m = run->session ? NULL : media_of(run, leg);
  if (m) media_remove(m);
}

void media_end(const adapter_run *run) {
  for (media *m = media_all, *next; m; m = next) {
    next = m->next;
    if (m->run == run) media_remove(m);
  }
  if (media_relay.line) msrp_link_forget(&media_relay.line->link, run);
}

/* ---- our relay --------------------------------------------------------------------------------------------------- */

bool media_relay_open(ua *who, const adapter_address *to, void (*took)(const cpm_msrp *response)) {
  media_line *line = media_new_line();
  line->t = tcp_reach(who, to, &media_use, line);
  if (!line->t) { media_drop(line); return false; }
  media_relay.line = line;
  media_relay.took = took;
  return true;
}

bool media_relay_ask(const cpm_msrp *request) { return media_relay.line && msrp_link_ask(&media_relay.line->link, request, &media_relay); }
int64_t media_relay_heard(void) { return media_relay.used ? media_relay.heard : 0; }
void media_relay_use(void) { media_relay.used = media_relay.line != NULL; }

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

/* Everything that was written has left, and not too much of it waits for its response. */
static media *media_writable(void) {
  for (media *m = media_all; m; m = m->next)
    if (m->pushes && m->line && !m->line->t->nout && media_unanswered(m->line) < MEDIA_AHEAD) return m;
  return NULL;
}

static media *media_with_line(const ua *who) {
  for (media *m = media_all; m; m = m->next)
    if (m->run->who == who && m->line) return m;
  return NULL;
}

static const ua *media_to_cut;

void media_cut(const ua *who) { media_to_cut = who; }

static void media_break(const ua *who) {
  for (media *m; (m = media_with_line(who)) != NULL;) {
    tcp *t = m->line->t;
    tcp_close(t);
    media_broke(t);
  }
}

bool media_waits(void) { return media_to_cut || media_writable() != NULL; }

void media_go_on(void) {
  if (media_to_cut) media_break(media_to_cut);
  media_to_cut = NULL;
  media *m = media_writable();
  if (!m) return;
  m->pushes = false;
  if (m->by) adapter_on_media(m->by, m->leg, CPM_EVENT_writable, 0);
}

int64_t media_due(void) {
  int64_t first = INT64_MAX;
  for (const media *m = media_all; m; m = m->next)
    if (m->until && m->until < first) first = m->until;
  return first;
}

void media_fire(void) {
  const int64_t now = adapter_clock();
  media *m = media_all;
  while (m && !(m->until && m->until <= now)) m = m->next;
  if (!m) return;
  m->until = 0;
  adapter_on_media(m->run, m->leg, CPM_EVENT_media_down, 0);
}

bool media_awaits(void) {
  for (const media *m = media_all; m; m = m->next)
    if (m->line && m->line->link.sent) return true;
  return false;
}

bool media_open(ua *who, const char *host, unsigned port) {
  adapter_address at;
  if (!tcp_address(&at, cpm_str_z(host), port)) return false;
  tcp *t = tcp_open(who, &at, &media_use);
  if (!t) return false;
  who->agent.media_address = cpm_str_z(host);
  who->agent.media_port = ntohs(at.any.sa_family == AF_INET6 ? t->near.v6.sin6_port : t->near.v4.sin_port);
  return true;
}

void media_close_all(void) {
  while (media_all) media_remove(media_all);
  if (media_relay.line) tcp_close(media_relay.line->t);
  media_relay.line = NULL;
}
