/* SPDX-License-Identifier: MIT */
/* procedure.h - running the procedures of OMA CPM: agent, block, event, effect.
 *
 *     cpm_proc_step(proc, &agent, &event, &diag);
 *     while (cpm_proc_effect(proc, &agent, buf, cap, &effect) == CPM_OK) {
 *       host_does(&effect);          // send it, start the timer, ask the database ...
 *       cpm_proc_did(proc);
 *     }
 *
 * A procedure (cpm_proc) is one flat block of the caller's memory without a pointer in it. It may be copied, written to a database
 * and resumed by another process of the same build (the block names the tables it runs on; others refuse it). One block is one
 * thread's at a time; different blocks share nothing that changes. Save the block after cpm_proc_step and after each
 * cpm_proc_did: after a crash the effect that was under way is given again with the same seq, never lost.
 *
 * Stack: cpm_proc_step uses less than 28 KiB, cpm_recipe_check (model.h) and what reads XML (imdn.h, iscomposing.h) less than 12 KiB,
 * everything else less than 5 KiB.
 */
#ifndef CPM_PROCEDURE_H
#define CPM_PROCEDURE_H

#include "msrp.h"
#include "resource_lists.h"
#include "sdp.h"
#include "sip.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the agent: who we are --------------------------------------------------------------------------------------- */

typedef enum cpm_role { CPM_ROLE_CLIENT, CPM_ROLE_PARTICIPATING, CPM_ROLE_CONTROLLING } cpm_role;

/* CPM_AGENT_TEXTS(name, doc): addresses are URIs without < >. Absent where nothing is provisioned. */
#define CPM_AGENT_TEXTS(X) \
  X(address,      "own CPM Address: what From says, of a function its own URI") \
  X(gruu,         "client: public GRUU, put into CPIM From (O-R46)") \
  X(contact,      "client: URI in Contact: where requests in its dialogs reach it; absent: gruu, else address") \
  X(instance,     "client: device id, +sip.instance of Contact without quotes and < >; not said where anonymity is asked for") \
  X(cf_uri,       "address of the Controlling Function, as provisioned") \
  X(exploder_uri, "EXPLODER-URI: the Controlling Function for 1-to-many messages") \
  X(isf_uri,      "function: the Interworking Selection Function") \
  X(deferred_uri, "client: where deferred messages are managed (O-R2)") \
  X(user_agent,   "User-Agent that requests carry: CPM-client/OMA2.2, then the host's products (O-R38)") \
  X(server,       "Server that responses carry: CPM-serv/OMA2.2 or the client's token, then the host's products") \
  X(host,         "warn-agent of Warning: own host name") \
  X(error_uri,    "URI for Error-Info; absent: no Error-Info (O-R48)") \
  X(accept,       "media types taken in a request, as Accept has them: message/cpim, text/plain") \
  X(accept_wrapped, "media types taken inside CPIM, the same way; absent: any") \
  X(media_address, "IP address where our MSRP is, as c= says it, without [ ]; absent: no procedure with media can run") \
  X(media_relays, "path of our MSRP relays as Use-Path has it (RFC 4976), the one that others reach first in front; absent: none (O-R90)") \
  X(fingerprint,  "of our certificate, as a=fingerprint has it: SHA-256 4A:AD:B9 ...; absent without media_secure")

/* CPM_AGENT_NUMBERS(name, default, min, max, doc) */
#define CPM_AGENT_NUMBERS(X) \
  X(release,               22,         10,     99,                   "CPM release that is spoken, times ten: 10, 20, 21, 22") \
  X(pager_limit,           1300,       0,      65535,                "octets of a finished CPIM message that may go in pager mode (O-R13)") \
  X(size_limit,            65535,      0,      UINT32_MAX,           "octets of a received body; above: 413 (O-R43). Of a message over MSRP that is made of notifications: O-R59") \
  X(max_recipients,        100,        0,      100000,               "recipients of an ad-hoc or 1-to-many message") \
  X(min_release,           0,          0,      99,                   "CPM release, times ten, that a User-Agent must name; 0: none is required") \
  X(no_answer_ms,          60000,      0,      600000,               "a fan-out waits so long for a first answer (O-R31)") \
  X(ack_wait_ms,           32000,      0,      64000,                "an answered originator's ACK is awaited so long: 64*T1 (O-R26)") \
  X(bye_fanin_ms,          20000,      0,      25000,                "a BYE is answered at the latest after this (O-R34)") \
  X(linger_ms,             30000,      0,      600000,               "content that still drains to a member is awaited so long") \
  X(msrp_wait_ms,          30000,      0,      600000,               "an MSRP response is awaited so long (RFC 4975 7.1.1)") \
  X(chunk_size,            65536,      1,      UINT32_MAX,           "octets of one SEND that is pushed; the host may cut it further") \
  X(reoffer_ms,            2500,       0,      4000,                 "a file that is through is taken out of a session that goes on after this; a refused change is tried again (O-R75)") \
  X(composing_idle_ms,     15000,      0,      600000,               "who changes nothing for so long does not compose any more (RFC 3994 3.2)") \
  X(composing_refresh_ms,  60000,      60000,  3600000,              "that the user composes is told again after so long, 60 s at least (RFC 3994 3.2); it counts for twice as long (O-R79)") \
  X(session_expires,       1800,       90,     86400,                "seconds of Session-Expires that are offered (RFC 4028)") \
  X(require_session_timer, 0,          0,      1,                    "1: an INVITE without Session-Expires;refresher=uac is refused (O-R8)") \
  X(send_delivered,        1,          0,      1,                    "0: `delivered` is never reported") \
  X(send_displayed,        1,          0,      1,                    "0: `displayed` is never reported") \
  X(use_cpim,              1,          0,      1,                    "0: payloads go without CPIM, and nothing is reported") \
  X(use_imdn,              1,          0,      1,                    "0: disposition notifications are neither asked for nor sent") \
  X(media_port,            2855,       1,      65535,                "TCP port of our MSRP") \
  X(media_secure,          0,          0,      1,                    "1: MSRP over TLS") \
  X(media_limit,           104857600,  0,      (UINT64_C(1) << 53),  "octets of a message or file that may come over MSRP, as a=max-size says; above: refused (O-R69)") \
  X(resume_files,          1,          0,      1,                    "1: a file transfer that was cut may be taken up again; 0: an INVITE for that is refused with 488") \
  X(answer_active,         1,          0,      1,                    "1: an offer with setup:actpass is answered with active: we connect; 0: with passive (O-R69)") \
  X(msrp_interop,          0,          0,      1,                    "1: with a peer without a=msrp-cema sessions are matched by session-id alone (S3-8.2.6)") \
  X(message_store,         0,          0,      1,                    "client: 1: there is a Message Store, and duplicates in it are looked for") \
  X(interworking_function, 0,          0,      1,                    "1: we are an interworking function: we alone report `interworking` (O-R44)")

typedef struct cpm_agent {
  cpm_role role;
#define CPM_AGENT_TEXT(name, doc) cpm_str name;
  CPM_AGENT_TEXTS(CPM_AGENT_TEXT)
#undef CPM_AGENT_TEXT
#define CPM_AGENT_NUMBER(name, value, min, max, doc) uint64_t name;
  CPM_AGENT_NUMBERS(CPM_AGENT_NUMBER)
#undef CPM_AGENT_NUMBER
} cpm_agent;

/* Defaults: numbers as above, texts absent. Texts are borrowed and must stay while a procedure runs with the agent. Share one
 * agent between procedures and threads as long as nobody changes it; change it only while no procedure has effects pending. */
void cpm_agent_init(cpm_agent *agent, cpm_role role);

/* Everything that a procedure will write is sound: no CR, LF, NUL; URIs can be read and have no headers (RFC 3261 19.1.1); user_agent
 * and server are products and comments, accept and accept_wrapped media types; instance fits between quotes; numbers in range;
 * address, user_agent, server and host present, of a client accept too. CPM_E_AGENT with diag->rule the name of what is wrong. Done once
 * by cpm_proc_init too. */
int cpm_agent_check(const cpm_agent *agent, cpm_diag *diag);

/* ---- events ------------------------------------------------------------------------------------------------------ */

/* CPM_EVENTS(name, kind, doc). kind: USER, REQUEST and RESPONSE (SIP), POLICY, TIMER, MEDIA, MSRP, STORE; INNER ones are raised
 * between call and legs and cannot be given from outside. */
