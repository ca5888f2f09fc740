/* SPDX-License-Identifier: MIT */
/* sofia.c - cpmkit under Sofia-SIP: the adapter, whole.
 *
 * Of Sofia's layers this is nta: transactions and dialogs. It leaves header fields and bodies to whoever calls it, which is cpmkit
 * here; nua above it would write SDP, Contact and Allow of its own. What is what:
 *
 *     peer.h                    Sofia
 *     peer_dialog               sofia_dialog, which has an nta_leg_t: tags, CSeq, route set
 *     peer_request              nta_outgoing_t: retransmissions, timers B, C and F, ACK to a refusal
 *     peer_incoming             nta_incoming_t: what comes again is absorbed; 2xx is sent again until its ACK
 *     a message to be written   header lines by SIPTAG_HEADER_STR, body by SIPTAG_PAYLOAD
 *     a message that came       msg_as_string
 *     peer_turn                 one descriptor in su_root
 *
 * Whoever has a stack of another make needs four things to be right, and here they are: which request is inside of which dialog (the
 * leg that Sofia calls back with); that the ACK to a 2xx is the procedure's (sofia_ack keeps it for a 2xx that comes again); that
 * CANCEL is answered by Sofia and the INVITE by the procedure (NTATAG_CANCEL_487(0)); and that no answer at all is an answer too
 * (sofia_took_response gives none for what Sofia made up itself: 408, 503). What procedures do with all that is in
 * examples/shared/adapter.c, and how effects become messages in examples/peer/sip.c.
 */
#define _POSIX_C_SOURCE 200809L
#include "peer.h"
#define NTA_LEG_MAGIC_T      void
#define NTA_OUTGOING_MAGIC_T void
#define NTA_INCOMING_MAGIC_T void
#include <sofia-sip/msg.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_wait.h>
#include <sofia-sip/tport_tag.h>
#include <sofia-sip/url.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct sofia_dialog {
  peer_dialog    *d;
  nta_leg_t      *leg;
  nta_outgoing_t *invite;          /* ours that opened it, or the last one inside; NULL: none waits */
  nta_incoming_t *answered;        /* theirs, until its ACK; NULL: none */
  peer_incoming  *t;               /* the same, until our response */
  uint32_t        invited;         /* CSeq of our INVITE */
  char           *ack;             /* header lines of the ACK to its 2xx, once it was sent */
} sofia_dialog;

static su_root_t   *sofia_root;
static nta_agent_t *sofia_agent;
static nta_leg_t   *sofia_outside;  /* everything outside of dialogs */
static su_home_t    sofia_home[1] = { SU_HOME_INIT(sofia_home) };

static int sofia_took_request(void *of, nta_leg_t *leg, nta_incoming_t *irq, const sip_t *sip);

/* ---- messages ---------------------------------------------------------------------------------------------------- */

/* A message as octets: `free` it. msg is a reference of ours, and goes. */
static cpm_str sofia_message(msg_t *msg) {
  size_t n = 0;
  char *octets = msg ? msg_as_string(sofia_home, msg, NULL, 0, &n) : NULL;
  msg_destroy(msg);
  return cpm_str_of(octets, octets ? n : 0);
}

static void sofia_free(cpm_str message) { su_free(sofia_home, (char *)message.p); }

static sip_payload_t *sofia_body(const peer_message *m) {
  return m->body.n ? sip_payload_create(sofia_home, m->body.p, (issize_t)m->body.n) : NULL;
}

/* ---- dialogs ----------------------------------------------------------------------------------------------------- */

static sofia_dialog *sofia_dialog_new(nta_leg_t *leg) {
  sofia_dialog *s = calloc(1, sizeof *s);
  if (!s) abort();
  s->leg = leg;
  return s;
}

static void sofia_dialog_free(sofia_dialog *s) {
  if (!s) return;
  if (s->invite) nta_outgoing_destroy(s->invite);
  if (s->answered) nta_incoming_destroy(s->answered);
  nta_leg_destroy(s->leg);
  free(s->ack);
  free(s);
}

/* We invite: the leg has tags from the 2xx on. */
static sofia_dialog *sofia_open(const peer_message *m) {
  nta_leg_t *leg = nta_leg_tcreate(sofia_agent, NULL, NULL, SIPTAG_FROM_STR(m->from), SIPTAG_TO_STR(m->to), TAG_END());
  if (!leg) return NULL;
  nta_leg_tag(leg, NULL);
  sofia_dialog *s = sofia_dialog_new(leg);
  nta_leg_bind(leg, sofia_took_request, s);
  return s;
}

