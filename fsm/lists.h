/* SPDX-License-Identifier: MIT */
/* lists.h - every name that a table may use and that hosts do not see, once, with its doc line. The names that hosts see (events,
 * fields, timers, notices, questions, items) are lists in cpm/procedure.h. */
#ifndef CPMI_LISTS_H
#define CPMI_LISTS_H

#include "cpm/procedure.h"

/* States of calls and of legs. At most 64: groups are bit sets. */
#define CPM_STATES(X) \
  X(idle,       "nothing happened yet") \
  X(asking,     "the host was asked") \
  X(sending,    "MESSAGE is out, no final response") \
  X(reporting,  "a notification is out, no final response") \
  X(kept,       "a notification waits for the network") \
  X(fanning,    "MESSAGEs to the members are out") \
  X(inviting,   "INVITE is out, no final response") \
  X(cancelling, "CANCEL is out, INVITE has no final response") \
  X(answered,   "2xx came, not acknowledged yet") \
  X(connecting, "the media connection is being made") \
  X(draining,   "stored chunks are replayed") \
  X(up,         "media flows") \
  X(finishing,  "the last chunk is out, its response is awaited, then BYE") \
  X(ending,     "BYE is out") \
  X(retrying,   "BYE is out and the host was asked about interworking") \
  X(left,       "BYE was received and is held unanswered") \
  X(proceeding, "the fan-out is out, the originator has no final response") \
  X(accepted,   "the originator got its 2xx, its ACK is awaited") \
  X(relaying,   "the originator acknowledged, chunks flow") \
  X(flushing,   "the originator is gone, legs drain") \
  X(winding,    "everybody was told to go, legs finish") \
  X(active,     "the session is established") \
  X(by_client,  "the client left, the far side is told") \
  X(by_far,     "the far side left, the client is told") \
  X(by_iwf,     "an interworking function left, the client is told") \
  X(lost,       "the client is lost, the host was asked what to do") \
  X(parked,     "the client is lost, we stay in the media path") \
  X(refused,    "a final response was not 2xx") \
  X(ended,      "over")

/* CPM_GROUPS(name, members, doc): named sets of states, for the state column and for facts. */
#define CPM_GROUPS(X) \
  X(any,     ~UINT64_C(0), "every state") \
  X(over,    BIT(ended) | BIT(refused), "the leg is over") \
  X(live,    ~(BIT(ended) | BIT(refused)), "the leg is not over") \
  X(early,   BIT(idle) | BIT(inviting) | BIT(asking), "no final response yet") \
  X(behind,  BIT(idle) | BIT(inviting) | BIT(asking) | BIT(answered) | BIT(connecting) | BIT(draining) | BIT(retrying), "has not got all content") \
  X(flow,    BIT(connecting) | BIT(draining) | BIT(up) | BIT(finishing), "the dialog is confirmed") \
  X(byeing,  BIT(ending) | BIT(retrying), "BYE is out") \
  X(open,    BIT(proceeding) | BIT(accepted) | BIT(relaying) | BIT(flushing), "the call runs") \
  X(acked,   BIT(relaying) | BIT(flushing) | BIT(winding), "the originator's ACK came, or is not awaited any more") \
  X(gone,    BIT(flushing) | BIT(winding), "the originator has left") \
  X(closing, BIT(by_client) | BIT(by_far) | BIT(by_iwf), "a BYE was passed on")

#define CPM_LEG_KINDS(X) \
  X(member, "a member of the group or an entry of the list") \
  X(iwf,    "a recipient that is reached through the interworking selection function, or an interworking function") \
  X(client, "the served client") \
  X(device, "another device of the served user") \
  X(far,    "the Controlling Function or the other user's Participating Function")

#define CPM_WARNINGS(X) \
  X(none, 0, "") \
  X(w102_recipients,   102, "Too many recipients") \
  X(w102_participants, 102, "Too many participants") \
  X(w119,              119, "Anonymity not allowed") \
  X(w122,              122, "Function not allowed") \
  X(w127,              127, "Service not authorised") \
  X(w129,              129, "No destinations") \
  X(w132,              132, "Version not supported")