#define CPM_EVENTS(X) \
  X(wish,            USER,     "the user wants something: which procedure is it?") \
  X(send,            USER,     "the user sends") \
  X(cancel,          USER,     "the user gives up") \
  X(online,          USER,     "the network is there again: what was kept back can go") \
  X(relay,           USER,     "dialogs of a session stand: pass media on between those that `joins` says, the members (O-R81)") \
  X(displayed,       USER,     "the user has seen the message that the ticket is for") \
  X(undeliverable,   USER,     "the message that the ticket is for could not be kept or shown") \
  X(interworked,     USER,     "the message that the ticket is for went on as SMS or MMS") \
  X(on_message,      REQUEST,  "MESSAGE received") \
  X(on_invite,       REQUEST,  "INVITE received") \
  X(on_reinvite,     REQUEST,  "INVITE or UPDATE received inside of a dialog that stands") \
  X(on_cancel,       REQUEST,  "CANCEL received") \
  X(on_ack,          REQUEST,  "ACK received") \
  X(on_bye,          REQUEST,  "BYE received") \
  X(on_subscribe,    REQUEST,  "SUBSCRIBE received") \
  X(on_notify,       REQUEST,  "NOTIFY received") \
  X(on_refer,        REQUEST,  "REFER received") \
  X(on_other,        REQUEST,  "a request with another method received") \
  X(message_1xx,     RESPONSE, "provisional response to our MESSAGE") \
  X(message_ok,      RESPONSE, "2xx to our MESSAGE") \
  X(message_fail,    RESPONSE, "3xx to 6xx to our MESSAGE") \
  X(message_timeout, RESPONSE, "no final response to our MESSAGE, or it could not be sent") \
  X(invite_1xx,      RESPONSE, "provisional response to our INVITE") \
  X(invite_ok,       RESPONSE, "2xx to our INVITE") \
  X(invite_fork,     RESPONSE, "2xx to our INVITE from another dialog than the first 2xx: it was forked; `dialog` names it (O-R85)") \
  X(invite_fail,     RESPONSE, "3xx to 6xx to our INVITE") \
  X(invite_timeout,  RESPONSE, "no final response to our INVITE, or it could not be sent") \
  X(reinvite_done,   RESPONSE, "final response to our INVITE inside a dialog, ACKed by the stack, or to our UPDATE, or none came") \
  X(bye_done,        RESPONSE, "final response to our BYE, or none came") \
  X(on_policy,       POLICY,   "answer to ASK") \
  X(media_up,        MEDIA,    "the media connection stands") \
  X(media_down,      MEDIA,    "the media connection broke or could not be made") \
  X(writable,        MEDIA,    "the media connection takes more bytes") \
  X(on_chunk,        MSRP,     "MSRP SEND received") \
  X(on_report,       MSRP,     "MSRP REPORT received") \
  X(on_octets,       MSRP,     "octets of a SEND came that has not ended yet") \
  X(msrp_ok,         MSRP,     "MSRP 200 for what was pushed") \
  X(msrp_fail,       MSRP,     "another MSRP response for what was pushed, or none") \
  X(on_loaded,       STORE,    "what FETCH asked for") \
  X(typing,          USER,     "the user changes what he composes") \
  X(content,         USER,     "a message with content went out; of another one: came from there") \
  X(established,     USER,     "a session stands: its media begin, as its session descriptions say") \
  X(on_object,       USER,     "an object of the Message Store that may be the message: its folder and MIME header fields as args") \
  X(timer_session,   TIMER,    "session timer") \
  X(timer_no_answer, TIMER,    "nobody answered in time") \
  X(timer_ack,       TIMER,    "no ACK in time") \
  X(timer_linger,    TIMER,    "waited long enough for the rest") \
  X(timer_response,  TIMER,    "no MSRP response in time") \
  X(timer_idle,      TIMER,    "the user has not changed anything for long") \
  X(timer_refresh,   TIMER,    "it is to be told again that somebody composes; was not told again") \
  X(timer_fanin,     TIMER,    "a BYE cannot be held any longer") \
  X(timer_reoffer,   TIMER,    "what has changed in the session is to be said") \
  /* leg to call */ \
  X(leg_answered,    INNER,    "a leg was answered") \
  X(leg_over,        INNER,    "a leg has ended") \
  X(leg_retry,       INNER,    "a leg has ended and its recipient is tried elsewhere") \
  X(client_left,     INNER,    "the served client closed the session") \
  X(client_lost,     INNER,    "the served client was lost") \
  X(far_left,        INNER,    "the far entity closed the session") \
  X(iwf_left,        INNER,    "an interworking function closed its part") \
  X(leg_chunk,       INNER,    "a leg brought a chunk that goes on") \
  X(leg_report,      INNER,    "a leg brought a REPORT that goes back") \
  /* call to legs */ \
  X(go,              INNER,    "start") \
  X(do_ack,          INNER,    "acknowledge") \
  X(do_cancel,       INNER,    "give up whatever is under way") \
  X(do_chunk,        INNER,    "pass the chunk on") \
  X(do_report,       INNER,    "pass the REPORT back") \
  X(do_flush,        INNER,    "nothing more comes: finish") \
  X(do_bye,          INNER,    "leave") \
  X(do_answer,       INNER,    "answer what was held") \
  X(do_part,         INNER,    "close the streams of the part that left")

typedef enum cpm_event_type {
#define CPM_EVENT_ENUM(name, kind, doc) CPM_EVENT_##name,
  CPM_EVENTS(CPM_EVENT_ENUM)
#undef CPM_EVENT_ENUM
  CPM_EVENT_COUNT
} cpm_event_type;

/* CPM_FIELDS(name, type, doc): what a procedure remembers. Those that an event may bring are its args: the captures of each
 * machine say which. NUMBER, FLAG; ENUM (values below); TXN, the host's handle of a SIP transaction; texts: TEXT, URI, ID
 * (cpm_id_decode), MEDIA and MEDIAS (a media type, a comma list of them), ADDRS (a comma list of
 * <URI>), PATH, SESSION and IDENT (MSRP URIs, the session-id of one, an identifier of MSRP); CONTENT, a run of content that the host holds; LIST,
 * recipients; KEPT, header fields of a request, or lines of a session description; PARTS, runs of the parts of a body; DOC, a document that was written once and that messages refer to; SPANS, what has come
 * of a message in chunks. */
