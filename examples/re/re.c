/* SPDX-License-Identifier: MIT */
/* re.c - the client of examples/peer over libre: its transactions, dialogs, transports and timers. libre writes Via, Max-Forwards, From, To, Call-ID,
 * CSeq and Route, sends again, acknowledges refusals, cancels, and finds servers. The 2xx of an INVITE it leaves to whoever has the dialog: here. */
#include "peer.h"
#include <re.h>
#include <stdio.h>
#include <string.h>

enum { RE_TABLE = 32, RE_PATIENCE = 180000, RE_SERVERS = 4, RE_PEM = 16384 };   /* ms after a provisional response; name servers; octets of a certificate */

/* What stands behind libre's own lines: ours, and the body. */
#define RE_REST       "%sContent-Length: %zu\r\n\r\n%b"
#define RE_REST_OF(m) (m)->lines, (m)->body.n, (m)->body.p, (m)->body.n

typedef struct re_dialog {
  struct le          le;         /* of re_dialogs */
  struct tmr         timer;      /* our 2xx goes again; or nobody has wanted the dialog for so long */
  peer_dialog       *of;         /* NULL: nobody wants it */
  struct sip_dialog *half;       /* as our INVITE began it: every 2xx makes a whole one of it */
  struct sip_dialog *whole;
  uint32_t           cseq;       /* of the INVITE that was accepted last */
  char              *ack;        /* what stands behind libre's lines in its ACK, for a 2xx that comes again; NULL: none was sent */
  struct sip_msg    *invite;     /* what our 2xx answers, */
  struct mbuf       *accepted;   /* and that 2xx; NULL: its ACK has come */
  uint32_t           again;      /* how often it was sent again */
} re_dialog;

/* A request of ours, and one that came. */
typedef struct re_client { peer_request *q; struct sip_request *request; struct tmr patience; } re_client;
typedef struct re_server { peer_incoming *t; struct sip_strans *trans; struct sip_msg *msg; } re_server;

static const peer_settings *re_settings;
static struct sip          *re_sip;
static struct list          re_dialogs;
static cpm_str              re_came;      /* the message that is being taken, as it came */

static void re_turned(void) {
  if (peer_over()) re_cancel();
}

/* ---- dialogs --------------------------------------------------------------------------------------------------------- */

static void re_dialog_gone(void *arg) {
  re_dialog *d = arg;
  tmr_cancel(&d->timer);
  list_unlink(&d->le);
  mem_deref(d->half);
  mem_deref(d->whole);
  mem_deref(d->ack);
  mem_deref(d->invite);
  mem_deref(d->accepted);
}

static re_dialog *re_dialog_new(void) {
  re_dialog *d = mem_zalloc(sizeof *d, re_dialog_gone);
  if (d) list_append(&re_dialogs, &d->le, d);
  return d;
}

static re_dialog *re_find(const struct sip_msg *msg) {
  for (struct le *le = re_dialogs.head; le; le = le->next) {
    re_dialog *d = le->data;
    if (d->whole && sip_dialog_cmp(d->whole, msg)) return d;
  }
  return NULL;
}

/* Our INVITE that this answers, in a dialog or before it makes one. */
static re_dialog *re_find_half(const struct sip_msg *msg) {
  for (struct le *le = re_dialogs.head; le; le = le->next) {
    re_dialog *d = le->data;
    if (d->half && sip_dialog_cmp_half(d->half, msg)) return d;
  }
  return NULL;
}

static void re_end(void *arg) { mem_deref(arg); }

void stack_forget(peer_dialog *of) {
  re_dialog *d = of->stack;
  if (!d) return;
  d->of = NULL;
  d->accepted = mem_deref(d->accepted);
  tmr_start(&d->timer, 64 * SIP_T1, re_end, d);
}

/* ---- requests of ours ------------------------------------------------------------------------------------------------ */

static void re_client_gone(void *arg) {
  re_client *c = arg;
  tmr_cancel(&c->patience);
}

static bool re_write_ack(const re_dialog *d, const char *rest) {
  return !sip_drequestf(NULL, re_sip, false, "ACK", d->whole, d->cseq, NULL, NULL, NULL, NULL, "%s", rest);
}

static bool re_acknowledge(re_dialog *d, const peer_message *m) {
  d->ack = mem_deref(d->ack);
  return !re_sdprintf(&d->ack, RE_REST, RE_REST_OF(m)) && re_write_ack(d, d->ack);
}