/* CPM_CODE_LISTS(name, codes) */
#define CPM_CODE_LISTS(X) \
  X(interworkable, 404, 405, 410, 414, 415, 416, 488, 606) \
  X(cpim_refused,  415)

/* CPM_FACTS(name, test, a, b, doc). Tests:
 *   IS(field, value)       ENUM field has the value; the facts of one field exclude each other, and one of them holds
 *   SET(field)             field is there; a FLAG: is true
 *   OVER(field, number)    NUMBER field is above the agent's number
 *   REACHES(field, number) NUMBER field is at or above the agent's number, absent counting as 0
 *   AGENT(text)            the agent has that text
 *   POLICY(number)         the agent's number is not 0
 *   BELOW(number, n)       the agent's number is below n
 *   CODES(list)            the status of the response is in the list
 *   NO_LEG(group)          no leg is in a state of the group
 *   KIND(kind)             the leg is of that kind
 *   NO_KIND(kind, group)   no leg of that kind is in a state of the group
 *   TOP_TYPE(field, text)  TEXT field is a media type with that top-level type
 *   COMPOSED(recipe, number) the recipe, composed now, is longer than the agent's number
 *   IN(group)              the call is in a state of the group
 *   LAST(field, field)     leg's NUMBER plus one is not below the call's NUMBER
 *   ONE(field)             leg's NUMBER is 1
 *   HAS_BIT(field, bit)    NUMBER field is a set that holds the bit */