#define CPM_FIELDS(X) \
  /* what the user wants */ \
  X(intent,          ENUM,    "message, large, session, join, rejoin, file, deferred, deferred_session or deferred_group") \
  X(target,          ENUM,    "one, adhoc, group or many") \
  X(to,              URI,    "URI of the recipient or of the pre-defined group") \
  X(from,            URI,    "registered CPM Address to be preferred as originator identity") \
  X(new_address,     URI,    "reply: address that the user typed in place of the sender's") \
  X(in_reply_to,     ID,    "Contribution-ID of the item that is answered; present: this is a reply") \
  X(recv_reply_to,   URI,    "Reply-To of the item that is answered") \
  X(recv_origin,     URI,    "authenticated originator of the item that is answered") \
  X(reply_to,        URI,    "where the user wants replies, if not at From") \
  X(anonymous,       FLAG,    "the user asks for anonymity") \
  X(expiry,          NUMBER,  "seconds after which the message is worthless") \
  X(members,         LIST,    "recipients of an ad-hoc or 1-to-many message") \
  X(conversation_id, ID,    "Conversation-ID; given: the message belongs to that conversation") \
  X(contribution_id, ID,    "Contribution-ID") \
  X(message_id,      ID,    "imdn.Message-ID") \
  X(report,          NUMBER,  "set of CPM_DISPOSITION bits that is asked for") \
  X(payload,         CONTENT, "what the user sends") \
  X(payload_type,    MEDIA,    "media type of the payload") \
  X(payload_types,   MEDIAS,    "multipart payload: the media types inside, comma-separated") \
  X(peer_no_cpim,    FLAG,    "the peer takes no CPIM (no_cpim was told): the payload goes without, and nothing is reported") \
  X(peer_no_imdn,    FLAG,    "the peer wants no disposition notifications") \
  /* what came back */ \
  X(message_uid,     ID,    "Message-UID: where the Message Store keeps the message") \
  X(status,          NUMBER,  "status code of the last response") \
  X(from_address,    TEXT,    "address of From, display name and all") \
  X(to_address,      TEXT,    "address of To, display name and all") \
  X(takes_cpim,      FLAG,    "Accept of the response takes message/cpim") \
  X(response,        KEPT,    "end-to-end header fields of the final response") \
  /* an object of the Message Store */ \
  X(stored_folder,   TEXT,    "the folder that it lies in: an address, or a Conversation-ID") \
  X(stored_conversation_id, ID, "its Conversation-ID") \
  X(stored_contribution_id, ID, "its Contribution-ID") \
  X(stored_in_reply_to, ID,   "its InReplyTo-Contribution-ID") \
  X(stored_message_id, ID,    "its IMDN-Message-ID") \
  X(stored_payload_type, TEXT, "its Payload-Type: advisory, two objects may differ in it and be the same") \
  /* a received request */ \
  X(request,         KEPT,    "its end-to-end header fields") \
  X(request_uri,     URI,    "its Request-URI") \
  X(addressed,       ENUM,    "whom it addresses: cf, exploder or group") \
  X(origin,          TXN,     "its transaction, to be answered") \
  X(tagged,          FLAG,    "Accept-Contact names the feature of this procedure") \
  X(to_tag,          FLAG,    "To has a tag: it belongs to a dialog") \
  X(asks_msg,        FLAG,    "it is for Pager Mode") \
  X(asks_largemsg,   FLAG,    "it is for Large Message Mode") \
  X(asks_deferred,   FLAG,    "it brings deferred messages") \
  X(asks_session,    FLAG,    "it is for a session") \
  X(asks_filetransfer, FLAG,  "it is for a file transfer") \
  X(selector,        FLAG,    "its SDP has a file-selector") \
  X(focus,           FLAG,    "its Contact is a conference focus") \
  X(referred,        FLAG,    "Referred-By is there") \
  X(from_deferred,   FLAG,    "From is deferred_uri") \
  X(asked_privacy,   FLAG,    "Privacy asks to hide the originator") \
  X(client_release,  NUMBER,  "CPM release, times ten, that User-Agent names") \
  X(body_ok,         FLAG,    "the body could be split into its parts") \
  X(body,            PARTS,   "its parts but for the recipient list") \
  X(body_type,       TEXT,    "Content-Type of the first of them") \
  X(history,         DOC,     "the recipient history that goes to every member, application/resource-lists+xml: written once") \
  X(list,            CONTENT, "its recipient list or recipient history, application/resource-lists+xml") \
  X(body_len,        NUMBER,  "octets of the body") \
  X(type_ok,         FLAG,    "the body is of a type that is accepted") \
  X(cpim_ok,         FLAG,    "the body is message/cpim that can be read") \
  X(is_cpim,         FLAG,    "the body says that it is message/cpim") \
  X(expired,         FLAG,    "its time was over when it came") \
  X(sender,          URI,    "authenticated originator") \
  X(referrer,        TEXT,   "the same as Referred-By says it: of a SIP and a TEL URI both (O-R56)") \
  X(referred_by,     URI,    "URI of Referred-By: who sent to the group") \
  X(content,         CONTENT, "the message itself, inside of CPIM") \
  X(content_type,    TEXT,    "its media type") \
  X(content_transfer_encoding, TEXT, "its Content-Transfer-Encoding; unset: as it stands") \
  X(offer,           KEPT,    "t, r, z and m lines of its session description, to be answered one by one") \
  X(media_line,      NUMBER,  "which of its m lines is ours, counted from 0") \
  X(answers_setup,   ENUM,    "a=setup of our answer: active, passive or silent") \
  X(direction,       NUMBER,  "direction of its media as the other side sees it: 1 it sends, 2 it receives, 3 both") \
  X(types_fit,       FLAG,    "we take what its accept-types and accept-wrapped-types name") \
  X(is_report,       FLAG,    "it is a disposition notification, or several") \
  X(reports,         NUMBER,  "notifications in it that can be read") \
  X(reports_len,     NUMBER,  "octets of a message whose head shows notifications alone, and is not all of it") \
  X(loads,           NUMBER,  "how often more than the head of the message was asked for") \
  X(body_encoding,   TEXT,    "Content-Encoding of the body, if it is not identity") \
  X(record_route,    ADDRS,   "imdn.IMDN-Record-Route, all of them in their order") \
  X(original_to,     URI,     "whom the sender meant: imdn.Original-To, else CPIM To") \
  X(sent_at,         NUMBER,  "CPIM DateTime, ms since 1970") \
  X(sent_at_text,    TEXT,    "CPIM DateTime as received") \
  X(subject,         TEXT,    "Subject") \
  X(report_to,       URI,    "where a notification goes: Request-URI") \
  X(report_for,      URI,    "whom it is for: the sender, as the network vouches for it") \
  X(report_id,       ID,    "imdn.Message-ID of our notification") \
  X(notice_id,       IDENT,  "its Message-ID in MSRP, where it goes over the session of the message") \
  X(breaks,          NUMBER, "how often the connection broke while the message was read") \
  X(reported,        ENUM,    "what was reported of it: failed, interworked_sms, interworked_mms, delivered or displayed") \
  X(legacy,          ENUM,    "interworked into: sms or mms") \
  /* a notification in it: a leg */ \
  X(document,        CONTENT, "the notification as it came, message/imdn+xml") \
  X(disposition,     ENUM,    "what it says of the message: sent, failed, interworked, delivered, displayed, or a side mark") \
  X(reported_id,     ID,      "imdn.Message-ID of the message that a notification is about") \
  X(recipient,       URI,     "whose notification it is: whom the network vouches for; of a function that we know recipient-uri (O-R59)") \
  X(claimed,         URI,     "recipient-uri: whose notification it says it is") \
  X(original_recipient, URI,  "original-recipient-uri: whom we sent the message to") \
  X(sent_by_us,      FLAG,    "a message with that id was sent by us to that recipient") \
  X(reached,         ENUM,    "how far the message was known to have come: sent to displayed, never a side mark; absent: nothing is known") \
  X(taken_before,    FLAG,    "this notification was taken before") \
  /* what the host answered */ \
  X(authorised,      FLAG,    "the originator may use this function") \
  X(group_allowed,   FLAG,    "group policy lets the originator send to the group") \
  X(anonymity_allowed, FLAG,  "anonymity is allowed to the originator here") \
  X(group_known,     FLAG,    "the group exists") \
  X(group_cpm,       FLAG,    "the group supports CPM") \
  X(list_ok,         FLAG,    "the recipient list could be read") \
  X(recipients,      NUMBER,  "number of recipients") \
  X(no_room,         FLAG,    "there are more recipients than the host has memory for (O-R88)") \
  X(interworking,    FLAG,    "policy allows interworking for this recipient") \
  X(seen_before,     FLAG,    "this imdn.Message-ID was shown before") \
  X(record_history,  FLAG,    "user preferences: the conversation history is recorded") \
  X(close_part,      FLAG,    "policy: only the leaving IWF's streams are closed") \
  X(offline_storage, FLAG,    "<allow-offline-storage> is true") \
  X(allow_store,     FLAG,    "<allow-store> is true") \
  X(allow_defer,     FLAG,    "<allow-defer> is true") \
  X(restart_allowed, FLAG,    "policy: long-lived group sessions may be restarted") \
  X(history_folder,  FLAG,    "a session history folder is in use") \
  X(group_session,   FLAG,    "this is a group session") \
  X(interworked,     FLAG,    "the session is interworked") \
  X(multi_device,    FLAG,    "policy: originated chat goes to all devices") \
  /* a leg */ \
  X(uri,             URI,    "whom the leg is for") \
  X(copy_control,    NUMBER,  "cpm_copy_control of the entry") \
  X(anonymize,       FLAG,    "the entry is to be shown as anonymous") \
  X(held,            TXN,     "a request of this leg, to be answered later") \
  X(setup,           ENUM,    "a=setup of the answer: passive, active or unusable") \
  X(path,            PATH,    "a=path of the other side") \
  X(reason,          ENUM,    "Reason of a BYE: none, 200, 410, 480 or another") \
  X(seen,            NUMBER,  "stored chunks that were replayed") \
  X(unacked,         NUMBER,  "chunks without response") \
  /* a session */ \
  X(session_id,   SESSION,    "our MSRP session-id") \
  X(group_uri,       URI,    "CPM Group Session Identity") \
  X(stored,          NUMBER,  "chunks that were stored") \
  X(session_timer,   FLAG,    "Session-Expires with refresher=uac was there") \
  X(size,            NUMBER,  "octets of the content: of the message, or of the file") \
  X(pushed,          NUMBER,  "octets of the message that went out") \
  X(acked,           NUMBER,  "octets of it that have their 200") \
  X(composed_at,     NUMBER,  "when the message was composed, ms since 1970") \
  X(bind_id,         IDENT,    "Message-ID in MSRP of the SEND that binds the connection") \
  X(session_interval, NUMBER, "seconds in Session-Expires that count now; 0: the session has no timer") \
  X(session_due,     NUMBER,  "seconds after which it is refreshed by us, or has not been refreshed in time") \
  X(we_refresh,      FLAG,    "we are its refresher") \
  X(peer_updates,    FLAG,    "Allow of the other side names UPDATE") \
  X(reinvites,       FLAG,    "the request inside of the dialog is an INVITE, not an UPDATE") \
  X(offered_path,    PATH,    "a=path of the offer in it") \
  X(peer_address,    TEXT,    "address in the c line of the other side") \
  X(peer_port,       NUMBER,  "its port") \
  X(peer_cema,       FLAG,    "its a=msrp-cema") \
  X(peer_secure,     FLAG,    "its media is TCP/TLS/MSRP") \
  X(peer_fingerprint, TEXT,   "its a=fingerprint") \
  X(chunk_message_id, IDENT,   "Message-ID in MSRP of the message that comes in chunks") \
  X(binds,           FLAG,    "the chunk that came last is a message of no octets") \
  X(chunk_type,      TEXT,    "its Content-Type in MSRP") \
  X(chunk_is,        ENUM,    "what the chunk that came last is: more, whole, again, binding, stray, mistyped, second, excessive, broken or aborted") \
  X(arrived,         SPANS,   "what has come of the message: its Message-ID in MSRP, its octets, those of them that are here") \
  X(chunk_success,   TEXT,    "its Success-Report, if that is yes") \
  X(chunk_failure,   TEXT,    "its Failure-Report, if that is not yes") \
  X(awaited_url,     TEXT,    "on a leg: the same of a message whose first chunk says so: what follows is kept until all of it is here") \
  X(external_url,    TEXT,    "where its content is, if that is to be fetched: message/external-body of access-type URL with action=fetch") \
  X(cpim_head,       CONTENT, "headers of the CPIM that it holds") \
  X(fetched,         CONTENT, "the content that was fetched for it") \
  X(fetched_type,    MEDIA,   "its media type") \
  X(heard,           ENUM,    "whose side the chunk or REPORT came from: user or far") \
  X(joins,           ENUM,    "what the members of relay are: client, device, far or iwf") \
  X(detour,          ENUM,    "the host was asked about interworking: it is tried once") \
  X(open_messages,   NUMBER,  "messages of the session that have begun, and whose chunks have not all come or have not all been answered") \
  X(own_path,        PATH,    "our MSRP URI, where it is not made of session_id") \
  X(answered_types,  TEXT,    "a=accept-types of an answer; of the call: of the answer that its own answer repeats") \
  X(answered_wrapped_types, TEXT, "its a=accept-wrapped-types") \
  X(contact,         TEXT,    "Contact of the received request") \
  X(media_ok,        FLAG,    "the other side's SDP has an m line of MSRP that can be read") \
  /* a file: a leg */ \
  X(file_selector,   TEXT,    "a=file-selector of the file: cpm_sdp_selector_decode") \
  X(file_type,       MEDIA,   "its media type") \
  X(file_transfer_id, TEXT,   "a=file-transfer-id") \
  X(file_disposition, TEXT,   "a=file-disposition: attachment, render or another") \
  X(file_date,       TEXT,    "a=file-date") \
  X(file_icon,       TEXT,    "a=file-icon: cid:...") \
  X(range_start,     NUMBER,  "octet that the transfer starts with, from 1; unset: the first one") \
  X(until,           NUMBER,  "octet that it ends with: size, or the stop of a=file-range; unset: not known") \
  X(received,        NUMBER,  "octets that are here: of a message in chunks all of them, of a file those without a gap from its first one on") \
  X(received_id,     TEXT,    "Message-ID in MSRP of the file that comes") \
  X(report_asked,    FLAG,    "its sender wants a success report") \
  X(proved,          NUMBER,  "octets that success reports speak of, without a gap") \
  X(success_report,  FLAG,    "success reports are asked for") \
  X(msrp_status,     NUMBER,  "status of the last MSRP response or REPORT; 0: none came") \
  X(file_is,         ENUM,    "what the host has of it: known, changed or unknown. Unset: nothing") \
  X(setup_said,      FLAG,    "the offer says a=setup") \
  X(files_ok,        NUMBER,  "m lines of the offer that are files which can come or go") \
  X(m_line,          TEXT,    "how an m line is written that is refused: media, port 0, protocol, formats") \
  X(lines,           NUMBER,  "set of the m lines of the other side, counted from 0, that have a port") \
  X(described_anew,  FLAG,    "the request inside of the dialog has a session description") \
  X(lines_fit,       FLAG,    "its description has as many m lines as there are legs") \
  X(described,       NUMBER,  "when we first described the session, ms since 1970") \
  X(versions,        NUMBER,  "how often we have described it anew") \
  X(resumes,         FLAG,    "a transfer that was cut is taken up again") \
  X(peer_device,     TEXT,    "device id of the other side: +sip.instance of its Contact, without quotes and < >") \
  X(accept_types,    TEXT,    "a=accept-types of the other side") \
  X(accept_wrapped_types, TEXT, "its a=accept-wrapped-types") \
  X(composing,       ENUM,    "active, idle or unreadable: does somebody compose a message?") \
  X(composing_type,  TEXT,    "what is composed: a media type, or the first half of one") \
  X(last_active,     NUMBER,  "when something was changed last, ms since 1970; 0: not known") \
  X(refresh,         NUMBER,  "seconds for which it counts that somebody composes") \
  X(peer_max_size,   NUMBER,  "its a=max-size: octets of one message; 0: it says none")