/* A 2xx: the dialog stands, or stands on. False: what it says cannot be used. */
static bool re_accepted(peer_request *q, const struct sip_msg *msg) {
  re_dialog *d = q->dialog->stack;
  if (q->opens && !d->whole && sip_dialog_fork(&d->whole, d->half, msg)) return false;
  d->cseq = msg->cseq.num;
  if (q->opens) return true;
  sip_dialog_update(d->whole, msg);
  return re_write_ack(d, "Content-Length: 0\r\n\r\n");
}

static void re_give_up(void *arg) {
  re_client *c = arg;
  sip_request_cancel(c->request);
}

static void re_on_response(int err, const struct sip_msg *msg, void *arg) {
  re_client *c = arg;
  peer_request *q = c->q;
  if (!err && msg->scode < 200) {
    tmr_start(&c->patience, RE_PATIENCE, re_give_up, c);
    if (msg->scode > 100) peer_take_response(q, re_came);
    return;
  }
  mem_deref(c);
  const bool good = !err && !(q->method == CPM_METHOD_INVITE && msg->scode < 300 && !re_accepted(q, msg));
  peer_take_response(q, good ? re_came : cpm_str_none());
  re_turned();
}

/* A dialog, or what stands for one with a request that opens none: libre's way to write From, To, Call-ID, CSeq and Route. A next hop that is not what the
 * Request-URI says is a Route, to which libre writes ;lr; it sends to no sips URI, but to one with transport=tls. */
static struct sip_dialog *re_outside(const peer_message *m) {
  char to_uri[512], from_uri[512], name[256], next[512];
  struct sip_dialog *d = NULL;
  cpm_address from, to;
  const char *lr = strstr(m->next, ";lr"), *end = lr ? lr : m->next + strlen(m->next), *route[] = { next };
  const bool routed = re_settings->proxy || strncmp(m->next, m->uri, strlen(m->uri)) != 0, secure = !strncmp(m->next, "sips:", 5);
  const char *hop = secure ? m->next + 5 : m->next;
  if (cpm_address_decode(&from, cpm_str_z(m->from), NULL, NULL) != CPM_OK || cpm_address_decode(&to, cpm_str_z(m->to), NULL, NULL) != CPM_OK) return NULL;
  re_snprintf(next, sizeof next, "%s%b", secure ? "sip:" : "", hop, (size_t)(end - hop));
  re_snprintf(to_uri, sizeof to_uri, "%b", to.uri.p, to.uri.n);
  re_snprintf(from_uri, sizeof from_uri, "%b", from.uri.p, from.uri.n);
  re_snprintf(name, sizeof name, "%b", from.display.p, from.display.n);
  return sip_dialog_alloc(&d, m->uri, to_uri, from.display.n ? name : NULL, from_uri, route, routed) ? NULL : d;
}

/* The dialog that an INVITE opens; one that was refused before goes. */
static bool re_open(peer_dialog *of, struct sip_dialog *half) {
  re_dialog *d = of->stack ? of->stack : re_dialog_new();
  if (!d) return false;
  of->stack = d;
  d->of = of;
  mem_deref(d->half);
  d->half = mem_ref(half);
  return true;
}

bool stack_request(peer_request *q, const peer_message *m) {
  re_dialog *d = q->dialog ? q->dialog->stack : NULL;
  if (!m->uri && !(d && d->whole)) return false;
  if (m->method == CPM_METHOD_ACK) return re_acknowledge(d, m);
  re_client *c = mem_zalloc(sizeof *c, re_client_gone);
  struct sip_dialog *in = m->uri ? re_outside(m) : mem_ref(d->whole);
  bool good = c && in && !(q->opens && !re_open(q->dialog, in));
  if (good) {
    c->q = q;
    q->stack = c;
    good = !sip_drequestf(&c->request, re_sip, true, m->method_name, in, 0, NULL, NULL, re_on_response, c, RE_REST, RE_REST_OF(m));
  }
  mem_deref(in);
  if (!good) mem_deref(c);
  return good;
}

void stack_cancel(peer_request *invite, const peer_message *m) {
  re_client *c = invite->stack;
  (void)m;                              /* libre writes CANCEL itself */
  sip_request_cancel(c->request);
}