/* We are invited: From and To change sides, the tag of To is ours. */
static sofia_dialog *sofia_invited(nta_incoming_t *irq, const sip_t *sip) {
  nta_leg_t *leg = nta_leg_tcreate(sofia_agent, NULL, NULL, SIPTAG_FROM(sip->sip_to), SIPTAG_TO(sip->sip_from),
                                   SIPTAG_CALL_ID(sip->sip_call_id), TAG_END());
  if (!leg) return NULL;
  nta_leg_tag(leg, nta_incoming_tag(irq, NULL));
  nta_leg_server_route(leg, sip->sip_record_route, sip->sip_contact);
  sofia_dialog *s = sofia_dialog_new(leg);
  nta_leg_bind(leg, sofia_took_request, s);
  return s;
}

/* Another 2xx to our INVITE: a dialog beside the first one, with the same Call-ID and From. */
static sofia_dialog *sofia_forked(const sofia_dialog *first, const sip_t *sip) {
  nta_leg_t *leg = nta_leg_tcreate(sofia_agent, NULL, NULL, SIPTAG_FROM(sip->sip_from), SIPTAG_TO(sip->sip_to),
                                   SIPTAG_CALL_ID(sip->sip_call_id), SIPTAG_CSEQ(sip->sip_cseq), TAG_END());
  if (!leg) return NULL;
  nta_leg_tag(leg, sip->sip_from->a_tag);
  nta_leg_rtag(leg, sip->sip_to->a_tag);
  nta_leg_client_route(leg, sip->sip_record_route, sip->sip_contact);
  sofia_dialog *s = sofia_dialog_new(leg);
  s->invited = first->invited;
  nta_leg_bind(leg, sofia_took_request, s);
  return s;
}

void stack_forget(peer_dialog *d) { sofia_dialog_free(d->stack); }

/* ---- requests of ours -------------------------------------------------------------------------------------------- */

/* The ACK to a 2xx has the CSeq of its INVITE, and is a request that nobody answers. */
static bool sofia_ack(sofia_dialog *s, const char *lines) {
  sip_cseq_t *cseq = sip_cseq_create(sofia_home, s->invited, SIP_METHOD_ACK);
  nta_outgoing_t *ack = nta_outgoing_tcreate(s->leg, NULL, NULL, NULL, SIP_METHOD_ACK, NULL, SIPTAG_CSEQ(cseq),
                                             SIPTAG_HEADER_STR(lines), TAG_END());
  su_free(sofia_home, cseq);
  if (!ack) return false;
  nta_outgoing_destroy(ack);
  if (lines != s->ack) {
    free(s->ack);
    s->ack = strdup(lines);
  }
  return true;
}

static bool sofia_same_dialog(const sofia_dialog *s, const sip_t *sip) {
  const char *tag = nta_leg_get_rtag(s->leg);
  return tag && sip->sip_to && sip->sip_to->a_tag && !strcmp(tag, sip->sip_to->a_tag);
}

/* What still comes when our INVITE has its 2xx: the same again, whose ACK was lost, or the 2xx of another dialog. */
static int sofia_took_more(void *of, nta_outgoing_t *orq, const sip_t *sip) {
  sofia_dialog *s = of;
  if (!sip || nta_sip_is_internal(sip) || sip->sip_status->st_status / 100 != 2) return 0;
  if (sofia_same_dialog(s, sip)) return s->ack ? sofia_ack(s, s->ack), 0 : 0;
  sofia_dialog *other = sofia_forked(s, sip);
  const cpm_str message = sofia_message(nta_outgoing_getresponse(orq));
  if (other) other->d = peer_take_fork(s->d, other, message);
  sofia_free(message);
  return 0;
}

/* The first 2xx makes the dialog. */
static void sofia_stands(peer_request *q, const sip_t *sip) {
  sofia_dialog *s = q->dialog->stack;
  if (q->opens) nta_leg_rtag(s->leg, sip->sip_to->a_tag);
  nta_leg_client_route(s->leg, sip->sip_record_route, sip->sip_contact);
  nta_outgoing_bind(s->invite, sofia_took_more, s);
}

static int sofia_took_response(void *of, nta_outgoing_t *orq, const sip_t *sip) {
  peer_request *q = of;
  const unsigned status = sip ? (unsigned)sip->sip_status->st_status : 408;
  const bool invite = q->method == CPM_METHOD_INVITE;
  const bool none = !sip || nta_sip_is_internal(sip), good = !none && status / 100 == 2;
  if (status < 200 && (none || status == 100)) return 0;
  const cpm_str message = none ? cpm_str_none() : sofia_message(nta_outgoing_getresponse(orq));
  if (invite && good) sofia_stands(q, sip);
  if (status >= 200 && !(invite && good)) {
    if (invite) ((sofia_dialog *)q->dialog->stack)->invite = NULL;
    nta_outgoing_destroy(orq);
  }
  if (invite && good && !q->opens) sofia_ack(q->dialog->stack, "");      /* to the answer of a re-INVITE it is ours */
  peer_take_response(q, message);
  sofia_free(message);
  return 0;
}