typedef enum cpm_field {
  CPM_FIELD_NONE = 0,
#define CPM_FIELD_ENUM(name, type, doc) CPM_FIELD_##name,
  CPM_FIELDS(CPM_FIELD_ENUM)
#undef CPM_FIELD_ENUM
  CPM_FIELD_COUNT
} cpm_field;

/* CPM_ENUMS(field, list): the values (name, doc) of each ENUM field, counted from 1. */
#define CPM_ENUMS(X) \
  X(intent, CPM_INTENTS) X(target, CPM_TARGETS) X(addressed, CPM_ADDRESSED) X(setup, CPM_SETUPS) X(reason, CPM_REASONS) \
  X(disposition, CPM_DISPOSITION_STATES) X(reached, CPM_REACHED) X(reported, CPM_REPORTS) X(legacy, CPM_LEGACIES) \
  X(answers_setup, CPM_ROLES_OF_SETUP) X(chunk_is, CPM_CHUNKS) X(file_is, CPM_FILES) \
  X(heard, CPM_HEARD) X(joins, CPM_SIDES) X(detour, CPM_DETOURS) X(composing, CPM_COMPOSINGS)
#define CPM_INTENTS(X)     X(message, "a standalone message in pager mode") X(large, "a standalone message in large mode") \
                           X(session, "a session, with `target`") X(join, "to join a group session") \
                           X(rejoin, "to come back to a group session") X(file, "a file transfer") \
                           X(deferred, "to handle deferred messages") X(deferred_session, "delivery of a deferred 1-1 session") \
                           X(deferred_group, "delivery of a deferred group session")
#define CPM_TARGETS(X)     X(one, "one CPM user or non-CPM principal") X(adhoc, "ad-hoc group") X(group, "pre-defined group") \
                           X(many, "1-to-many")
#define CPM_ADDRESSED(X)   X(cf, "the CF address") X(exploder, "the EXPLODER-URI") X(predefined, "any other address: a group")
#define CPM_SETUPS(X)      X(passive, "they listen") X(active, "they connect") X(unusable, "missing or contradictory")
#define CPM_REASONS(X)     X(none, "no Reason") X(completed, "SIP;cause=200") X(gone, "SIP;cause=410") \
                           X(unavailable, "SIP;cause=480") X(other, "another")
/* CPM_DISPOSITION_STATES and CPM_REPORTS: in the order in which the state of a message climbs (O-R42); from forbidden on they are side
 * marks. */
#define CPM_REACHED(X)     X(sent, "nothing is known of it") X(failed, "delivery has failed") X(interworked, "it went on as SMS or MMS") \
                           X(delivered, "the recipient has it") X(displayed, "it was shown")
#define CPM_DISPOSITION_STATES(X) \
                           CPM_REACHED(X) X(forbidden, "the recipient says nothing") X(error, "the recipient cannot say") \
                           X(processed, "an intermediary has it") X(stored, "an intermediary keeps it") \
                           X(other, "a notification that we do not know")