#define CPM_FACTS(X) \
  /* the agent */ \
  X(v1,              BELOW,    release, 20, "the agent speaks CPM 1.0") \
  X(has_gruu,        AGENT,    gruu, 0, "the agent has a GRUU") \
  X(has_instance,    AGENT,    instance, 0, "the agent has a device id") \
  X(has_error_uri,   AGENT,    error_uri, 0, "the agent has a URI for Error-Info") \
  X(has_isf,         AGENT,    isf_uri, 0, "the agent has an interworking selection function") \
  X(reports_on,      POLICY,   send_delivered, 0, "policy lets `delivered` go out") \
  /* what the user wants */ \
  X(to_one,          IS,       target, CPM_TARGET_one, "one recipient") \
  X(to_adhoc,        IS,       target, CPM_TARGET_adhoc, "ad-hoc group") \
  X(to_group,        IS,       target, CPM_TARGET_group, "pre-defined group") \
  X(to_many,         IS,       target, CPM_TARGET_many, "1-to-many") \
  X(reply,           SET,      in_reply_to, 0, "answers a received item") \
  X(had_reply_to,    SET,      recv_reply_to, 0, "the item that is answered had Reply-To") \
  X(new_address,     SET,      new_address, 0, "the user typed an address for the reply") \
  X(reply_elsewhere, SET,      reply_to, 0, "the user wants replies at another address than From") \
  X(anonymity,       SET,      anonymous, 0, "anonymity is requested") \
  X(expires,         SET,      expiry, 0, "an expiry time is wanted") \
  X(wants_report,    SET,      report, 0, "disposition notifications are asked for") \
  X(prefers_identity,SET,      from, 0, "one of the registered addresses is preferred") \
  X(multipart,       TOP_TYPE, payload_type, CPMI_LITERAL_multipart, "the payload is multipart") \
  X(too_large,       COMPOSED, cpim, pager_limit, "the finished CPIM is over the pager limit") \
  X(has_uid,         SET,      message_uid, 0, "the response has Message-UID") \
  /* a received request */ \
  X(for_cf,          IS,       addressed, CPM_ADDRESSED_cf, "Request-URI is the CF address") \
  X(for_exploder,    IS,       addressed, CPM_ADDRESSED_exploder, "Request-URI is the EXPLODER-URI") \
  X(for_group,       IS,       addressed, CPM_ADDRESSED_predefined, "Request-URI is another address: a group") \
  X(is_tagged,       SET,      tagged, 0, "Accept-Contact names the feature of this procedure") \
  X(privacy,         SET,      asked_privacy, 0, "the originator asked for privacy") \
  X(version_ok,      REACHES,  client_release, min_release, "User-Agent names the release that is required, if one is") \
  X(splits,          SET,      body_ok, 0, "the body could be split into its parts") \
  X(takes_type,      SET,      type_ok, 0, "the body is of an accepted type") \
  X(reads_cpim,      SET,      cpim_ok, 0, "the CPIM can be read") \
  X(says_cpim,       SET,      is_cpim, 0, "the body is said to be CPIM") \
  X(too_late,        SET,      expired, 0, "the message has expired") \
  X(oversize,        OVER,     body_len, size_limit, "the body is over the agent's limit") \
  X(has_message_id,  SET,      message_id, 0, "imdn.Message-ID is there") \
  X(wants_delivered, HAS_BIT,  report, CPM_DISPOSITION_BIT_POSITIVE_DELIVERY, "positive-delivery is asked for") \
  X(a_report,        SET,      is_report, 0, "the content is a disposition notification") \
  X(has_route,       SET,      record_route, 0, "IMDN-Record-Route is there") \
  X(has_referred_by, SET,      referred_by, 0, "Referred-By is there") \
  X(has_sender,      SET,      sender, 0, "P-Asserted-Identity is there") \
  X(reportable,      SET,      report_to, 0, "there is an address for the notification") \
  X(has_subject,     SET,      subject, 0, "Subject is there") \
  X(timer_offered,   SET,      session_timer, 0, "Session-Expires with refresher=uac is there") \
  X(timer_required,  POLICY,   require_session_timer, 0, "policy wants Session-Expires") \
  /* what the host answered */ \
  X(may_use,         SET,      authorised, 0, "the originator may use this function") \
  X(may_group,       SET,      group_allowed, 0, "group policy lets the originator send") \
  X(may_hide,        SET,      anonymity_allowed, 0, "anonymity is allowed") \
  X(group_exists,    SET,      group_known, 0, "the group exists") \
  X(group_has_cpm,   SET,      group_cpm, 0, "the group supports CPM") \
  X(list_reads,      SET,      list_ok, 0, "the recipient list could be read") \
  X(has_list,        SET,      list, 0, "there is a recipient list") \
  X(too_many,        OVER,     recipients, max_recipients, "more recipients than allowed") \
  X(has_recipients,  SET,      recipients, 0, "there is a recipient") \
  X(may_interwork,   SET,      interworking, 0, "interworking is allowed") \
  X(shown_before,    SET,      seen_before, 0, "the message was shown before") \
  /* responses and legs */ \
  X(interworkable,   CODES,    interworkable, 0, "404, 405, 410, 414, 415, 416, 488 or 606") \
  X(cpim_refused,    CODES,    cpim_refused, 0, "415") \
  X(leg_iwf,         KIND,     iwf, 0, "the leg goes to interworking") \
  X(leg_client,      KIND,     client, 0, "the leg is the served client's") \
  X(leg_device,      KIND,     device, 0, "the leg is another device's") \
  X(leg_far,         KIND,     far, 0, "the leg is the far entity's") \
  X(none_live,       NO_LEG,   live, 0, "every leg is over") \
  X(none_behind,     NO_LEG,   behind, 0, "no leg lacks content") \
  X(none_ending,     NO_LEG,   byeing, 0, "no BYE of ours is unanswered") \
  X(answer_passive,  IS,       setup, CPM_SETUP_passive, "answer: a=setup:passive") \
  X(answer_active,   IS,       setup, CPM_SETUP_active, "answer: a=setup:active") \
  X(answer_unusable, IS,       setup, CPM_SETUP_unusable, "answer: no usable setup") \
  X(acknowledged,    IN,       acked, 0, "the originator has acknowledged") \
  X(sender_gone,     IN,       gone, 0, "the originator has left") \
  X(any_stored,      SET,      stored, 0, "chunks are stored") \
  X(last_stored,     LAST,     seen, stored, "this is the last stored chunk") \
  X(in_flight,       SET,      unacked, 0, "chunks are without response") \
  X(last_flight,     ONE,      unacked, 0, "one chunk is without response") \
  X(reason_none,     IS,       reason, CPM_REASON_none, "no Reason") \
  X(reason_200,      IS,       reason, CPM_REASON_completed, "Reason cause 200") \
  X(reason_410,      IS,       reason, CPM_REASON_gone, "Reason cause 410") \
  X(reason_480,      IS,       reason, CPM_REASON_unavailable, "Reason cause 480") \
  X(reason_other,    IS,       reason, CPM_REASON_other, "another Reason") \
  X(is_interworked,  SET,      interworked, 0, "the session is interworked") \
  X(closes_part,     SET,      close_part, 0, "policy closes only the streams of the IWF that left") \
  X(stores_offline,  SET,      offline_storage, 0, "allow-offline-storage is true") \
  X(stores,          SET,      allow_store, 0, "allow-store is true") \
  X(defers,          SET,      allow_defer, 0, "allow-defer is true") \
  X(restarts,        SET,      restart_allowed, 0, "long-lived group sessions may be restarted") \
  X(keeps_history,   SET,      history_folder, 0, "a session history folder is in use") \
  X(is_group,        SET,      group_session, 0, "it is a group session") \
  X(to_all_devices,  SET,      multi_device, 0, "originated chat goes to all devices") \
  X(no_other_device, NO_KIND,  device, live, "no other device is connected") \
  X(last_iwf,        NO_KIND,  iwf, up, "no other interworking function takes part")