static nta_outgoing_t *sofia_send(nta_leg_t *leg, peer_request *q, const peer_message *m) {
  sip_payload_t *body = sofia_body(m);
  const bool outside = leg == sofia_outside;
  nta_outgoing_t *orq = nta_outgoing_tcreate(leg, sofia_took_response, q, URL_STRING_MAKE(m->next), sip_method_code(m->method_name),
                                             m->method_name, URL_STRING_MAKE(m->uri), TAG_IF(outside, SIPTAG_FROM_STR(m->from)),
                                             TAG_IF(outside, SIPTAG_TO_STR(m->to)), SIPTAG_HEADER_STR(m->lines),
                                             SIPTAG_PAYLOAD(body), TAG_END());
  su_free(sofia_home, body);
  return orq;
}

static bool sofia_invite(peer_request *q, const peer_message *m) {
  if (q->opens) {
    sofia_dialog_free(q->dialog->stack);
    q->dialog->stack = sofia_open(m);
  }
  sofia_dialog *s = q->dialog->stack;
  if (s) s->d = q->dialog;
  nta_outgoing_t *orq = s ? sofia_send(s->leg, q, m) : NULL;
  if (!orq) return false;
  if (s->invite) nta_outgoing_destroy(s->invite);
  s->invite = orq;
  s->invited = nta_outgoing_cseq(orq);
  return true;
}

bool stack_request(peer_request *q, const peer_message *m) {
  if (q->method == CPM_METHOD_INVITE) return sofia_invite(q, m);
  sofia_dialog *s = q->dialog ? q->dialog->stack : NULL;
  if (q->method == CPM_METHOD_ACK) return s && sofia_ack(s, m->lines);
  return sofia_send(s ? s->leg : sofia_outside, q, m) != NULL;
}

/* Sofia holds it until a provisional response comes. */
void stack_cancel(peer_request *invite, const peer_message *m) {
  sofia_dialog *s = invite->dialog->stack;
  if (s->invite) nta_outgoing_tcancel(s->invite, NULL, NULL, SIPTAG_HEADER_STR(m->lines), TAG_END());
}

/* ---- requests that came ------------------------------------------------------------------------------------------ */

/* ACK and CANCEL of an INVITE; without a message its ACK did not come in time. */
static int sofia_took_ack(void *of, nta_incoming_t *irq, const sip_t *sip) {
  sofia_dialog *s = of;
  const sip_method_t method = sip ? sip->sip_request->rq_method : sip_method_unknown;
  const cpm_str message = sip ? sofia_message(nta_incoming_getrequest_ackcancel(irq)) : cpm_str_none();
  if (method == sip_method_cancel && s->t) peer_take_cancel(s->t, message);
  if (method == sip_method_ack || !sip) {
    s->answered = NULL;
    nta_incoming_destroy(irq);
  }
  if (method == sip_method_ack) peer_take_ack(s->d, message);
  sofia_free(message);
  return 0;
}

static sofia_dialog *sofia_take_invite(nta_incoming_t *irq, const sip_t *sip, sofia_dialog *s) {
  if (!s) s = sofia_invited(irq, sip);
  else nta_leg_server_route(s->leg, sip->sip_record_route, sip->sip_contact);
  if (!s) return NULL;
  if (!s->d) s->d = peer_dialog_new(s);
  nta_incoming_treply(irq, SIP_100_TRYING, TAG_END());
  nta_incoming_bind(irq, sofia_took_ack, s);
  return s;
}

/* A status that is returned is what Sofia answers itself. `of`: the dialog of the leg; of those outside NULL. */
static int sofia_took_request(void *of, nta_leg_t *leg, nta_incoming_t *irq, const sip_t *sip) {
  sofia_dialog *s = of;
  const sip_method_t method = sip->sip_request->rq_method;
  (void)leg;
  if (method == sip_method_ack) return 0;
  if (method == sip_method_cancel || (!s && sip->sip_to->a_tag)) return 481;
  if (method == sip_method_invite && s && (s->t || s->answered)) return 491;
  if (method == sip_method_invite && (s = sofia_take_invite(irq, sip, s)) == NULL) return 500;
  const cpm_str message = sofia_message(nta_incoming_getrequest(irq));
  peer_incoming *t = peer_take_request(irq, s ? s->d : NULL, message);
  if (t && method == sip_method_invite) s->t = t;
  sofia_free(message);
  return 0;
}