#define CPM_REPORTS(X)     X(failed, "delivery has failed") X(interworked_sms, "it went on as SMS") X(interworked_mms, "it went on as MMS") \
                           X(delivered, "it came") X(displayed, "it was shown")
#define CPM_LEGACIES(X)    X(sms, "SMS") X(mms, "MMS")
#define CPM_ROLES_OF_SETUP(X) X(active, "we connect") X(passive, "we wait for the connection") \
                           X(silent, "we wait, and say nothing of it: the offer has no a=setup")
#define CPM_CHUNKS(X)      X(more, "octets of the message, and more must come") X(whole, "the octets that were missing") \
                           X(again, "octets that are here already") X(binding, "no octets: it binds the connection") \
                           X(stray, "not of this session") X(mistyped, "of a type that is not taken") \
                           X(second, "of another message than the first one") X(excessive, "more than was offered or may come") \
                           X(broken, "Byte-Range or Message-ID is none, or contradicts those before") X(aborted, "the sender has given it up")
#define CPM_HEARD(X)       X(user, "the served user's: client or device") X(far, "the far entity's, or an interworking function's")
#define CPM_SIDES(X)       X(client, "the served client") X(device, "other devices of the served user") \
                           X(far, "the Controlling Function or the other user's Participating Function") X(iwf, "interworking functions")
#define CPM_DETOURS(X)     X(asked, "the host was asked")
#define CPM_FILES(X)       X(known, "the file of the selector, or what has come of it") X(changed, "another size or hash") \
                           X(unknown, "not there, or not any more")
#define CPM_COMPOSINGS(X)  X(active, "somebody composes") X(idle, "nobody does") X(unreadable, "it cannot be read")
#define CPM_VALUE_COMPOSING(name, doc) CPM_COMPOSING_##name,
#define CPM_VALUE_INTENT(name, doc) CPM_INTENT_##name,
#define CPM_VALUE_TARGET(name, doc) CPM_TARGET_##name,
#define CPM_VALUE_ADDRESSED(name, doc) CPM_ADDRESSED_##name,
#define CPM_VALUE_SETUP(name, doc) CPM_SETUP_##name,
#define CPM_VALUE_REASON(name, doc) CPM_REASON_##name,
#define CPM_VALUE_DISPOSITION(name, doc) CPM_DISPOSITION_##name,
#define CPM_VALUE_REPORTED(name, doc) CPM_REPORTED_##name,
#define CPM_VALUE_LEGACY(name, doc) CPM_LEGACY_##name,
#define CPM_VALUE_ANSWERS_SETUP(name, doc) CPM_ANSWERS_SETUP_##name,
#define CPM_VALUE_CHUNK_IS(name, doc) CPM_CHUNK_IS_##name,
#define CPM_VALUE_FILE_IS(name, doc) CPM_FILE_IS_##name,
#define CPM_VALUE_HEARD(name, doc) CPM_HEARD_##name,
#define CPM_VALUE_JOINS(name, doc) CPM_JOINS_##name,
#define CPM_VALUE_DETOUR(name, doc) CPM_DETOUR_##name,
enum { CPM_COMPOSING_0, CPM_COMPOSINGS(CPM_VALUE_COMPOSING) CPM_COMPOSING_COUNT };
enum { CPM_INTENT_0,    CPM_INTENTS(CPM_VALUE_INTENT)      CPM_INTENT_COUNT };
enum { CPM_TARGET_0,    CPM_TARGETS(CPM_VALUE_TARGET)      CPM_TARGET_COUNT };
enum { CPM_ADDRESSED_0, CPM_ADDRESSED(CPM_VALUE_ADDRESSED) CPM_ADDRESSED_COUNT };
enum { CPM_SETUP_0,     CPM_SETUPS(CPM_VALUE_SETUP)        CPM_SETUP_COUNT };
enum { CPM_REASON_0,    CPM_REASONS(CPM_VALUE_REASON)      CPM_REASON_COUNT };
enum { CPM_DISPOSITION_0, CPM_DISPOSITION_STATES(CPM_VALUE_DISPOSITION) CPM_DISPOSITION_COUNT };
enum { CPM_REPORTED_0,  CPM_REPORTS(CPM_VALUE_REPORTED)    CPM_REPORTED_COUNT };
enum { CPM_LEGACY_0,    CPM_LEGACIES(CPM_VALUE_LEGACY)     CPM_LEGACY_COUNT };
enum { CPM_ANSWERS_SETUP_0, CPM_ROLES_OF_SETUP(CPM_VALUE_ANSWERS_SETUP) CPM_ANSWERS_SETUP_COUNT };
enum { CPM_FILE_IS_0,   CPM_FILES(CPM_VALUE_FILE_IS)       CPM_FILE_IS_COUNT };
enum { CPM_CHUNK_IS_0,  CPM_CHUNKS(CPM_VALUE_CHUNK_IS)     CPM_CHUNK_IS_COUNT };
enum { CPM_HEARD_0,     CPM_HEARD(CPM_VALUE_HEARD)         CPM_HEARD_COUNT };
enum { CPM_JOINS_0,     CPM_SIDES(CPM_VALUE_JOINS)         CPM_JOINS_COUNT };
enum { CPM_DETOUR_0,    CPM_DETOURS(CPM_VALUE_DETOUR)      CPM_DETOUR_COUNT };

/* A field that an event brings. Texts are copied into the block and checked: CR, LF and NUL are CPM_E_INJECTION, what is not of the
 * field's type is CPM_E_VALUE, a URI with headers too: it may become a Request-URI (RFC 3261
 * 19.1.1). The same text in a received message leaves the field unset. `setup` and `path` come from the SDP of the message; where it
 * is captured they are taken as args too, from a host that reads SDP with a parser of its own. */
typedef struct cpm_arg {
  cpm_field field;
  cpm_str   text;      /* TEXT, URI, ID, MEDIA, MEDIAS, PATH, SESSION, IDENT, ADDRS */
  int64_t   number;    /* NUMBER, FLAG (0, 1), ENUM */
  uint64_t  item, off, len;   /* CONTENT: the host's handle, where it starts in it, octets; off and len below 2^62 */
} cpm_arg;

/* A file that goes to the other side, or is fetched from it (RFC 5547): an m line of its own, and a leg. Texts are borrowed until the
 * step returns. */
#define CPM_FILES_MAX 16u
typedef struct cpm_file {
  bool             pull;          /* it comes from the other side; what stands in the selector says which one */
  cpm_sdp_selector selector;      /* pushed: type and size must be there, the size not 0; fetched: one of the four. The name as
                                     cpm_sdp_file_name_encode writes it, hashes as "hash:sha-1:72:24:5F ..." */
  cpm_str          transfer_id;   /* a token; absent: one is made */
  cpm_str          disposition, date, icon;   /* as a=file-disposition, a=file-date and a=file-icon have them; absent: not said */
  uint64_t         from;          /* octets that are there already: it is taken up behind them */
  uint64_t         item;          /* pushed: the host's handle of the content, whose first octet is that of the file */
} cpm_file;

#define CPM_NO_LEG UINT32_MAX
#define CPM_RANDOM_NEED 96u
#define CPM_HEAD_NEED 16384u   /* octets of cpm_event.head: what stands in a CPIM before its content lies in them, or is not read */

typedef struct cpm_event {
  cpm_event_type   type;
  uint32_t         leg;       /* the leg of the effect that this answers, or of the dialog it came in; CPM_NO_LEG: the call's own */
  uint32_t         from;      /* on_loaded of a chunk that a leg brought: that leg; else CPM_NO_LEG */
  uint64_t         txn;       /* REQUEST: the host's handle of the server transaction; REPLY names it again */
  int64_t          now;       /* ms since 1970 UTC; for Date, DateTime and expiry only */
  cpm_str          random;    /* CPM_RANDOM_NEED bytes from a good source if cpm_random_need says so; borrowed */
  const cpm_sip   *sip;       /* REQUEST, RESPONSE (NULL when none came): the message; borrowed until the step returns */
  uint64_t         item;      /* the host's handle of sip->body, or of the chunk or stored thing: effects name it again */
  uint64_t         len;       /* MSRP, STORE: octets; msrp_ok: those that have their 200; writable: as many may go, 0: no limit */
  const cpm_msrp  *msrp;      /* on_chunk, and on_loaded of a chunk: its head, `flag` that of its end-line; msrp_fail: the response, NULL
                                 when none came; borrowed until the step returns. CPM_E_ARG if no reader of MSRP gives such
                                 a Byte-Range, Content-Type (a SEND with octets has one) or flag */
  cpm_str          head;      /* on_loaded of a message: its first octets, as many as FETCH asked for, or all if it has fewer (len). on_chunk, and what brings a chunk again:
                                 all of its octets, where content in it is to be fetched. Borrowed */
  const cpm_arg   *args;
  size_t           nargs;
  uint64_t         dialog;    /* invite_fork: the host's handle of that dialog, not 0; effects in it name it again. Else 0 */
  const cpm_entry *members;   /* recipients: of `send`, and of `on_policy` where the question asks for them */
  size_t           nmembers;
  const cpm_file  *files;     /* of `send` of a file transfer; each becomes a leg, in this order. CPM_FILES_MAX at most */
  size_t           nfiles;
} cpm_event;