/* Texts that facts compare with. */
#define CPM_LITERALS(X) X(multipart, "multipart")

/* CPM_OPS(name, effect kind or NONE, doc) */
#define CPM_OPS(X) \
  X(NOTHING, NONE,    "nothing more than the change of state") \
  X(SEND,    SEND,    "the recipe as a request, on the leg or the call's own transaction") \
  X(REPLY,   REPLY,   "the recipe as final response to the held request") \
  X(REFUSE,  REPLY,   "a final response with a Warning") \
  X(PUSH,    PUSH,    "the recipe as MSRP SEND") \
  X(ACCEPT,  ACCEPT,  "an MSRP response to the event's chunk") \
  X(CONNECT, CONNECT, "open the media connection") \
  X(LISTEN,  LISTEN,  "wait for the media connection") \
  X(CLOSE,   CLOSE,   "close the media connection") \
  X(START,   START,   "start a timer") \
  X(STOP,    STOP,    "stop a timer") \
  X(ASK,     ASK,     "ask the host") \
  X(STORE,   STORE,   "keep the event's item") \
  X(FETCH,   FETCH,   "get a stored item back") \
  X(DROP,    DROP,    "forget a stored item") \
  X(TELL,    TELL,    "tell the user") \
  X(DONE,    DONE,    "over") \
  X(HOLD,    NONE,    "remember the event's transaction in a TXN field") \
  X(ADD,     NONE,    "NUMBER field plus one") \
  X(SUB,     NONE,    "NUMBER field minus one") \
  X(FORK,    NONE,    "a leg for each recipient that the event brought; each gets `go`") \
  X(REFORK,  NONE,    "one more leg, of that kind, for the recipient of the leg that raised; it gets `go`") \
  X(EACH,    NONE,    "the event to every leg that has a row for it") \
  X(RAISE,   NONE,    "the event to the call")

/* Recipes, see recipe.h. */
#define CPM_RECIPES(X) \
  X(pager_message) X(cpim) X(target_list) X(pager_out) X(pager_accepted) X(history_list) X(refusal) X(ok) \
  X(type_refused) X(received_ok) X(delivered_message) X(delivered_cpim) X(delivered_imdn) \
  X(ack) X(cancel) X(bye) X(bye_200) X(bye_480) X(large_out) X(large_out_many) X(large_200) X(chunk_copy) X(drop_streams)

#endif
