/* SPDX-License-Identifier: MIT */
/* peer.h - a CPM client for the command line, and how a SIP stack is put under it. Everything that is not the stack stands in
 * examples/peer: commands and lines, contents, tickets, which procedure an event goes to, MSRP. An adapter of a stack implements the
 * stack_ functions and calls the peer_ functions, and its main is peer_main. One thread; no adapter sees a procedure or an effect.
 *
 *     effect SEND   ->  peer_message  ->  stack_request, stack_cancel      what came back  ->  peer_take_response
 *     effect REPLY  ->  peer_message  ->  stack_respond                    what came       ->  peer_take_request, _ack, _cancel
 *
 * The stack keeps to itself what docs/plug-it-in.md says: Via, Call-ID, CSeq, tags, Max-Forwards, Route, retransmissions, 100, the
 * ACK to what is not 2xx and to the answer of a re-INVITE, CANCEL until a provisional response came. It is given the rest as text,
 * which every stack can take.
 */
#ifndef PEER_H
#define PEER_H

#include <cpm/cpm.h>

enum { PEER_FIELDS = 64 };   /* header fields of a message that is taken */

/* What the command line says. Constant while the program runs. */
typedef enum peer_transport { PEER_UDP, PEER_TCP, PEER_TLS } peer_transport;
typedef struct peer_settings {
  const char    *user;             /* our address: sip:alice@example.test */
  peer_transport transport;        /* of SIP, */
  char           host[64];         /* and where we are reached */
  unsigned       port;
  char           contact[192];     /* the same as a URI: sip:alice@127.0.0.1:5071;transport=tcp. What Contact says */
  const char    *proxy;            /* URI of the next hop of everything outside of a dialog; NULL: the Request-URI says where it goes */
  const char    *tls_cert, *tls_key, *tls_ca;   /* files in PEM; NULL: none */
} peer_settings;

/* Lines of the message as the procedure wrote it, and its body. Borrowed until the call returns. */
typedef struct peer_message {
  cpm_sip_method method;           /* of a request; of a response that of the request */
  const char    *method_name;
  unsigned       status;           /* of a response; 0: a request */
  const char    *reason;           /* of a response */
  const char    *uri;              /* of a request outside of a dialog: Request-URI, without < >; else NULL */
  const char    *next;             /* the same: URI of the next hop, with its transport. The proxy, or what the Request-URI comes to */
  const char    *from, *to;        /* the same: whole values of From and To, without tags; else NULL */
  const char    *lines;            /* all other header fields, each line with its CR LF: Contact, Content-Type and what not. Never
                                      Via, Route, Call-ID, CSeq, Max-Forwards, Content-Length */
  cpm_str        body;             /* behind body.p[body.n] stands a 0 */
} peer_message;

/* A dialog, or what may become one. */
typedef struct peer_dialog {
  void *stack;                     /* the stack's; NULL at first */
  /* not the stack's: */
  struct peer_dialog *next;
  struct adapter_run *run;         /* whose it is; NULL: nobody's yet, or nobody's any more */
  uint32_t            leg;
  uint64_t            fork;        /* made by another 2xx than the first one: what effects call it; else 0 */
} peer_dialog;

/* A request of ours that waits for its final response. */
typedef struct peer_request {
  void               *stack;       /* the stack's; NULL at first */
  peer_dialog        *dialog;      /* that it is inside of, or opens; NULL: neither */
  bool                opens;       /* an INVITE that opens it */
  cpm_sip_method      method;
  /* not the stack's: */
  struct peer_request *next;
  struct adapter_run  *run;
  uint32_t             leg;
  bool                 over;
  void               (*took)(const cpm_sip *response);   /* of a request that no procedure sent */
  struct peer_draft   *draft;      /* as it was written, for credentials */
} peer_request;

/* A request that came and waits for our final response. */
typedef struct peer_incoming {
  void                 *stack;     /* the stack's, as peer_take_request got it */
  peer_dialog          *dialog;    /* the same */
  cpm_sip_method        method;
  /* not the stack's: */
  struct peer_incoming *next;
  struct adapter_run   *run;
  uint64_t              txn;
  bool                  over;
  int64_t               held;      /* a BYE that waits, since when; 0: it does not */
  cpm_sip               request;
  cpm_sip_field         fields[PEER_FIELDS];
  char                 *bytes;     /* what came, */
  char                 *undone;    /* its body without Content-Encoding; NULL: it had none */
  char                  identity[512];
} peer_incoming;

/* ---- what an adapter brings -------------------------------------------------------------------------------------- */

/* Opens what the settings ask for. False: that cannot be had; a line on stderr says why. */
bool stack_open(const peer_settings *settings);

/* The loop: moves the stack, and calls peer_turn when the descriptor can be read, until peer_over. */
void stack_run(int fd);

/* All dialogs were forgotten before; requests that still wait are there, and nothing is to be called for them. */
void stack_close(void);

/* Sends a request. Outside of a dialog m has uri, from and to; an INVITE then opens q->dialog (q->opens), whose `stack` is to be
 * set. Where it is set already, an INVITE that was refused is sent anew with credentials: the old one may go. Inside, what
 * q->dialog has says the rest. An ACK belongs to the 2xx of the INVITE of ours in that dialog; nothing comes back for it, and q
 * goes when this returns. False: it cannot be sent; peer_take_response is not called. It is not called before this returns. */
bool stack_request(peer_request *q, const peer_message *m);

/* Sends CANCEL for this INVITE: now, or when a provisional response has come. Its own response is the stack's; the INVITE's
 * comes as always. */
void stack_cancel(peer_request *invite, const peer_message *m);

/* The final response to t, and the only one; t goes when this returns. A 2xx to an INVITE makes t->dialog stand: the stack
 * repeats it until ACK comes. */
void stack_respond(peer_incoming *t, const peer_message *m);

/* Nobody wants the dialog any more; d goes when this returns. The stack itself answers what still comes in it: 200 to BYE, 481
 * to the rest. */
void stack_forget(peer_dialog *d);

/* ---- what it calls ----------------------------------------------------------------------------------------------- */

int  peer_main(int argc, char **argv);
bool peer_over(void);                       /* quit was said, and nothing is waited for */
void peer_turn(void);                       /* something can be read, or a timer is due */

/* A message is given as the octets that came, or the same written anew, and is borrowed until the call returns. A request, not
 * ACK, not CANCEL. d: the dialog it is inside of, or NULL; of an INVITE outside of one a new dialog of peer_dialog_new.
 * stack_respond may be called before this returns, and is called once in any case. NULL: it was called already. */
peer_incoming *peer_take_request(void *stack, peer_dialog *d, cpm_str message);
peer_dialog   *peer_dialog_new(void *stack);

/* The ACK to a 2xx of ours; a CANCEL of that INVITE, which the stack has answered with 200: stack_respond with 487 will follow. */
void peer_take_ack(peer_dialog *d, cpm_str message);
void peer_take_cancel(peer_incoming *t, cpm_str message);

/* A response, provisional (not 100) or final; absent: none came in time, or it could not be sent. q goes when a final one, or
 * none, was taken, but for a challenge: then stack_request is called with it anew before this returns. */
void peer_take_response(peer_request *q, cpm_str message);

/* Another 2xx to the INVITE that opened d (NULL: which nobody wants any more), of another dialog: its To has another tag. ACK
 * and BYE for it come as requests of the dialog that this returns, perhaps before it returns: `stack` is in it by then. */
peer_dialog *peer_take_fork(peer_dialog *d, void *stack, cpm_str message);

#endif