/* An event with everything empty and no leg. */
void cpm_event_init(cpm_event *event, cpm_event_type type);

/* The event that a received request, or a response to a request of ours with that method, is: on_message, message_ok ...
 * status 0 in a RESPONSE means that no final response came. CPM_EVENT_COUNT if there is none; of a request there always is one. `_inside`: of a
 * dialog that stands, where INVITE and UPDATE are another event than an INVITE that opens one. Another 2xx to an INVITE is CPM_EVENT_invite_fork: method and status
 * do not tell. */
cpm_event_type cpm_event_of_request(cpm_sip_method method);
cpm_event_type cpm_event_of_response(cpm_sip_method method, unsigned status);
cpm_event_type cpm_event_of_request_inside(cpm_sip_method method);
cpm_event_type cpm_event_of_response_inside(cpm_sip_method method, unsigned status);

/* Bytes of event.random that this event of this machine needs: 0 or CPM_RANDOM_NEED. */
struct cpm_machine;
size_t cpm_random_need(const struct cpm_machine *machine, cpm_event_type type);

const char *cpm_event_name(cpm_event_type type);   /* "on_message", or "?". Constant. */
const char *cpm_field_name(cpm_field field);

/* ---- effects ----------------------------------------------------------------------------------------------------- */

/* CPM_EFFECTS(name, doc) */
#define CPM_EFFECTS(X) \
  X(SEND,    "send the request `sip` on `leg`: outside of a dialog, or ACK, CANCEL, BYE, re-INVITE in the leg's dialog") \
  X(REPLY,   "answer the transaction `txn` with the final response `sip`") \
  X(PUSH,    "send an MSRP SEND, or a REPORT, on the leg's connection") \
  X(ACCEPT,  "answer the chunk `item` with MSRP status `code`, if cpm_msrp_response_due says so") \
  X(CONNECT, "open the leg's media connection") \
  X(LISTEN,  "wait for the leg's media connection") \
  X(CLOSE,   "close the leg's media connection") \
  X(START,   "start the timer `id` with `number` ms; a running one of that name starts anew") \
  X(STOP,    "stop the timer `id`") \
  X(ASK,     "find the answers to the question `id` and give them with on_policy on the same leg") \
  X(STORE,   "keep `item` as `id` until DROP; a chunk_log no longer than to DONE") \
  X(FETCH,   "give the stored `id` number `number` back with on_loaded") \
  X(DROP,    "forget the stored `id`") \
  X(TELL,    "tell the user or the log `id`") \
  X(ENTER,   "start the procedure `id` with this event; if it is not there, answer a request or chunk with status `code`, if not 0") \
  X(DONE,    "the procedure is over: its timers and its chunk_log are void, its block may go; of what it pushed on a connection that stays " \
             "the rest is not written, and an open chunk ends with `#`")

typedef enum cpm_effect_kind {
  CPM_EFFECT_NONE = 0,
#define CPM_EFFECT_ENUM(name, doc) CPM_EFFECT_##name,
  CPM_EFFECTS(CPM_EFFECT_ENUM)
#undef CPM_EFFECT_ENUM
  CPM_EFFECT_COUNT
} cpm_effect_kind;

/* CPM_TIMERS(name, agent number that gives its length, doc) */
#define CPM_TIMERS(X) \
  X(session, session_expires, "session timer (RFC 4028)") X(no_answer, no_answer_ms, "nobody answers") \
  X(idle, composing_idle_ms, "nothing is composed any more") X(refresh, composing_refresh_ms, "who composes is told again, or is to be") \
  X(ack, ack_wait_ms, "no ACK comes") X(linger, linger_ms, "content drains") X(fanin, bye_fanin_ms, "a BYE is held") \
  X(response, msrp_wait_ms, "no response to what was pushed") X(reoffer, reoffer_ms, "a change of the session is to be said")

/* CPM_NOTICES(name, doc): what TELL tells; the fields to read with it are named. */
#define CPM_NOTICES(X) \
  X(accepted,    "the next hop took the message (200 or 202: not yet delivered, O-R18); status") \
  X(stored_as,   "the Message Store keeps it; message_uid") \
  X(not_stored,  "no Message-UID came (S4-7.2.1.1-19). Not over yet, with message_store: give on_object for what the Message Store " \
                 "has, until `duplicate` or cancel; else look for duplicates on your own") \
  X(failed,      "it was not taken; status, 0 when no answer came") \
  X(no_cpim,     "the peer takes no CPIM: send it no CPIM and no notification until told otherwise (O-R50)") \
  X(too_large,   "larger than pager mode may be: start client/large-send with it") \
  X(received,    "a message for the user; content, content_type, content_transfer_encoding, sender, referred_by, list (the " \
                 "other recipients), conversation_id, contribution_id, message_id, sent_at") \
  X(notification,"what became of a message that we sent; on the leg: reported_id, recipient, claimed, original_recipient, disposition, legacy, reached") \
  X(side_mark,   "the same for forbidden, error, processed, stored or another: no step of the ladder") \
  X(report_unknown, "a notification of a message that we have not sent; on the leg: the same") \
  X(report_unread, "a notification that cannot be read: document on the leg; without a leg content, content_type, " \
                 "content_transfer_encoding; sender") \
  X(not_asked,   "notifications were wanted, and agent or peer has them switched off: none was asked for") \
  X(duplicate,   "the object of the Message Store is the message that was sent; message_uid") \
  X(not_reported,"a notification that was asked for has nowhere to go (O-R45)") \
  X(report_kept, "a notification could not go out: keep the block and give `online` (O-R44)") \
  X(reported,    "the notification was taken by the next hop") \
  X(progress,    "octets have their 200: acked, size; of a message that comes: received, size") \
  X(unreadable,  "a message came whole that is no CPIM, or not of a type that we take: what is stored as `message`; sender") \
  X(proved,      "of a file: the other side has reported that all of it is there") \
  X(file_damaged,"of a file that has come: file_intact said that it is changed") \
  X(file_received, "of a file that comes: all of it is there. Hold it against the hash of its selector (cpm_proc_file)") \
  X(too_many,    "more recipients than max_recipients: nothing was sent") \
  X(cancelled,   "given up by the user") \
  X(composing,   "the other side composes a message; sender, composing_type, last_active") \
  X(composing_over, "it does not any more; sender") \
  X(composing_unread, "an indication of who composes that cannot be read; sender") \
  X(media_ready, "the connection of the session stands: messages can go") \
  X(media_lost,  "the connection of the session broke, or cannot be made: close the session; status") \
  X(session_gone,"the other side does not know the session any more: close it") \
  X(type_refused,"the other side takes no content of this type: nothing was sent; payload_type") \
  X(over_limit,  "larger than the other side takes: nothing was sent; size, peer_max_size") \
  X(session_over,"the session has ended") \
  X(refused,     "the request was refused; status")