void stack_respond(peer_incoming *t, const peer_message *m) {
  nta_incoming_t *irq = t->stack;
  sofia_dialog *s = t->dialog ? t->dialog->stack : NULL;
  sip_payload_t *body = sofia_body(m);
  nta_incoming_treply(irq, (int)m->status, m->reason, SIPTAG_HEADER_STR(m->lines), SIPTAG_PAYLOAD(body), TAG_END());
  su_free(sofia_home, body);
  const bool invite = m->method == CPM_METHOD_INVITE && s;
  if (invite) s->t = NULL;
  if (invite && m->status / 100 == 2) s->answered = irq;      /* until its ACK */
  else nta_incoming_destroy(irq);
}

/* ---- TLS: Sofia wants its files in a folder, by name ------------------------------------------------------------- */

static char sofia_folder[] = "/tmp/sofia-peer-XXXXXX", sofia_path[64];

static const char *sofia_file(const char *name) {
  snprintf(sofia_path, sizeof sofia_path, "%s/%s", sofia_folder, name);
  return sofia_path;
}

/* Certificate and key one behind the other. */
static bool sofia_put(const char *name, const char *from, const char *mode) {
  char octets[65536];
  FILE *in = from ? fopen(from, "r") : NULL, *out = fopen(sofia_file(name), mode);
  const size_t n = in ? fread(octets, 1, sizeof octets, in) : 0;
  const bool good = out && (!from || n) && fwrite(octets, 1, n, out) == n;
  if (in) fclose(in);
  if (out) fclose(out);
  return good;
}

static bool sofia_secure(const peer_settings *s) {
  if (s->transport != PEER_TLS) return true;
  if (mkdtemp(sofia_folder) && sofia_put("agent.pem", s->tls_cert, "w") && sofia_put("agent.pem", s->tls_key, "a") &&
      sofia_put("cafile.pem", s->tls_ca ? s->tls_ca : s->tls_cert, "w")) return true;
  perror("peer: --tls-cert, --tls-key, --tls-ca");
  return false;
}

static void sofia_insecure(void) {
  remove(sofia_file("agent.pem"));
  remove(sofia_file("cafile.pem"));
  remove(sofia_folder);
}

/* ---- opening and closing ----------------------------------------------------------------------------------------- */

bool stack_open(const peer_settings *settings) {
  static const char *const transports[] = { "udp", "tcp", "tls" };
  char url[256];
  const bool v6 = strchr(settings->host, ':') != NULL, tls = settings->transport == PEER_TLS;
  snprintf(url, sizeof url, "%s:%s%s%s:%u;transport=%s", tls ? "sips" : "sip", v6 ? "[" : "", settings->host, v6 ? "]" : "",
           settings->port, transports[settings->transport]);
  su_init();
  sofia_root = su_root_create(NULL);
  if (!sofia_root || !sofia_secure(settings)) return false;
  su_root_threading(sofia_root, 0);
  sofia_agent = nta_agent_create(sofia_root, URL_STRING_MAKE(url), NULL, NULL, NTATAG_UA(1), NTATAG_CANCEL_487(0),
                                 NTATAG_MERGE_482(1), NTATAG_UDP_MTU(65535), NTATAG_USE_NAPTR(0), NTATAG_USE_SRV(0), TAG_IF(tls, TPTAG_CERTIFICATE(sofia_folder)),
                                 TAG_IF(tls && settings->tls_ca, TPTAG_TLS_VERIFY_POLICY(TPTLS_VERIFY_ALL)), TAG_END());
  if (tls) sofia_insecure();
  if (!sofia_agent) {
    fprintf(stderr, "peer: Sofia-SIP cannot open %s\n", url);
    return false;
  }
  sofia_outside = nta_leg_tcreate(sofia_agent, sofia_took_request, NULL, NTATAG_NO_DIALOG(1), TAG_END());
  return sofia_outside != NULL;
}

static int sofia_turn(su_root_magic_t *root, su_wait_t *wait, su_wakeup_arg_t *arg) {
  (void)root, (void)wait, (void)arg;
  peer_turn();
  return 0;
}

void stack_run(int fd) {
  su_wait_t wait = SU_WAIT_INIT;
  su_wait_create(&wait, fd, SU_WAIT_IN);
  const int index = su_root_register(sofia_root, &wait, sofia_turn, NULL, 0);
  while (index >= 0 && !peer_over()) su_root_step(sofia_root, 100);
  su_root_deregister(sofia_root, index);
}

void stack_close(void) {
  nta_leg_destroy(sofia_outside);
  nta_agent_destroy(sofia_agent);
  su_root_destroy(sofia_root);
  su_home_deinit(sofia_home);
  su_deinit();
}

int main(int argc, char **argv) { return peer_main(argc, argv); }