/* The 2xx of another dialog: where nobody wants the first one any more, nobody wants this one. */
static void re_fork(const re_dialog *first, const struct sip_msg *msg) {
  re_dialog *d = re_dialog_new();
  if (!d || sip_dialog_fork(&d->whole, first->half, msg)) { mem_deref(d); return; }
  d->cseq = msg->cseq.num;
  d->of = peer_take_fork(first->of, d, re_came);
}

/* A response that no transaction takes: a 2xx that comes again, or of another dialog. */
static bool re_on_late_response(const struct sip_msg *msg, void *arg) {
  const re_dialog *d = re_find(msg);
  (void)arg;
  if (msg->scode / 100 != 2 || pl_strcmp(&msg->cseq.met, "INVITE")) return false;
  if (d && d->ack && d->cseq == msg->cseq.num) re_write_ack(d, d->ack);
  if (!d && (d = re_find_half(msg)) != NULL) re_fork(d, msg);
  re_turned();
  return d != NULL;
}

/* ---- requests that come ------------------------------------------------------------------------------------------------ */

static void re_server_gone(void *arg) {
  re_server *s = arg;
  mem_deref(s->trans);
  mem_deref(s->msg);
}

static void re_send_again(void *arg) {
  re_dialog *d = arg;
  struct pl pl;
  struct sa to;
  if (SIP_T1 << d->again > 64 * SIP_T1) return;
  sip_reply_addr(&to, d->invite, !msg_param_exists(&d->invite->via.params, "rport", &pl));
  sip_send(re_sip, d->invite->sock, d->invite->tp, &to, d->accepted);
  d->again++;
  tmr_start(&d->timer, (uint64_t)MIN(SIP_T1 << d->again, SIP_T2), re_send_again, d);
}

static void re_keep(re_dialog *d, struct sip_msg *invite, struct mbuf *accepted) {
  mem_deref(d->invite);
  mem_deref(d->accepted);
  d->invite = mem_ref(invite);
  d->accepted = mem_ref(accepted);
  d->again = 0;
  tmr_start(&d->timer, SIP_T1, re_send_again, d);
}

static void re_on_ack(re_dialog *d) {
  if (!d->accepted) return;
  d->accepted = mem_deref(d->accepted);
  tmr_cancel(&d->timer);
  if (d->of) peer_take_ack(d->of, re_came);
}

void stack_respond(peer_incoming *t, const peer_message *m) {
  re_server *s = t->stack;
  re_dialog *d = t->dialog ? t->dialog->stack : NULL;
  struct mbuf *written = NULL;
  const bool good = m->status / 100 == 2, accepts = good && m->method == CPM_METHOD_INVITE;
  if (good && d && (accepts || m->method == CPM_METHOD_UPDATE)) sip_dialog_update(d->whole, s->msg);
  const int err = sip_treplyf(&s->trans, &written, re_sip, s->msg, accepts, (uint16_t)m->status, m->reason, RE_REST, RE_REST_OF(m));
  if (!err && accepts && d) re_keep(d, s->msg, written);
  if (!err) mem_deref(written);
  mem_deref(s);
}

static void re_on_cancel(void *arg) {
  re_server *s = arg;
  if (s->t) peer_take_cancel(s->t, re_came);
  re_turned();
}

/* What opens a dialog; NULL: it cannot. */
static re_dialog *re_invited(const struct sip_msg *msg) {
  re_dialog *d = re_dialog_new();
  if (d && !sip_dialog_accept(&d->whole, msg) && (d->of = peer_dialog_new(d)) != NULL) return d;
  return mem_deref(d);
}

static void re_take(const struct sip_msg *msg, re_dialog *d) {
  const bool invite = !pl_strcmp(&msg->met, "INVITE");
  re_server *s = mem_zalloc(sizeof *s, re_server_gone);
  if (!s) return;
  s->msg = mem_ref((void *)msg);
  if (invite && !d && (d = re_invited(msg)) == NULL) { sip_treply(NULL, re_sip, msg, 400, "Bad Request"); mem_deref(s); return; }
  if (sip_strans_alloc(&s->trans, re_sip, msg, re_on_cancel, s)) { mem_deref(s); return; }
  mem_ref(s);
  s->t = peer_take_request(s, d ? d->of : NULL, re_came);
  if (s->t && invite) sip_treply(&s->trans, re_sip, msg, 100, "Trying");
  mem_deref(s);
}