/* CPM_QUESTIONS(name, doc): what ASK asks; the args of the answer are named. */
#define CPM_QUESTIONS(X) \
  X(pager_policy,     "may this message pass? read `list` (application/resource-lists+xml) or the group of request_uri: " \
                      "authorised, group_allowed (true where there is no such group), anonymity_allowed, group_known, " \
                      "group_cpm, list_ok, and members; or no_room, without members: CPM_E_SPACE came, and no larger block is to be had") \
  X(large_policy,     "the same for an INVITE") \
  X(interwork_policy, "may this recipient be reached by interworking? interworking") \
  X(seen_before,      "was message_id from sender shown before? seen_before; peer_no_cpim, peer_no_imdn if they are known") \
  X(sent_message,    "on the leg of a notification: did we send reported_id to recipient or original_recipient? sent_by_us, reached; " \
                     "taken_before: the notification with that message_id (of the call) was taken before. A message may hold several: " \
                     "note it as taken when the procedure is over") \
  X(file_wanted,      "on the leg of a file that the other side offers or wants (cpm_proc_file; pull: it offers): shall it come, or go? " \
                      "authorised; file_is; of a file that goes payload, and file_type if cpm_proc_file has none") \
  X(file_intact,      "on the leg of a file that has come: has it the hash of its selector? file_is changed: no; peer_no_cpim, peer_no_imdn if they are known") \
  X(incoming_policy,  "shall this message come? sender, referred_by, size, conversation_id, contribution_id: authorised") \
  X(originating_policy, "may the served user send this? authorised, anonymity_allowed, record_history") \
  X(session_policy,   "what do policy and preferences say of this session? close_part, offline_storage, allow_store, " \
                      "allow_defer, restart_allowed, history_folder") \
  X(external_content, "on the leg of a chunk, whose `external_url` says where its content is in the Message Storage Server: fetched, fetched_type; none: it " \
                      "is not to be had. The answer brings the chunk again: msrp, item, len, head")

/* CPM_ITEMS(name, doc): what STORE stores. A ticket outlives the procedure. */
#define CPM_ITEMS(X) X(failed_chunks, "chunks that were refused, and may go elsewhere") X(chunk_log, "chunks for members that are not there yet") X(session_record, "the session, S3 8.5.2") \
                     X(group_state, "Group State Object") X(ticket, "what cpm_ticket_encode gives now") \
                     X(history, "the message, for the conversation history") \
                     X(message, "octets of the message that comes, on a leg of the file: `number` says where they belong, counted from 0. FETCH: its first octets") \
                     X(loose_chunk, "a chunk of a message that comes between those of another one: put it together with cpm_msrp_join")

/* CPM_PROCEDURES(id, name, doc): what ENTER enters, and cpm_dispatch names. */
#define CPM_PROCEDURES(X) \
  X(pager_send,         "client/pager-send",          "sending in pager mode") \
  X(pager_receive,      "client/pager-receive",       "receiving in pager mode") \
  X(large_send,         "client/large-send",          "sending in large mode") \
  X(large_receive,      "client/large-receive",       "receiving in large mode") \
  X(session_invite,     "client/session-invite",      "starting a 1-1 session") \
  X(session_receive,    "client/session-receive",     "being invited to a session") \
  X(group_adhoc,        "client/group-adhoc",         "starting an ad-hoc group session") \
  X(group_predefined,   "client/group-predefined",    "starting a pre-defined group session") \
  X(group_joinin,       "client/group-joinin",        "joining a join-in group session") \
  X(group_rejoin,       "client/group-rejoin",        "coming back to a group session") \
  X(ft_send,            "client/ft-send",             "starting a file transfer") \
  X(ft_receive,         "client/ft-receive",          "being offered a file transfer") \
  X(chat_send,          "client/chat-send",           "a message in a session") \
  X(chat_receive,       "client/chat-receive",        "receiving a message in a session") \
  X(is_composing,       "client/is-composing",        "hearing who composes a message in a session") \
  X(deferred_handle,    "client/deferred-handle",     "handling deferred messages") \
  X(deferred_session,   "client/deferred-session",    "being brought a deferred 1-1 session") \
  X(deferred_group,     "client/deferred-group",      "being brought a deferred group session") \
  X(pager_originating,  "pf/pager-originating",       "a message in pager mode from the served client") \
  X(cf_pager,           "cf/pager",                   "a message in pager mode to many") \
  X(cf_large,           "cf/large",                   "a message in large mode to many")

#define CPM_ENUM2(prefix, name) CPM_##prefix##_##name
#define CPM_PROCEDURE_ENUM(id, name, doc) CPM_ENUM2(PROCEDURE, id),
enum { CPM_PROCEDURES(CPM_PROCEDURE_ENUM) CPM_PROCEDURE_COUNT };
#define CPM_TIMER_ENUM(name, length, doc) CPM_ENUM2(TIMER, name),
#define CPM_NOTICE_ENUM(name, doc) CPM_ENUM2(NOTICE, name),
#define CPM_QUESTION_ENUM(name, doc) CPM_ENUM2(QUESTION, name),
#define CPM_ITEM_ENUM(name, doc) CPM_ENUM2(ITEM, name),
enum { CPM_TIMERS(CPM_TIMER_ENUM) CPM_TIMER_COUNT };
enum { CPM_NOTICES(CPM_NOTICE_ENUM) CPM_NOTICE_COUNT };
enum { CPM_QUESTIONS(CPM_QUESTION_ENUM) CPM_QUESTION_COUNT };
enum { CPM_ITEMS(CPM_ITEM_ENUM) CPM_ITEM_COUNT };

/* A media connection: of CONNECT and LISTEN. */
typedef struct cpm_effect_media {
  cpm_msrp_target target;        /* CONNECT: where to; both: TLS or not, and how URIs are compared */
  bool            relayed;       /* target is the nearest of media_relays: the connection to it that AUTH came on serves, of LISTEN too */
  cpm_str         local_path;    /* our relays and our URI: To-Path of what will come is the last one */
  cpm_str         remote_path;   /* a=path of the other side */
  cpm_str         fingerprint;   /* of its certificate; absent without */
} cpm_effect_media;

typedef struct cpm_effect {
  cpm_effect_kind kind;
  uint32_t        leg;       /* CPM_NO_LEG: the call's own */
  uint64_t        seq;       /* counts effects of this procedure from 0; the same effect always has the same */
  uint64_t        txn;       /* REPLY */
  uint64_t        dialog;    /* SEND: 0: of `leg`; else that of the event invite_fork, which this ACK or BYE belongs to */
  unsigned        code;      /* REPLY: status of the response; ACCEPT: MSRP status; ENTER: see there */
  unsigned        id;        /* START, STOP, ASK, STORE, FETCH, DROP, TELL, ENTER: enum above */
  const char     *name;      /* its name; SEND, REPLY, PUSH: the recipe's. Constant */
  uint64_t        number;    /* START: ms; FETCH: which, of `message` how many octets of its head, 0: CPM_HEAD_NEED; STORE of `message`: where the octets of `item` belong in it */
  uint64_t        item;      /* ACCEPT, STORE, and PUSH of what is passed on: the event's; of `history` the one that came with the message */
  const char     *spec;      /* "S4-9.1.1-": what the ids of `clauses` stand behind, unless they start with S<n>- or O- */
  const char     *clauses;   /* requirement ids that the row answers for, separated by SP. Constant */
  cpm_effect_media media;    /* CONNECT, LISTEN */
  cpm_msrp        msrp;      /* PUSH: the head, for cpm_msrp_encode, or cpm_msrp_chunk_open in pieces; the transaction id is the host's. flag, with
                                content too: of the end-line behind its last octet: '$' the message ends there, '+' more of it follows, '#' it was
                                given up */
  cpm_piece       content[CPM_SIP_PIECES];   /* PUSH: what goes with it, in order */
  size_t          ncontent;
  cpm_sip         sip;       /* SEND, REPLY: fields and values lie in buf, pieces of the body in the block too. The stack adds Via, Call-ID, CSeq, tags, Max-Forwards,
                                Contact where it is mandatory and absent, Route of its dialog */
} cpm_effect;

const char *cpm_effect_name(cpm_effect_kind kind);

/* ---- the block --------------------------------------------------------------------------------------------------- */

typedef struct cpm_machine cpm_machine;
typedef struct cpm_proc cpm_proc;

/* Of blocks and of buffers for effects. An array of uint64_t has it on most machines; i386 and its like align that to 4 in structs and on the
 * stack, so put alignas(CPM_PROC_ALIGN) before it there. */
#define CPM_PROC_ALIGN 8u

/* Machines: every procedure of this build, in the order of the documents. NULL past the last one, and for an unknown name. */
const cpm_machine *cpm_machine_at(size_t index);
const cpm_machine *cpm_machine_named(const char *name);   /* "client/pager-send" */
const char        *cpm_machine_name(const cpm_machine *machine);

/* Bytes that a block needs for `text` octets of captured text (header values, URIs, the kept request; of a machine with the field
 * `history` the URI of each recipient twice) and `legs` legs. A text that is
 * given anew counts twice, as each arg of on_object does. Legs: recipients, and notifications in one received message, of which a
 * peer may send hundreds: when that step is CPM_E_SPACE, cpm_proc_grow, or refuse the request. 0 if it cannot be (over 4 GiB). */
size_t cpm_proc_size(const cpm_machine *machine, size_t text, uint32_t legs);

/* Makes a block in caller-owned memory, aligned to CPM_PROC_ALIGN. CPM_E_SPACE: size too small; CPM_E_ARG: alignment or over
 * 4 GiB; CPM_E_AGENT. */
int cpm_proc_init(void *mem, size_t size, const cpm_machine *machine, const cpm_agent *agent, cpm_diag *diag);

/* Is this memory (from a database, from another process), aligned to CPM_PROC_ALIGN, a block that this build can go on with? Looks
 * at every offset and every record; reads only inside size. CPM_E_BLOCK with diag->rule what is wrong. A block that passes cannot
 * make any call below read or write outside of it. Handles, offsets and lengths of content are the host's own numbers coming back,
 * and cpm_proc_need is the block's own word: who does not trust the store checks them before use. */
int cpm_proc_check(const void *mem, size_t size, cpm_diag *diag);

/* Takes the event, whole or not at all. CPM_OK: effects may follow. CPM_IGNORED: no row takes it. CPM_LATE: an answer nobody waits
 * for any more. Errors: CPM_E_BUSY (effects pending), CPM_E_ARG (an event, arg or leg that does not belong), CPM_E_RANDOM,
 * CPM_E_SPACE (block too small, diag->need bytes), CPM_E_INJECTION, CPM_E_MISSING (a value that a SHALL needs; diag->clause),
 * CPM_E_VALUE, CPM_E_TOO_MANY, CPM_E_BLOCK. On anything but CPM_OK the block is as it was, byte for byte. */
int cpm_proc_step(cpm_proc *proc, const cpm_agent *agent, const cpm_event *event, cpm_diag *diag);

/* The effect that is due, composed into buf. Pure: the same bytes and seq each time until cpm_proc_did. CPM_END: none is due.
 * CPM_E_SPACE: cap is below cpm_proc_need. buf is a caller-owned buffer aligned to CPM_PROC_ALIGN; what *effect names lies there and in the
 * block, so both must stay as long as it is used. No other error can come after a step that gave CPM_OK. */
int cpm_proc_effect(const cpm_proc *proc, const cpm_agent *agent, char *buf, size_t cap, cpm_effect *effect);

/* Bytes of buf that are enough for every pending effect. */
size_t cpm_proc_need(const cpm_proc *proc);

/* The due effect was done; the next one is due. */
void cpm_proc_did(cpm_proc *proc);

/* Has DONE been done? */
bool cpm_proc_over(const cpm_proc *proc);

/* The procedure in a larger block: mem of `size` bytes, aligned to CPM_PROC_ALIGN and apart from the old one, which may go then.
 * Effects that are pending stay pending. For a step that said CPM_E_SPACE: diag->need is what it lacked first, and another text may
 * lack room behind that, so grow by half at least. CPM_E_ARG: alignment, over 4 GiB, no old one; CPM_E_BLOCK; CPM_E_SPACE: smaller than it was. */
int cpm_proc_grow(void *mem, size_t size, const cpm_proc *proc, cpm_diag *diag);

/* Reading fields. leg CPM_NO_LEG: the call's. Absent, false or 0 when unset or not of that type. Texts are borrowed from the block
 * until it is stepped. */
cpm_str cpm_proc_text(const cpm_proc *proc, uint32_t leg, cpm_field field);
int64_t cpm_proc_number(const cpm_proc *proc, uint32_t leg, cpm_field field);
bool    cpm_proc_content(const cpm_proc *proc, uint32_t leg, cpm_field field, cpm_piece *out);
bool    cpm_proc_has(const cpm_proc *proc, uint32_t leg, cpm_field field);
uint32_t cpm_proc_legs(const cpm_proc *proc);

/* What is known of the file of that leg, as an event would bring it: `from` is how far it has come, which is where it can be taken up
 * again. Texts are borrowed until the procedure is stepped. The name of a file that a peer offers: cpm_sdp_file_name_decode. False: the leg has no file. */
bool cpm_proc_file(cpm_file *out, const cpm_proc *proc, uint32_t leg);

/* ---- which procedure ---------------------------------------------------------------------------------------------- */

typedef struct cpm_dispatched {
  const char        *procedure;     /* of CPM_PROCEDURES; NULL: none takes it. Constant */
  const cpm_machine *machine;       /* of this build; NULL: it has none */
  unsigned           answer;        /* for a request that no machine takes: the final response (O-R49); 0: none is due */
  const char        *allow;         /* Allow of a 405; otherwise NULL. Constant */
  const char        *spec, *clauses;   /* of the row that decided, as in cpm_effect */
} cpm_dispatched;

/* What a request outside of the dialogs that the host knows is for (S2 7; O-R20, O-R49): one step of the machine client/dispatch,
 * pf/dispatch or cf/dispatch, by the agent's role. Pure; nothing is kept. A request inside of a dialog that the host knows goes
 * to the procedure that has it, and is not for this. The agent is one that cpm_agent_check takes. Stack: as cpm_proc_step, and 3 KiB.
 * CPM_E_ARG: no request, or an array that is not there; CPM_E_MISSING: an agent without server. */
int cpm_dispatch(cpm_dispatched *out, const cpm_sip *request, const cpm_agent *agent);

/* The same for what the user wants, of a client: CPM_INTENT_message ..., with CPM_TARGET_one ... for a session, else 0. No procedure
 * and CPM_OK: nothing that CPM has (a session with many). CPM_E_ARG: no such intent or target, or an agent of another role. */
int cpm_dispatch_intent(cpm_dispatched *out, unsigned intent, unsigned target, const cpm_agent *agent);

/* ---- tickets ------------------------------------------------------------------------------------------------------- */

/* A received message that asked for disposition notifications leaves a ticket: a few hundred octets that the host keeps with the message
 * and that outlive the procedure, the process and this build. Days later, a machine client/disposition gets the event `displayed`
 * with what cpm_ticket_decode gives as args (and peer_no_cpim or peer_no_imdn, if the host knows).
 * Written when STORE(ticket) is due, forgotten at DROP(ticket); a ticket stored anew takes the place of the one before. */
#define CPM_TICKET_MAX  1024u
#define CPM_TICKET_ARGS 10u

/* dst NULL: only the size. Errors: CPM_E_SPACE, CPM_E_MISSING (the procedure has no message that asked for notifications), CPM_E_TOO_LONG
 * (over CPM_TICKET_MAX: nothing can be reported later). */
int cpm_ticket_encode(char *dst, size_t cap, size_t *len, const cpm_proc *proc, cpm_diag *diag);

/* Texts are borrowed from the ticket. It may come from a database that nobody trusts: what would not pass as an arg is refused here.
 * Fields that a newer build wrote and this one does not know are skipped. args: room for CPM_TICKET_ARGS. Errors: CPM_E_SYNTAX (no
 * ticket), CPM_E_TRUNCATED, CPM_E_TOO_LONG, CPM_E_DUPLICATE, CPM_E_VALUE, CPM_E_MISSING (message_id), with their offset. */
int cpm_ticket_decode(cpm_arg args[CPM_TICKET_ARGS], size_t *nargs, cpm_str ticket, cpm_diag *diag);

/* ---- sessions ------------------------------------------------------------------------------------------------------ */

/* Messages in a session, who composes one and what is reported of them are procedures of their own, which use the session's connection
 * (S2 7.3.9.1): client/chat-send, client/chat-receive, client/is-composing, and client/disposition where the session still stands. This gives what the
 * block of the session, client/media, knows and an event of that type takes in such a machine: who is there, our path and theirs, what
 * they take. Put more behind them; of two args for a field the later one counts: `target` one and `to` for a message to one of a group. Texts are
 * borrowed until the session is stepped. args: room for CPM_SESSION_ARGS. CPM_E_ARG: no block, no machine, no such event;
 * CPM_E_TOO_MANY: cannot be in this build. */
#define CPM_SESSION_ARGS 16u
int cpm_session_args(cpm_arg args[CPM_SESSION_ARGS], size_t *nargs, const cpm_proc *session, const cpm_machine *machine, cpm_event_type type);

/* What the last step did: for logs and traces. */
typedef struct cpm_last {
  const char *machine, *state;         /* the call's state now */
  const char *leg_state;               /* the event's leg's state now, or NULL */
  const char *spec, *clauses;          /* row of the call, or NULL */
  const char *leg_spec, *leg_clauses;  /* row of the event's leg, or NULL */
} cpm_last;
void cpm_proc_last(const cpm_proc *proc, cpm_last *out);

#ifdef __cplusplus
}
#endif
#endif