static bool re_on_request(const struct sip_msg *msg, void *arg) {
  re_dialog *d = re_find(msg);
  const bool bye = !pl_strcmp(&msg->met, "BYE"), ack = !pl_strcmp(&msg->met, "ACK");
  (void)arg;
  if (!pl_strcmp(&msg->met, "CANCEL")) return false;      /* libre answers: of nothing that is there */
  if (ack && d) re_on_ack(d);
  else if (ack) return true;
  else if (pl_isset(&msg->to.tag) && !(d && d->of)) sip_treply(NULL, re_sip, msg, d && bye ? 200 : 481, d && bye ? "OK" : "Call/Transaction Does Not Exist");
  else if (d && !sip_dialog_rseq_valid(d->whole, msg)) sip_treply(NULL, re_sip, msg, 500, "Server Internal Error");
  else re_take(msg, d);
  re_turned();
  return true;
}

/* ---- the loop ---------------------------------------------------------------------------------------------------------- */

static void re_trace(bool ours, enum sip_transp tp, const struct sa *from, const struct sa *to, const uint8_t *bytes, size_t n, void *arg) {
  (void)tp, (void)from, (void)to, (void)arg;
  if (!ours) re_came = cpm_str_of((const char *)bytes, n);
}

static struct dnsc *re_names(void) {
  struct sa servers[RE_SERVERS];
  struct dnsc *names = NULL;
  uint32_t n = RE_SERVERS;
  if (dns_srv_get(NULL, 0, servers, &n) || dnsc_alloc(&names, NULL, servers, n)) return NULL;
  return names;
}

static struct mbuf *re_file(const char *name) {
  FILE *f = name ? fopen(name, "rb") : NULL;
  struct mbuf *b = f ? mbuf_alloc(RE_PEM) : NULL;
  if (b) b->end = fread(b->buf, 1, b->size, f);
  if (f) fclose(f);
  return b;
}

/* libre shows our certificate; at that of the other side it does not look. */
static int re_add_tls(const peer_settings *settings, const struct sa *at) {
  struct tls *tls = NULL;
  struct mbuf *cert = re_file(settings->tls_cert), *key = re_file(settings->tls_key);
  int err = cert && key ? tls_alloc(&tls, TLS_METHOD_SSLV23, NULL, NULL) : ENOENT;
  if (!err) err = tls_set_certificate_pem(tls, (const char *)cert->buf, cert->end, (const char *)key->buf, key->end);
  if (!err && settings->tls_ca) err = tls_add_ca(tls, settings->tls_ca);
  if (!err) err = sip_transp_add(re_sip, SIP_TRANSP_TLS, at, tls);
  mem_deref(tls);
  mem_deref(cert);
  mem_deref(key);
  return err;
}

/* One transport: libre takes the first that it has where a URI names none, and a request that came on two with two Request-URIs for two. */
static int re_add_transport(const peer_settings *settings) {
  struct sa at;
  const int err = sa_set_str(&at, settings->host, (uint16_t)settings->port);
  if (err || settings->transport == PEER_TLS) return err ? err : re_add_tls(settings, &at);
  return sip_transp_add(re_sip, settings->transport == PEER_TCP ? SIP_TRANSP_TCP : SIP_TRANSP_UDP, &at);
}

bool stack_open(const peer_settings *settings) {
  re_settings = settings;
  libre_init();
  struct dnsc *names = re_names();
  int err = sip_alloc(&re_sip, names, RE_TABLE, RE_TABLE, RE_TABLE, NULL, NULL, NULL);
  mem_deref(names);
  if (!err) err = re_add_transport(settings);
  if (!err) err = sip_listen(NULL, re_sip, true, re_on_request, NULL);
  if (!err) err = sip_listen(NULL, re_sip, false, re_on_late_response, NULL);
  if (err) re_fprintf(stderr, "re: %s:%u: %m\n", settings->host, settings->port, err);
  else sip_set_trace_handler(re_sip, re_trace);
  return !err;
}

static void re_on_turn(int flags, void *arg) {
  (void)flags, (void)arg;
  peer_turn();
  re_turned();
}

void stack_run(int fd) {
  if (!fd_listen(fd, FD_READ, re_on_turn, NULL)) re_main(NULL);
  fd_close(fd);
}

void stack_close(void) {
  sip_close(re_sip, true);
  list_flush(&re_dialogs);
  re_sip = mem_deref(re_sip);
  libre_close();
}

int main(int argc, char **argv) { return peer_main(argc, argv); }
