/* SPDX-License-Identifier: MIT */
/* lists.h - every name that a table may use and that hosts do not see, once, with its doc line. The names that hosts see (events,
 * fields, timers, notices, questions, items) are lists in cpm/procedure.h. */
#ifndef CPMI_LISTS_H
#define CPMI_LISTS_H

#include "cpm/procedure.h"

/* CPM_EVENT_KINDS(name, doc), CPM_FIELD_TYPES(name, doc): the second column of CPM_EVENTS and of CPM_FIELDS. */
#define CPM_EVENT_KINDS(X) \
  X(USER,     "the user does something") \
  X(REQUEST,  "a SIP request came") \
  X(RESPONSE, "a SIP response to a request of ours came, or none in time") \
  X(POLICY,   "the host answers a question") \
  X(TIMER,    "a timer has fired") \
  X(MEDIA,    "of the media connection") \
  X(MSRP,     "an MSRP request or response came") \
  X(STORE,    "the host's store answers") \
  X(INNER,    "raised between call and legs, never given from outside")
#define CPM_FIELD_TYPES(X) \
  X(NUMBER,  "a number, not negative") \
  X(FLAG,    "0 or 1") \
  X(ENUM,    "one of the field's values") \
  X(TXN,     "the host's handle of a SIP transaction") \
  X(TEXT,    "a text without CR, LF and NUL; folds are written as a space") \
  X(URI,     "a text that is a URI without headers (RFC 3261 19.1.1)") \
  X(ID,      "a text that is an identifier: cpm_id_decode") \
  X(MEDIA,   "a text that is a media type") \
  X(MEDIAS,  "a text that is a comma list of media types") \
  X(PATH,    "a text that is one or more MSRP URIs: a=path") \
  X(SESSION, "a text that is the session-id of an MSRP URI, of 48 octets at most") \
  X(IDENT,   "a text that is an identifier of MSRP: 4 to 32 octets (RFC 4975 9)") \
  X(ADDRS,   "a text that is a comma list of <URI>, URIs as in URI") \
  X(CONTENT, "a run of content that the host holds: handle, offset, octets") \
  X(LIST,    "recipients: URI, copy control, anonymize") \
  X(KEPT,    "end-to-end header fields of a request, or lines of a session description, in their order") \
  X(PARTS,   "runs of the parts of a body that the host holds") \
  X(DOC,     "a document that was composed: bodies refer to it") \
  X(SPANS,   "what has come of a message in chunks: its Message-ID in MSRP, its octets, those of them that are here")

/* States of calls and of legs. At most 64: groups are bit sets. */
#define CPM_STATES(X) \
  X(idle,       "nothing happened yet") \
  X(asking,     "the host was asked") \
  X(sending,    "MESSAGE is out, no final response") \
  X(reporting,  "a notification is out, no final response") \
  X(sorting,    "notifications are held against what was sent") \
  X(matching,   "objects of the Message Store are held against what was sent") \
  X(kept,       "a notification waits for the network") \
  X(fanning,    "MESSAGEs to the members are out") \
  X(offered,    "the file is offered, and nothing was said of it yet") \
  X(inviting,   "INVITE is out, no final response") \
  X(cancelling, "CANCEL is out, INVITE has no final response") \
  X(answered,   "2xx came, not acknowledged yet") \
  X(connecting, "the media connection is being made") \
  X(draining,   "stored chunks are replayed") \
  X(binding,    "an empty SEND is out, which binds the connection to the session") \
  X(up,         "media flows") \
  X(finishing,  "the last chunk is out, its response is awaited, then BYE") \
  X(proved,     "all of the message has its 200, and BYE is out") \
  X(ending,     "BYE is out") \
  X(changing,   "an INVITE that changes the session is out") \
  X(changed,    "their INVITE that changes the session was answered, its ACK is awaited") \
  X(leaving,    "the same, and BYE goes out then") \
  X(whole,      "the whole file is there, its sender has not closed yet") \
  X(proving,    "the whole file has its 200s; success reports are awaited, or the BYE of who asked for it again") \
  X(retrying,   "BYE is out and the host was asked about interworking") \
  X(shut,       "the media connection is closed and the host was asked about interworking") \
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
  X(unacked,    "all of the message is here, the ACK to our 2xx is not") \
  X(complete,   "all of the message is here, and their BYE is awaited") \
  X(parting,    "all of the message is here, and our BYE is out") \
  X(loading,    "the host was asked for the head of the message") \
  X(checking,   "the host was asked whether the message was shown before") \
  X(quitting,   "we have given up, and await what would have come next: the ACK to our 2xx, a chunk") \
  X(notifying,  "a notification is out over the session's connection, no response") \
  X(composing,  "the user composes, and the other side was told") \
  X(resting,    "the user does not compose, and the other side knows") \
  X(muted,      "the other side is not told any more who composes") \
  X(peer_composing, "the other side composes") \
  X(peer_resting, "the other side does not compose") \
  X(strange,    "a file that is to be taken up again is not known here, or has changed") \
  X(refused,    "a final response was not 2xx") \
  X(ended,      "over")

/* CPM_GROUPS(name, members, doc): named sets of states, for the state column and for facts. */
#define CPM_GROUPS(X) \
  X(any,     ~UINT64_C(0), "every state") \
  X(over,    BIT(ended) | BIT(refused) | BIT(strange), "the leg is over") \
  X(live,    ~(BIT(ended) | BIT(refused) | BIT(strange)), "the leg is not over") \
  X(early,   BIT(idle) | BIT(inviting) | BIT(asking), "no final response yet") \
  X(behind,  BIT(idle) | BIT(inviting) | BIT(asking) | BIT(answered) | BIT(connecting) | BIT(draining) | BIT(retrying), "has not got all content") \
  X(flow,    BIT(connecting) | BIT(draining) | BIT(up) | BIT(finishing), "the dialog is confirmed") \
  X(byeing,  BIT(ending) | BIT(retrying), "BYE is out") \
  X(session, BIT(connecting) | BIT(binding) | BIT(draining) | BIT(up) | BIT(finishing) | BIT(relaying) | BIT(active), "the dialog stands, and is kept alive") \
  X(unconfirmed, BIT(answered) | BIT(accepted), "a 2xx has no ACK yet") \
  X(open,    BIT(proceeding) | BIT(accepted) | BIT(relaying) | BIT(flushing), "the call runs") \
  X(acked,   BIT(relaying) | BIT(flushing) | BIT(winding), "the originator's ACK came, or is not awaited any more") \
  X(gone,    BIT(flushing) | BIT(winding), "the originator has left") \
  X(media_open, BIT(connecting) | BIT(binding) | BIT(up), "a media connection is there or being made") \
  X(left_by_us, BIT(proved) | BIT(ending), "our BYE is out") \
  X(sending_media, BIT(binding) | BIT(up), "SENDs go out") \
  X(taking,  BIT(accepted) | BIT(up), "chunks may come, and some are missing") \
  X(having,  BIT(unacked) | BIT(complete), "all chunks are here") \
  X(reading, BIT(loading) | BIT(checking), "the message is being looked at") \
  X(having_session, BIT(connecting) | BIT(up) | BIT(complete), "the session with the sender stands") \
  X(before_ack, BIT(accepted) | BIT(unacked) | BIT(quitting), "the ACK to our 2xx is awaited") \
  X(coming,  BIT(asking) | BIT(accepted) | BIT(connecting) | BIT(up) | BIT(unacked) | BIT(complete) | BIT(parting) | BIT(quitting) | BIT(ending), \
             "a message comes, or was to come") \
  X(standing, BIT(idle) | BIT(connecting) | BIT(binding) | BIT(draining) | BIT(up) | BIT(asking) | BIT(shut), "the dialog stands, and nobody has left") \
  X(present, BIT(idle) | BIT(inviting) | BIT(connecting) | BIT(binding) | BIT(draining) | BIT(up) | BIT(asking) | BIT(shut), "the dialog stands or is being made") \
  X(linking, BIT(connecting) | BIT(binding), "a media connection is being made") \
  X(linked,  BIT(connecting) | BIT(binding) | BIT(draining) | BIT(up), "a media connection is there or being made, and nothing is asked") \
  X(carrying, BIT(binding) | BIT(draining) | BIT(up) | BIT(asking), "a media connection is there") \
  X(passing, BIT(up) | BIT(asking), "what comes goes on at once") \
  X(lacking, BIT(idle) | BIT(inviting) | BIT(asking) | BIT(connecting) | BIT(binding) | BIT(draining) | BIT(shut), "what comes is kept for it") \
  X(leaving_one, BIT(left) | BIT(ending), "one side has left") \
  X(going,   BIT(ending) | BIT(cancelling), "our BYE or CANCEL is out") \
  X(to_settle, BIT(whole) | BIT(checking) | BIT(reporting) | BIT(kept), "a file has come, and it is not said yet") \
  X(ft_open, BIT(connecting) | BIT(binding) | BIT(up) | BIT(proving) | BIT(whole), "a file has a connection, or one is being made") \
  X(closed_by_peer, BIT(proving) | BIT(whole), "all of the file has gone, or has come: the other side may close it") \
  X(settled, BIT(active) | BIT(changing), "the session stands, and BYE may go out") \
  X(midway, BIT(changing) | BIT(changed) | BIT(leaving), "an INVITE that changes the session is not through") \
  X(running, BIT(active) | BIT(changing) | BIT(changed), "the session stands") \
  X(all_here, BIT(loading) | BIT(checking) | BIT(notifying) | BIT(reporting) | BIT(kept) | BIT(sorting), "all of the message has come") \
  X(quiet,   BIT(idle) | BIT(resting), "the other side was not told that the user composes") \
  X(told,    BIT(composing) | BIT(resting) | BIT(muted), "the other side was told what the user does") \
  X(heard,   BIT(peer_composing) | BIT(peer_resting), "the other side has said what it does") \
  X(unheard, BIT(idle) | BIT(peer_resting), "the other side has not said that it composes") \
  X(closing, BIT(by_client) | BIT(by_far) | BIT(by_iwf), "a BYE was passed on")

#define CPM_LEG_KINDS(X) \
  X(member, "a member of the group or an entry of the list") \
  X(iwf,    "a recipient that is reached through the interworking selection function, or an interworking function") \
  X(client, "the served client") \
  X(device, "another device of the served user") \
  X(far,    "the Controlling Function or the other user's Participating Function") \
  X(report, "a disposition notification inside of a received message") \
  X(push,   "a file that goes to the other side") \
  X(pull,   "a file that comes from the other side")

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
  X(cpim_refused,  415) \
  X(redirects,     300, 301, 302, 305, 380) \
  X(session_gone,  481) \
  X(dialog_gone,   408, 481) \
  X(glare,         491)

/* CPM_OPERANDS(token, name, of, doc): what tests, sources, values and ops take. `of` says what the operand is one of: a list here or
 * in cpm/procedure.h, cpm/sip.h, cpm/cpim.h and cpm/value.h, or a number or a text as it stands. */
#define CPM_OPERANDS(X) \
  X(FIELD,        field,        fields,        "the leg's field of that name, else the call's") \
  X(OF,           of,           fields,        "the field that it is held against") \
  X(INDEX,        index,        fields,        "the NUMBER field that says which one") \
  X(VALUE,        value,        field_values,  "a value of the ENUM field; of a NUMBER field the number") \
  X(BIT,          bit,          number,        "a bit, counted from 0 at the lowest") \
  X(AGENT_TEXT,   agent_text,   agent_texts,   "a text of the agent") \
  X(AGENT_NUMBER, agent_number, agent_numbers, "a number of the agent") \
  X(NUMBER,       number,       number,        "a number as it stands") \
  X(CODE,         code,         number,        "a status code") \
  X(TEXT,         text,         text,          "a text as it stands") \
  X(TOKEN,        token,        text,          "a token") \
  X(LITERAL,      literal,      literals,      "a text to compare with") \
  X(CODES,        codes,        code_lists,    "a list of status codes") \
  X(STATES,       states,       states,        "a state or a group of states") \
  X(KIND,         kind,         leg_kinds,     "a kind of legs") \
  X(EVENT,        event,        events,        "an event") \
  X(RECIPE,       recipe,       recipes,       "a recipe") \
  X(WARNING,      warning,      warnings,      "what the Warning of the response says") \
  X(TIMER,        timer,        timers,        "a timer") \
  X(QUESTION,     question,     questions,     "a question to the host") \
  X(NOTICE,       notice,       notices,       "what the user is told") \
  X(PROCEDURE,    procedure,    procedures,    "a procedure that may be entered") \
  X(ITEM,         item,         items,         "what is stored") \
  X(METHOD,       method,       methods,       "a SIP method") \
  X(HEADER,       header,       headers,       "a SIP header field") \
  X(CPIM_HEADER,  cpim_header,  cpim_headers,  "a CPIM header") \
  X(MSRP_HEADER,  msrp_header,  msrp_headers,  "an MSRP header field") \
  X(SDP_LINE,     sdp_line,     sdp_lines,     "a line of a session description") \
  X(SDP_WORD,     sdp_word,     sdp_words,     "what a session description says") \
  X(ICSI,         icsi,         icsis,         "a service or feature of CPM") \
  X(IMDN_STATUS,  imdn_status,  imdn_statuses, "a status of a disposition notification")

/* CPM_TESTS(name, operand a, operand b, doc): shapes of facts. NONE: no operand. */
#define CPM_TESTS(X) \
  X(IS,       FIELD,        VALUE,        "ENUM field has the value; the facts of one field exclude each other, and one of them holds") \
  X(SET,      FIELD,        NONE,         "field is there; a FLAG: is true; a NUMBER: is not 0") \
  X(OVER,     FIELD,        AGENT_NUMBER, "NUMBER field is above the agent's number, absent counting as 0") \
  X(REACHES,  FIELD,        AGENT_NUMBER, "NUMBER field is at or above the agent's number, absent counting as 0") \
  X(AGENT,    AGENT_TEXT,   NONE,         "the agent has that text") \
  X(POLICY,   AGENT_NUMBER, NONE,         "the agent's number is not 0") \
  X(BELOW,    AGENT_NUMBER, NUMBER,       "the agent's number is below the number") \
  X(CODES,    CODES,        NONE,         "the status of the response is in the list; no response counts as 0") \
  X(NO_LEG,   STATES,       NONE,         "no leg is in one of the states") \
  X(KIND,     KIND,         NONE,         "the leg is of that kind; never of the call") \
  X(NO_KIND,  KIND,         STATES,       "no leg of that kind is in one of the states") \
  X(TOP_TYPE, FIELD,        LITERAL,      "TEXT field is a media type with that top-level type, whatever the case of its letters") \
  X(COMPOSED, RECIPE,       AGENT_NUMBER, "the body recipe, composed now, is longer in octets than the agent's number") \
  X(IN,       STATES,       NONE,         "the call is in one of the states") \
  X(LAST,     FIELD,        OF,           "NUMBER field plus one is not below the other NUMBER field, absent counting as 0") \
  X(LESS,     FIELD,        OF,           "NUMBER field is below the other NUMBER field, absent counting as 0") \
  X(HAS_BIT,  FIELD,        BIT,          "NUMBER field is a set that holds the bit") \
  X(FROM,     FIELD,        VALUE,        "ENUM field has that value or one behind it") \
  X(ABOVE,    FIELD,        OF,           "ENUM field has a value behind that of the other one; a field that is absent is before all") \
  X(WITHOUT,  FIELD,        AGENT_NUMBER, "FLAG field is true, or the agent's number is 0") \
  X(HERE,     NONE,         NONE,         "the event's chunk came to this leg first; never of the call") \
  X(EQUAL,    FIELD,        OF,           "the two texts are equal byte for byte, or both absent") \
  X(EQUALS,   FIELD,        NUMBER,       "NUMBER field is the number, absent counting as 0") \
  X(LISTED,   FIELD,        NONE,         "NUMBER field is a set that holds the number of the leg; never of the call") \
  X(TYPE,     FIELD,        LITERAL,      "TEXT field is that media type, whatever its parameters") \
  X(TAKES,    FIELD,        LITERAL,      "TEXT field is no list as accept-types has it, or one that takes the media type") \
  X(TAKES_OF, FIELD,        OF,           "the same for the media type in the other TEXT field") \
  X(ADDRESSES, RECIPE,      OF,           "the Request-URI that the recipe would have now is the URI in the TEXT field")

/* CPM_FACTS(name, test, a, b, doc) */
#define CPM_FACTS(X) \
  /* the agent */ \
  X(v1,              BELOW,    release, 20, "the agent speaks CPM 1.0") \
  X(has_gruu,        AGENT,    gruu, 0, "the agent has a GRUU") \
  X(has_error_uri,   AGENT,    error_uri, 0, "the agent has a URI for Error-Info") \
  X(has_isf,         AGENT,    isf_uri, 0, "the agent has an interworking selection function") \
  X(reports_on,      POLICY,   send_delivered, 0, "policy lets `delivered` go out") \
  X(displays_on,     POLICY,   send_displayed, 0, "policy lets `displayed` go out") \
  X(interworks,      POLICY,   interworking_function, 0, "we are an interworking function") \
  X(interoperates,   POLICY,   msrp_interop, 0, "sessions with peers without a=msrp-cema are matched by session-id") \
  X(over_tls,        POLICY,   media_secure, 0, "MSRP goes over TLS") \
  X(has_store,       POLICY,   message_store, 0, "there is a Message Store") \
  X(resumes_on,      POLICY,   resume_files, 0, "policy lets a file transfer be taken up again") \
  X(has_media,       AGENT,    media_address, 0, "we can have MSRP") \
  /* agent and peer */ \
  X(bare,            WITHOUT,  peer_no_cpim, use_cpim, "the peer takes no CPIM, or ours is off") \
  X(silent,          WITHOUT,  peer_no_imdn, use_imdn, "the peer wants no notifications, or ours are off") \
  /* what the user wants */ \
  X(wants_message,   IS,       intent, CPM_INTENT_message, "a message in pager mode") \
  X(wants_large,     IS,       intent, CPM_INTENT_large, "a message in large mode") \
  X(wants_session,   IS,       intent, CPM_INTENT_session, "a session") \
  X(wants_join,      IS,       intent, CPM_INTENT_join, "to join a group session") \
  X(wants_rejoin,    IS,       intent, CPM_INTENT_rejoin, "to come back to a group session") \
  X(wants_file,      IS,       intent, CPM_INTENT_file, "a file transfer") \
  X(wants_deferred,  IS,       intent, CPM_INTENT_deferred, "to handle deferred messages") \
  X(wants_deferred_session, IS, intent, CPM_INTENT_deferred_session, "delivery of a deferred 1-1 session") \
  X(wants_deferred_group, IS,  intent, CPM_INTENT_deferred_group, "delivery of a deferred group session") \
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
  X(bare_too_large,  COMPOSED, bare_payload, pager_limit, "the payload, without CPIM, is over the pager limit") \
  X(has_uid,         SET,      message_uid, 0, "the response has Message-UID") \
  /* a received request */ \
  X(for_cf,          IS,       addressed, CPM_ADDRESSED_cf, "Request-URI is the CF address") \
  X(for_exploder,    IS,       addressed, CPM_ADDRESSED_exploder, "Request-URI is the EXPLODER-URI") \
  X(for_group,       IS,       addressed, CPM_ADDRESSED_predefined, "Request-URI is another address: a group") \
  X(in_dialog,       SET,      to_tag, 0, "it belongs to a dialog") \
  X(for_pager,       SET,      asks_msg, 0, "it is for Pager Mode") \
  X(for_large,       SET,      asks_largemsg, 0, "it is for Large Message Mode") \
  X(for_deferred,    SET,      asks_deferred, 0, "it brings deferred messages") \
  X(for_session,     SET,      asks_session, 0, "it is for a session") \
  X(for_file,        SET,      asks_filetransfer, 0, "it is for a file transfer") \
  X(has_selector,    SET,      selector, 0, "its SDP has a file-selector") \
  X(at_focus,        SET,      focus, 0, "its Contact is a conference focus") \
  X(is_referred,     SET,      referred, 0, "Referred-By is there") \
  X(from_manager,    SET,      from_deferred, 0, "From is deferred_uri") \
  X(is_tagged,       SET,      tagged, 0, "Accept-Contact names the feature of this procedure") \
  X(privacy,         SET,      asked_privacy, 0, "the originator asked for privacy") \
  X(version_ok,      REACHES,  client_release, min_release, "User-Agent names the release that is required, if one is") \
  X(names_target,    SET,      request_uri, 0, "Request-URI is a URI without headers") \
  X(names_sender,    SET,      from_address, 0, "From can be read") \
  X(names_recipient, SET,      to_address, 0, "To can be read") \
  X(names_types,     SET,      accept_types, 0, "its session description says what MSRP may bring") \
  X(offers_media,    SET,      media_ok, 0, "the session description has an m line of MSRP that can be read") \
  X(offers_content,  HAS_BIT,  direction, 0, "it offers to send") \
  X(fits_types,      SET,      types_fit, 0, "we take the types that it names") \
  X(too_big,         OVER,     size, media_limit, "it announces more octets than the agent takes") \
  X(has_cema,        SET,      peer_cema, 0, "the other side has a=msrp-cema") \
  X(we_connect,      IS,       answers_setup, CPM_ANSWERS_SETUP_active, "we open the connection") \
  X(they_connect,    IS,       answers_setup, CPM_ANSWERS_SETUP_passive, "they open the connection") \
  X(setup_unsaid,    IS,       answers_setup, CPM_ANSWERS_SETUP_silent, "they open the connection, as without a=setup") \
  X(knows_size,      SET,      size, 0, "the size of the content is known") \
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
  X(has_reader,      SET,      report_for, 0, "the sender that a notification is for is known") \
  X(reportable,      SET,      report_to, 0, "there is an address for the notification") \
  X(wants_display,   HAS_BIT,  report, CPM_DISPOSITION_BIT_DISPLAY, "display is asked for") \
  X(wants_failed,    HAS_BIT,  report, CPM_DISPOSITION_BIT_NEGATIVE_DELIVERY, "negative-delivery is asked for") \
  X(wants_interworked, HAS_BIT, report, CPM_DISPOSITION_BIT_INTERWORKING, "interworking is asked for") \
  X(says_failed,     IS,       reported, CPM_REPORTED_failed, "`failed` is reported") \
  X(says_sms,        IS,       reported, CPM_REPORTED_interworked_sms, "`legacy-sms` is reported") \
  X(says_mms,        IS,       reported, CPM_REPORTED_interworked_mms, "`legacy-mms` is reported") \
  X(says_delivered,  IS,       reported, CPM_REPORTED_delivered, "`delivered` is reported") \
  X(says_displayed,  IS,       reported, CPM_REPORTED_displayed, "`displayed` is reported") \
  X(was_reported,    SET,      reported, 0, "something was reported") \
  X(was_interworked, FROM,     reported, CPM_REPORTED_interworked_sms, "`interworking` or more was reported") \
  X(as_sms,          IS,       legacy, CPM_LEGACY_sms, "interworked into SMS") \
  X(as_mms,          IS,       legacy, CPM_LEGACY_mms, "interworked into MMS") \
  X(encoded,         SET,      body_encoding, 0, "the body has a Content-Encoding") \
  X(has_reports,     SET,      reports, 0, "a notification in it can be read") \
  X(reports_behind,  SET,      reports_len, 0, "its head shows notifications alone, and is not all of it") \
  X(long_reports,    OVER,     reports_len, size_limit, "and it is longer than a body may be") \
  X(asked_for_all,   SET,      loads, 0, "the host was asked for all of it") \
  X(has_reported_id, SET,      reported_id, 0, "the notification names a message") \
  X(side_mark,       FROM,     disposition, CPM_DISPOSITION_forbidden, "forbidden, error, processed, stored or another: no step of the ladder") \
  X(climbs,          ABOVE,    disposition, reached, "the notification says more than is known") \
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
  X(overfull,        SET,      no_room, 0, "the host cannot hold so many recipients") \
  X(has_recipients,  SET,      recipients, 0, "there is a recipient") \
  X(may_interwork,   SET,      interworking, 0, "interworking is allowed") \
  X(shown_before,    SET,      seen_before, 0, "the message was shown before") \
  X(was_taken,       SET,      taken_before, 0, "the notification was taken before") \
  X(ours,            SET,      sent_by_us, 0, "the message that a notification is about was sent by us") \
  X(records,         SET,      record_history, 0, "the conversation history is recorded") \
  /* an object of the Message Store, held against what was sent (S4 7.2.1.1, Table 2) */ \
  X(in_peer_folder,  ADDRESSES, pager_message, stored_folder, "it lies in the folder of the other party") \
  X(in_group_folder, EQUAL,    stored_folder, conversation_id, "it lies in the folder of the conversation") \
  X(same_conversation, EQUAL,  stored_conversation_id, conversation_id, "the same Conversation-ID") \
  X(same_contribution, EQUAL,  stored_contribution_id, contribution_id, "the same Contribution-ID") \
  X(same_reply,      EQUAL,    stored_in_reply_to, in_reply_to, "the same InReplyTo-Contribution-ID") \
  X(same_message,    EQUAL,    stored_message_id, message_id, "the same imdn.Message-ID") \
  /* responses and legs */ \
  X(interworkable,   CODES,    interworkable, 0, "404, 405, 410, 414, 415, 416, 488 or 606") \
  X(cpim_refused,    CODES,    cpim_refused, 0, "415") \
  X(cpim_taken,      SET,      takes_cpim, 0, "its Accept takes message/cpim: what it refuses is inside") \
  X(redirects,       CODES,    redirects, 0, "3xx") \
  X(dialog_gone,     CODES,    dialog_gone, 0, "408 or 481: the other side has the dialog no more") \
  X(was_answered,    SET,      status, 0, "a response came") \
  X(leg_iwf,         KIND,     iwf, 0, "the leg goes to interworking") \
  X(leg_client,      KIND,     client, 0, "the leg is the served client's") \
  X(leg_device,      KIND,     device, 0, "the leg is another device's") \
  X(leg_push,        KIND,     push, 0, "the leg is a file that goes to the other side") \
  X(leg_pull,        KIND,     pull, 0, "the leg is a file that comes from it") \
  X(leg_far,         KIND,     far, 0, "the leg is the far entity's") \
  X(none_live,       NO_LEG,   live, 0, "every leg is over") \
  X(none_behind,     NO_LEG,   behind, 0, "no leg lacks content") \
  X(none_going,      NO_LEG,   going, 0, "no BYE or CANCEL of ours is unanswered") \
  X(none_standing,   NO_LEG,   present, 0, "every dialog is over or is being left") \
  X(none_lacking,    NO_LEG,   lacking, 0, "nothing is kept for any leg") \
  X(no_far,          NO_KIND,  far, standing, "the far entity is not there") \
  X(no_iwf,          NO_KIND,  iwf, live, "no interworking function takes part or is invited") \
  X(no_client,       NO_KIND,  client, standing, "the served client is not there") \
  X(none_fetched,    NO_KIND,  pull, any, "no file is one that comes") \
  X(joins_client,    IS,       joins, CPM_JOINS_client, "the served client joins") \
  X(joins_device,    IS,       joins, CPM_JOINS_device, "other devices of the served user join") \
  X(joins_far,       IS,       joins, CPM_JOINS_far, "the far entity joins") \
  X(joins_iwf,       IS,       joins, CPM_JOINS_iwf, "interworking functions join") \
  X(heard_user,      IS,       heard, CPM_HEARD_user, "it came from the served user's side") \
  X(heard_far,       IS,       heard, CPM_HEARD_far, "it came from the far side") \
  X(came_here,       HERE,     0, 0, "it came to this leg first") \
  X(messages_open,   SET,      open_messages, 0, "a message is under way") \
  X(is_external,     SET,      external_url, 0, "its content is to be fetched") \
  X(awaits_content,  SET,      awaited_url, 0, "the content of a message that is not all here is to be fetched") \
  X(was_fetched,     SET,      fetched, 0, "its content was fetched") \
  X(detoured,        SET,      detour, 0, "the host was asked about interworking") \
  X(answer_passive,  IS,       setup, CPM_SETUP_passive, "answer: a=setup:passive") \
  X(answer_active,   IS,       setup, CPM_SETUP_active, "answer: a=setup:active") \
  X(answer_unusable, IS,       setup, CPM_SETUP_unusable, "answer: no usable setup") \
  X(more_chunks,     IS,       chunk_is, CPM_CHUNK_IS_more, "octets of the message, and more must come") \
  X(last_chunk,      IS,       chunk_is, CPM_CHUNK_IS_whole, "the octets that were missing: all of it is here") \
  X(same_chunk,      IS,       chunk_is, CPM_CHUNK_IS_again, "octets that are here already") \
  X(binding_chunk,   IS,       chunk_is, CPM_CHUNK_IS_binding, "no octets: it binds the connection") \
  X(stray_chunk,     IS,       chunk_is, CPM_CHUNK_IS_stray, "not of this session") \
  X(mistyped_chunk,  IS,       chunk_is, CPM_CHUNK_IS_mistyped, "of a type that is not taken") \
  X(second_message,  IS,       chunk_is, CPM_CHUNK_IS_second, "of another message than the first one") \
  X(excessive_chunk, IS,       chunk_is, CPM_CHUNK_IS_excessive, "more than was offered or may come") \
  X(broken_chunk,    IS,       chunk_is, CPM_CHUNK_IS_broken, "its range or its id cannot be") \
  X(aborted_chunk,   IS,       chunk_is, CPM_CHUNK_IS_aborted, "the sender has given the message up") \
  X(wants_success,   SET,      success_report, 0, "the sender wants a REPORT of success") \
  X(binding_send,    SET,      binds, 0, "the chunk binds the connection, and says nothing more") \
  X(acknowledged,    IN,       acked, 0, "the originator has acknowledged") \
  X(sender_gone,     IN,       gone, 0, "the originator has left") \
  X(any_stored,      SET,      stored, 0, "chunks are stored") \
  X(last_stored,     LAST,     seen, stored, "this is the last stored chunk") \
  X(in_flight,       SET,      unacked, 0, "chunks are without response") \
  X(unsent,          LESS,     pushed, size, "octets of the message have not gone out") \
  X(unproved,        LESS,     acked, size, "octets of the message have no 200") \
  X(under_way,       LESS,     acked, pushed, "octets that went out have no 200") \
  X(to_push,         LESS,     pushed, until, "octets of the file have not gone out") \
  X(to_ack,          LESS,     acked, until, "octets of the file have no 200") \
  X(to_prove,        LESS,     proved, until, "octets of the file have no success report") \
  X(report_good,     EQUALS,   msrp_status, 200, "the report says 200") \
  X(report_due,      SET,      report_asked, 0, "the sender of the file wants a success report") \
  X(line_open,       LISTED,   lines, 0, "the m line of the leg has a port") \
  X(redescribes,     SET,      described_anew, 0, "the request inside of the dialog has a session description") \
  X(lines_agree,     SET,      lines_fit, 0, "the description has as many m lines as there are legs") \
  X(has_file_type,   SET,      file_type, 0, "the media type of the file is known") \
  X(offers_files,    SET,      files_ok, 0, "it has a file that can come or go") \
  X(file_known,      IS,       file_is, CPM_FILE_IS_known, "we have the file of the selector, or what has come of it") \
  X(file_changed,    IS,       file_is, CPM_FILE_IS_changed, "ours has another size or hash") \
  X(file_unknown,    IS,       file_is, CPM_FILE_IS_unknown, "we have it not, or not any more") \
  X(has_payload,     SET,      payload, 0, "the host has brought the file") \
  X(names_file,      SET,      file_selector, 0, "the offer has a selector") \
  X(says_setup,      SET,      setup_said, 0, "the offer says a=setup") \
  X(none_asked,      NO_LEG,   asking, 0, "the user has spoken of each file") \
  X(none_taken,      NO_LEG,   offered, 0, "no file is taken") \
  X(none_strange,    NO_LEG,   strange, 0, "no file is one that cannot be taken up again") \
  X(none_to_settle,  NO_LEG,   to_settle, 0, "nothing is left to be said of files that have come") \
  X(ranged,          SET,      range_start, 0, "a part of the file goes") \
  X(resuming,        SET,      resumes, 0, "a transfer that was cut is taken up again") \
  X(aims,            SET,      peer_device, 0, "one device of the other side is meant") \
  X(glare,           CODES,    glare, 0, "491: the other side changes the session too") \
  X(none_ended,      NO_LEG,   ended, 0, "no leg has ended") \
  X(refreshes,       SET,      session_interval, 0, "the session has a timer") \
  X(we_refresh,      SET,      we_refresh, 0, "we are its refresher") \
  X(takes_update,    SET,      peer_updates, 0, "the other side takes UPDATE") \
  X(reinvites,       SET,      reinvites, 0, "the request inside of the dialog is an INVITE") \
  X(reoffers,        SET,      offered_path, 0, "it has an offer with MSRP") \
  X(same_path,       EQUAL,    offered_path, path, "that offer changes nothing") \
  X(last_flight,     EQUALS,   unacked, 1, "one chunk is without response") \
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
  X(last_iwf,        NO_KIND,  iwf, standing, "no other interworking function takes part") \
  /* a conversation over MSRP */ \
  X(in_session,      SET,      path, 0, "the session of the message stands") \
  X(names_session,   SET,      session_id, 0, "our MSRP URI of the session is known") \
  X(broke,           SET,      breaks, 0, "its connection broke while the message was read") \
  X(msrp_gone,       CODES,    session_gone, 0, "the other side knows no such session") \
  X(takes_payload,   TAKES_OF, accept_wrapped_types, payload_type, "the other side takes what is sent, inside of CPIM") \
  X(limited,         SET,      peer_max_size, 0, "the other side limits the size of a message") \
  X(says_composing,  TYPE,     content_type, composing_type, "the message says who composes") \
  X(takes_composing, TAKES,    accept_types, composing_type, "the other side wants to know who composes") \
  X(takes_wrapped_composing, TAKES, accept_wrapped_types, composing_type, "the same, inside of CPIM") \
  X(is_composing,    IS,       composing, CPM_COMPOSING_active, "somebody composes") \
  X(composed,        IS,       composing, CPM_COMPOSING_idle, "nobody does") \
  X(composing_unread, IS,      composing, CPM_COMPOSING_unreadable, "it cannot be read who does") \
  X(over_limit,      LESS,     peer_max_size, size, "the message is larger than the other side's limit, if it has one")

/* Texts that facts and captures compare with. */
#define CPM_LITERALS(X) X(multipart, "multipart") X(tag, "tag") X(isfocus, "isfocus") X(cpim_type, "message/cpim") X(any_type, "*") \
                        X(composing_type, "application/im-iscomposing+xml") \
                        X(chat_types, "message/cpim application/im-iscomposing+xml")

/* CPM_OPS(name, effect kind or NONE, operand a, operand b, doc) */
#define CPM_OPS(X) \
  X(NOTHING, NONE,    NONE,    NONE,     "nothing more than the change of state") \
  X(SEND,    SEND,    NONE,    RECIPE,   "the recipe as a request, on the leg or the call's own transaction") \
  X(REPLY,   REPLY,   NONE,    RECIPE,   "the recipe as final response to the held request") \
  X(REFUSE,  REPLY,   WARNING, CODE,     "a final response with a Warning: the recipe `refusal` with that status, 0: with the one in the field `status`") \
  X(PUSH,    PUSH,    NONE,    RECIPE,   "the recipe as MSRP SEND") \
  X(ACCEPT,  ACCEPT,  NONE,    CODE,     "an MSRP response to the event's chunk") \
  X(ACCEPT_OF, ACCEPT, NONE,   FIELD,    "the same with the status in the NUMBER field; 0: 408") \
  X(ACCEPT_ALL, ACCEPT, FIELD, ITEM,     "the same, to every chunk that is stored under that name and has no response") \
  X(CONNECT, CONNECT, NONE,    NONE,     "open the media connection") \
  X(LISTEN,  LISTEN,  NONE,    NONE,     "wait for the media connection") \
  X(CLOSE,   CLOSE,   NONE,    NONE,     "close the media connection") \
  X(START,   START,   FIELD,   TIMER,    "start a timer; with a field it says the seconds") \
  X(STOP,    STOP,    NONE,    TIMER,    "stop a timer") \
  X(ASK,     ASK,     NONE,    QUESTION, "ask the host") \
  X(STORE,   STORE,   FIELD,   ITEM,     "keep the event's item, or the one that the PARTS field is of") \
  X(FETCH,   FETCH,   ITEM,    INDEX,    "get a stored item back; without a field what there is one of") \
  X(DROP,    DROP,    NONE,    ITEM,     "forget a stored item") \
  X(TELL,    TELL,    NONE,    NOTICE,   "tell the user") \
  X(ENTER,   ENTER,   PROCEDURE, CODE,   "start the procedure with this event; the code answers a request when it is not there") \
  X(DONE,    DONE,    NONE,    NONE,     "over") \
  X(HOLD,    NONE,    NONE,    FIELD,    "remember the event's transaction in a TXN field") \
  X(ADD,     NONE,    NONE,    FIELD,    "NUMBER field plus one") \
  X(SUB,     NONE,    NONE,    FIELD,    "NUMBER field minus one") \
  X(TAKE,    NONE,    OF,      FIELD,    "NUMBER field plus the octets that may go out now: as many as the event says, chunk_size, and what is left up to the other field") \
  X(MARK,    NONE,    VALUE,   FIELD,    "ENUM field gets that value") \
  X(CLEAR,   NONE,    NONE,    FIELD,    "the field is unset") \
  X(COMPOSE, NONE,    RECIPE,  FIELD,    "the DOC field gets the recipe, a recipient list with its history; nothing to show: it is unset") \
  X(LEARN,   NONE,    NONE,    FIELD,    "the call's TEXT field gets that of the leg that raised") \
  X(BEST,    NONE,    NONE,    FIELD,    "the call's NUMBER field, a status, gets that of the leg that raised if that is better (O-R31)") \
  X(FORK,    NONE,    KIND,    NONE,     "a leg for each recipient that the event brought; each gets `go`") \
  X(SPLIT,   NONE,    KIND,    NONE,     "a leg for each notification in the event's message; each gets `go`") \
  X(FILES,   NONE,    NONE,    NONE,     "a leg of kind push or pull for each file that the event brings; each gets `go`") \
  X(OFFERED, NONE,    NONE,    NONE,     "a leg of kind push or pull for each m line of the event's session description; each gets `go`") \
  X(REFORK,  NONE,    KIND,    NONE,     "one more leg, of that kind, for the recipient of the leg that raised; it gets `go`") \
  X(EACH,    NONE,    NONE,    EVENT,    "the event to every leg that has a row for it") \
  X(MATCH,   NONE,    NONE,    EVENT,    "every leg takes what the m line of its number says in the event's session description; then as EACH") \
  X(RAISE,   NONE,    NONE,    EVENT,    "the event to the call")

/* ---- captures ------------------------------------------------------------------------------------------------------ */

/* CPM_SDP_WORDS(name, gives, doc): what the source SDP takes of a message's session description: of its first m line of MSRP that can be
 * read and has a port, over TLS or not as the agent has it, but for selector, ports, there and fits. None there: numbers are 0, texts absent. */
#define CPM_SDP_WORDS(X) \
  X(usable,       FLAG,   "is there such an m line?") \
  X(address,      TEXT,   "address of the c line that counts for it") \
  X(port,         NUMBER, "its port") \
  X(path,         TEXT,   "a=path") \
  X(secure,       FLAG,   "is it TCP/TLS/MSRP?") \
  X(cema,         FLAG,   "has it a=msrp-cema?") \
  X(fingerprint,  TEXT,   "the first a=fingerprint that counts for it") \
  X(files,        NUMBER, "how many of its m lines are files that can be read and may come or go") \
  X(line,         NUMBER, "which m line it is, counted from 0") \
  X(answers_setup, ENUM,  "what to answer to a=setup of an offer: passive to active, active to passive, to actpass what the agent's answer_active says, silent without one") \
  X(setup,        ENUM,   "a=setup of an answer: passive without one (RFC 4975 5.4), unusable where no m line of MSRP can be read, and with actpass") \
  X(accept_types, TEXT,   "a=accept-types") \
  X(accept_wrapped_types, TEXT, "a=accept-wrapped-types") \
  X(max_size,     NUMBER, "a=max-size; 0 without") \
  X(direction,    NUMBER, "direction as its writer sees it: 1 it sends, 2 it receives, 3 both") \
  X(ports,        NUMBER, "the m lines that have a port, of all media, as a set of bits: the first one is bit 0") \
  X(there,        FLAG,   "can a session description be read?") \
  X(fits,         FLAG,   "has it as many m lines as there are legs?") \
  X(size,         NUMBER, "size in a=file-selector; 0 without") \
  X(selector,     FLAG,   "has any m line a=file-selector, with or without a value?")

/* CPM_SOURCES(name, gives, operand a, operand b, doc): where captures take a field from. gives: the type; TEXT stands for every type
 * of text, ANY for the field's own. What does not fit the field's type leaves it unset. */
#define CPM_SOURCES(X) \
  X(ARG,          ANY,     NONE,        NONE, "an arg of the event; absent: the field stays as it is") \
  X(ARG_NOW,      ANY,     NONE,        NONE, "an arg of the event; absent: the field is unset") \
  X(FRESH,        TEXT,    NONE,        NONE, "a fresh identifier, a random UUID, unless the field is set") \
  X(IDENT,        TEXT,    NONE,        NONE, "a fresh identifier of MSRP, unless the field is set") \
  X(NOW,          NUMBER,  NONE,        NONE, "the event's time, ms since 1970") \
  X(SIZE_OF,      NUMBER,  RECIPE,      NONE, "octets of the body recipe, composed now; 0 if it cannot be") \
  X(LENGTH_OF,    NUMBER,  FIELD,       NONE, "the field, or if it is unset the octets of the CONTENT field") \
  X(SDP_TAKES,    FLAG,    LITERAL,     NONE, "do the agent and the session description's accept-types take the media type, and inside of it one that the other takes?") \
  X(OFFER,        KEPT,    NONE,        NONE, "t, r, z and m lines of the session description; none: the field stays as it is") \
  X(CHUNK_IS,     ENUM,    LITERAL,     NONE, "what the event's chunk is, of a message of that media type") \
  X(ARRIVED,      SPANS,   NONE,        NONE, "the field, and the octets of the event's chunk; a chunk that is not more, whole or again leaves it as it is") \
  X(LEADING_OF,   NUMBER,  FIELD,       NONE, "octets of the SPANS field from its first one on, without a gap; none there: the field as it is") \
  X(OCTETS_OF,    NUMBER,  FIELD,       NONE, "how many octets the SPANS field has") \
  X(WANTS_SUCCESS, FLAG,   NONE,        NONE, "has the event's chunk Success-Report: yes?") \
  X(EXTERNAL_URL, TEXT,    NONE,        NONE, "the URL, if the event's chunk is a whole message and its CPIM wraps message/external-body of access-type URL with action=fetch in the URL; of the chunk that makes a message whole the field awaited_url, if that is set") \
  X(EXTERNAL_BEGINS, TEXT, NONE,        NONE, "the same URL, if the event's chunk begins a message of several and is all that is here of it; else the field as it is") \
  X(CPIM_HEAD,    CONTENT, NONE,        NONE, "the headers of the CPIM in the event's chunk, without the empty line behind them; none: unset") \
  X(SIDE,         ENUM,    NONE,        NONE, "user if the event's chunk came first to a leg of kind client or device, else far") \
  X(BINDS,        FLAG,    NONE,        NONE, "is the event's chunk a message of no octets, 1-0/0, which binds a connection to its session?") \
  X(PLUS_LEN,     NUMBER,  NONE,        NONE, "the field plus the event's octets") \
  X(REACH,        NUMBER,  NONE,        NONE, "octets without a gap from the first one on: the field, or the end of the event's chunk or report if that begins no later") \
  X(MSRP_STATUS,  NUMBER,  NONE,        NONE, "status of the MSRP response, or in Status of the REPORT; 0: none") \
  X(STATUS,       NUMBER,  NONE,        NONE, "status code of the response, 0 when none came") \
  X(COMPOSING,    ENUM,    NONE,        NONE, "what the isComposing document says: active, idle, or that it cannot be read") \
  X(COMPOSING_REFRESH, NUMBER, NONE,    NONE, "seconds for which it counts: its refresh, at most 3600; 120 without (O-R79)") \
  X(COMPOSING_SINCE, NUMBER, NONE,      NONE, "its lastactive in ms since 1970; 0: none") \
  X(COMPOSING_TYPE, TEXT,  NONE,        NONE, "its contenttype") \
  X(PEER,         TEXT,    NONE,        NONE, "who sent the message over MSRP: to a group CPIM From, but not an anonymous one; else the field `to` (O-R77)") \
  X(PLUS_BIT,     NUMBER,  BIT,         NONE, "the field, a set, with the bit in it") \
  X(VALUE,        TEXT,    HEADER,      NONE, "value of the first header field of that name") \
  X(URI,          TEXT,    HEADER,      NONE, "URI of its first address") \
  X(REFERRER,     TEXT,    HEADER,      NONE, "its first address in < >; of a SIP and a TEL URI the other in a parameter `alias` (O-R56)") \
  X(ADDRESS,      TEXT,    HEADER,      NONE, "its first address, display name and all, without parameters") \
  X(INSTANCE,     TEXT,    HEADER,      NONE, "+sip.instance of its first address, without quotes and < >") \
  X(NUMBER,       NUMBER,  HEADER,      NONE, "its number; 0 when it is not there or no number") \
  X(RELEASE,      NUMBER,  HEADER,      NONE, "CPM release, times ten, that its products name; 0: none") \
  X(TAG,          FLAG,    HEADER,      ICSI, "does its +g.3gpp.icsi-ref name the ICSI? Every header field that has the tag must (O-R20)") \
  X(PRESENT,      FLAG,    HEADER,      NONE, "is the header field there?") \
  X(HAS_PARAM,    FLAG,    HEADER,      LITERAL, "has its first address the parameter?") \
  X(IS_AGENT,     FLAG,    HEADER,      AGENT_TEXT, "is the URI of its first address the agent's?") \
  X(SERVICE,      FLAG,    ICSI,        NONE, "P-Asserted-Service names the ICSI; without a CPM service there: as TAG of Accept-Contact (O-R20)") \
  X(MSRP,         TEXT,    MSRP_HEADER, NONE, "value of the header field of the event's chunk") \
  X(SDP,          ANY,     SDP_WORD,    NONE, "a word of the session description, or the arg of that field") \
  X(PRIVACY,      FLAG,    NONE,        NONE, "does Privacy ask to hide the originator: id, user or header?") \
  X(INTERVAL,     NUMBER,  NONE,        NONE, "seconds in Session-Expires, 90 at least; 0 without. A response that is not 2xx leaves the field as it is") \
  X(REFRESHES,    FLAG,    NONE,        NONE, "Session-Expires: are we the refresher? Of a response that is not 2xx: no") \
  X(DUE,          NUMBER,  NONE,        NONE, "seconds that the session timer runs, from session_interval and we_refresh: half, or all but the smaller of 32 s and a third (RFC 4028 10); after a refresh that failed what is left until then") \
  X(ALLOWS,       FLAG,    METHOD,      NONE, "does Allow name the method?") \
  X(METHOD,       FLAG,    METHOD,      NONE, "is it a request with that method?") \
  X(AGENT,        NUMBER,  AGENT_NUMBER, NONE, "the agent's number") \
  X(REFRESHER,    FLAG,    NONE,        NONE, "Session-Expires: refresher=uac?") \
  X(REASON,       ENUM,    NONE,        NONE, "the first Reason whose protocol is SIP, as a value of the field `reason`") \
  X(REQUEST_URI,  TEXT,    NONE,        NONE, "Request-URI") \
  X(ADDRESSED,    ENUM,    NONE,        NONE, "Request-URI held against cf_uri, exploder_uri (O-R7)") \
  X(REQUEST,      KEPT,    NONE,        NONE, "end-to-end header fields (O-R12)") \
  X(BODY_LEN,     NUMBER,  NONE,        NONE, "octets of the body") \
  X(BODY_OK,      FLAG,    NONE,        NONE, "could the body be split into its parts? Without a body: yes") \
  X(PARTS,        PARTS,   NONE,        NONE, "runs of the parts of the body but for recipient lists; none: the field stays as it is") \
  X(PARTS_TYPE,   TEXT,    NONE,        NONE, "media type of the first of those parts, text/plain if it names none") \
  X(LIST,         CONTENT, NONE,        NONE, "the part that is application/resource-lists+xml; none: the field stays as it is") \
  X(WHOLE,        PARTS,   NONE,        NONE, "the body as one part, as it came; none: the field stays as it is") \
  X(BODY_ENCODING, TEXT,   NONE,        NONE, "Content-Encoding of the body, unless it is identity") \
  X(TYPE_OK,      FLAG,    NONE,        NONE, "is the body's type, and the wrapped one, in the agent's accept lists? A notification always is") \
  X(IS_CPIM,      FLAG,    NONE,        NONE, "is a part said to be message/cpim?") \
  X(CPIM_OK,      FLAG,    NONE,        NONE, "can that part be read as CPIM?") \
  X(CPIM,         TEXT,    CPIM_HEADER, NONE, "value of the CPIM header") \
  X(CPIM_ADDRS,   TEXT,    CPIM_HEADER, NONE, "the URIs of all CPIM headers of that name, in < >, comma-separated") \
  X(CPIM_TIME,    NUMBER,  NONE,        NONE, "CPIM DateTime in ms since 1970, 0: none") \
  X(CPIM_REPORT,  NUMBER,  NONE,        NONE, "imdn.Disposition-Notification as a set of bits") \
  X(CONTENT,      CONTENT, NONE,        NONE, "what CPIM wraps, or the body's part that is no recipient list when there is no CPIM; of several such parts the whole body") \
  X(CONTENT_TYPE, TEXT,    NONE,        NONE, "its media type, text/plain if it names none") \
  X(CONTENT_TRANSFER_ENCODING, TEXT, NONE, NONE, "its Content-Transfer-Encoding") \
  X(IS_REPORT,    FLAG,    NONE,        NONE, "is it made of disposition notifications, and nothing else?") \
  X(REPORTS,      NUMBER,  NONE,        NONE, "disposition notifications in the body that can be read") \
  X(REPORTS_LEN,  NUMBER,  NONE,        NONE, "octets of the message, if the event brings its head alone and that shows notifications and nothing else; else 0") \
  X(ORIGINAL_TO,  TEXT,    NONE,        NONE, "imdn.Original-To, else CPIM To; not an anonymous one") \
  X(EXPIRED,      FLAG,    NONE,        NONE, "is Expires, counted from Date, or from now, over? (O-R48)") \
  X(REPORT_TO,    TEXT,    NONE,        NONE, "where a notification goes: IMDN-Record-Route, else Referred-By, else P-Asserted-Identity (O-R45)") \
  X(REPORT_FOR,   TEXT,    NONE,        NONE, "whom a notification is for: Referred-By, else P-Asserted-Identity; not an anonymous one") \
  X(ACCEPTS,      FLAG,    LITERAL,     NONE, "does Accept of the response take that media type?") \
  X(MEMBERS,      LIST,    NONE,        NONE, "the recipients that the event brings; none: the field stays as it is") \
  X(RECIPIENTS,   NUMBER,  NONE,        NONE, "how many recipients the event brings")

/* ---- recipes ------------------------------------------------------------------------------------------------------- */

/* CPM_LEVELS(name, doc): what a recipe line asks. */
#define CPM_LEVELS(X) \
  X(SHALL,       "it must be there: a value that is missing fails the step") \
  X(SHOULD,      "it is written if there is a value") \
  X(MAY,         "it is written if there is a value") \
  X(SHALL_NOT,   "it must not be there: nothing is written") \
  X(EXACTLY_ONE, "of the lines with this place and name exactly one applies: nothing is written")

/* CPM_PLACES(name, operand that the name is, doc): where a recipe line writes. */
#define CPM_PLACES(X) \
  X(SIP,   HEADER,      "a header field of the SIP message, REQUEST_URI its Request-URI, ANY_OTHER all that no line names") \
  X(CPIM,  CPIM_HEADER, "a header of the CPIM wrapper") \
  X(MIME,  HEADER,      "a header of the content that CPIM wraps") \
  X(BODY,  NONE,        "the body, or a part of it; several that apply make it multipart/mixed (O-R14)") \
  X(ENTRY, NONE,        "entries of a recipient list") \
  X(SDP,   SDP_LINE,    "a line of the session description, behind its m line") \
  X(MSRP,  MSRP_HEADER, "a header field of the MSRP SEND")

/* CPM_SDP_LINES(name, attribute, doc): lines that recipes write. */
#define CPM_SDP_LINES(X) \
  X(DIRECTION,    "",                       "a=sendonly, a=recvonly ...: the value is the attribute") \
  X(ACCEPT_TYPES, "accept-types:",          "what MSRP may bring") \
  X(ACCEPT_WRAPPED_TYPES, "accept-wrapped-types:", "what CPIM may wrap") \
  X(PATH,         "path:",                  "MSRP URIs") \
  X(FILE_SELECTOR, "file-selector:",        "the file, or the size of the message") \
  X(FILE_TRANSFER_ID, "file-transfer-id:",  "of the transfer") \
  X(FILE_DISPOSITION, "file-disposition:",  "what becomes of the file") \
  X(FILE_DATE,    "file-date:",             "when it was made, changed and read") \
  X(FILE_ICON,    "file-icon:",             "a body part with a picture of it") \
  X(FILE_RANGE,   "file-range:",            "the octets of it that go") \
  X(MAX_SIZE,     "max-size:",              "octets that may come") \
  X(SETUP,        "setup:",                 "who connects") \
  X(MSRP_CEMA,    "msrp-cema",              "RFC 6714; without a value") \
  X(FINGERPRINT,  "fingerprint:",           "of our certificate")

/* CPM_RECIPE_KINDS(name, operand that it starts with, doc) */
#define CPM_RECIPE_KINDS(X) \
  X(REQUEST,   METHOD, "a request outside of a dialog") \
  X(IN_DIALOG, METHOD, "a request inside a dialog, or ACK or CANCEL: the stack knows its URI and route") \
  X(FORKED,    METHOD, "ACK or BYE in the dialog that the event invite_fork names: what answers it is the stack's") \
  X(RESPONSE,  CODE,   "a final response; 0: with the status of the one that came") \
  X(CPIM_BODY, NONE,   "a CPIM message, as a body") \
  X(LIST_BODY, NONE,   "a recipient list, as a body") \
  X(IMDN_BODY, NONE,   "a disposition notification, as a body") \
  X(HOST_BODY, NONE,   "content of the host, as a body; a MIME line says its type") \
  X(SDP_BODY,  NONE,   "a session description with one m line of MSRP, as a body") \
  X(FILES_BODY, NONE,  "a session description with an m line for each leg, as a body") \
  X(SDP_ANSWER, NONE,  "the same for the lines in the field offer: our m line at media_line, every other one refused; where it is unset, ours alone") \
  X(MSRP,      NONE,   "an MSRP SEND") \
  X(MSRP_REPORT, NONE, "an MSRP REPORT; without a line for Status it says 200")

/* CPM_RECIPE_VALUES(name, operand, operand in words, doc): what a recipe line writes. */
#define CPM_RECIPE_VALUES(X) \
  X(LIT,            NONE,         TEXT,  "the text") \
  X(ICSI,           ICSI,         NONE,  "the plain URN") \
  X(ICSI_TAG,       ICSI,         NONE,  "*;+g.3gpp.icsi-ref=\"the URN, coded\"") \
  X(CTX,            FIELD,        NONE,  "the field: leg first, then call") \
  X(ADDR,           FIELD,        NONE,  "the field, a URI, in < >") \
  X(ADDRS,          FIELD,        NONE,  "the ADDRS field, a header for each address") \
  X(OF_AGENT,       AGENT_TEXT,   NONE,  "the agent's text") \
  X(ADDR_OF_AGENT,  AGENT_TEXT,   NONE,  "the agent's text, a URI, in < >") \
  X(ADDR_OF_TARGET, NONE,         NONE,  "what the Request-URI line gave, in < >") \
  X(COPY,           HEADER,       NONE,  "every such header field of the kept request; must be there") \
  X(COPY_IF,        HEADER,       NONE,  "every such header field of the kept request, if there is one") \
  X(COPY_PLUS,      HEADER,       TOKEN, "COPY_IF as one token list, with the token added") \
  X(COPY_MINUS,     HEADER,       TOKEN, "COPY_IF as one token list without the token; nothing left: no field") \
  X(ALL_OTHERS,     FIELD,        NONE,  "every header field in the KEPT field that no line of this recipe names that applies") \
  X(WARNING,        NONE,         NONE,  "the Warning of the op that composes") \
  X(TIME,           NONE,         NONE,  "DateTime of the event") \
  X(REPORT,         FIELD,        NONE,  "set of dispositions in the field") \
  X(RECIPE,         RECIPE,       NONE,  "a body or part") \
  X(CONTENT,        FIELD,        NONE,  "the host's content") \
  X(PARTS,          FIELD,        NONE,  "kept parts of the received body") \
  X(LIST,           FIELD,        NONE,  "entries of the LIST field") \
  X(LIST_PLUS,      FIELD,        NONE,  "one more entry, the field's URI, if `members` has no equal one") \
  X(ALL,            NONE,         NONE,  "Byte-Range of a message that goes out whole") \
  X(WINDOW,         NONE,         NONE,  "the octets that TAKE took last: Byte-Range, and of the body these") \
  X(EMPTY,          NONE,         NONE,  "Byte-Range of a message of no octets") \
  X(ALL_OF,         FIELD,        NONE,  "Byte-Range of a whole message of as many octets as the NUMBER field says") \
  X(TIME_IN,        FIELD,        NONE,  "DateTime of the ms in the field") \
  X(CONTACT,        ICSI,         NONE,  "our contact, GRUU or address, in < > with +sip.instance, unless we are anonymous, and +g.3gpp.icsi-ref") \
  X(TYPES_OF,       AGENT_TEXT,   TEXT,  "the media types of the agent's text, SP between; without it the text") \
  X(WRAPPED_TYPES,  NONE,         NONE,  "the payload's media type, and those inside of a multipart") \
  X(RANGE,          NONE,         NONE,  "Byte-Range of the event's chunk") \
  X(CHUNK,          NONE,         NONE,  "the event's chunk") \
  X(OWN_PATH,       NONE,         NONE,  "our MSRP URI: media_address, media_port, session_id, of a leg with its index") \
  X(SIZE,           FIELD,        NONE,  "size: and the field") \
  X(ICSI_DEVICE,    ICSI,         NONE,  "ICSI_TAG, and the device peer_device alone") \
  X(SPAN,           NONE,         NONE,  "range_start - until, as a=file-range has it") \
  X(HISTORY,        NONE,         NONE,  "to and cc entries of the member legs (O-R11)") \
  X(COMPOSING,      FIELD,        NONE,  "<isComposing> with that state: of an active one its refresh, of an idle one last_active, of both composing_type") \
  X(IMDN,           IMDN_STATUS,  NONE,  "<imdn> with that status, for the message that was received") \
  X(NUMBER,         AGENT_NUMBER, TEXT,  "the agent's number and the text behind it") \
  X(CONTACT_OF,     FIELD,        TEXT,  "our address in < >, the text, and what names services in the address that the TEXT field holds (O-R9)") \
  X(NUMBER_IN,      FIELD,        TEXT,  "the NUMBER field and the text behind it")

/* Recipes, see recipe.h. */
#define CPM_RECIPES(X) \
  X(pager_message) X(cpim) X(target_list) X(pager_out) X(pager_accepted) X(history_list) X(refusal) X(ok) \
  X(method_refused) X(bare_payload) X(type_refused) X(encoding_refused) X(received_ok) X(report_message) X(report_cpim) X(report_imdn) \
  X(originating_out) X(originating_answer) \
  X(ack) X(cancel) X(bye) X(fork_ack) X(fork_bye) X(refresh) X(bye_200) X(bye_480) X(large_out) X(large_out_many) X(large_200) X(chunk_copy) X(drop_streams) X(large_offer) X(large_answer) \
  X(relayed_chunk) X(relayed_content) X(fetched_cpim) X(relayed_report) X(iwf_invite) X(iwf_offer) X(large_invite) X(large_send_offer) X(bind_send) X(large_chunk) X(large_send_again) X(large_send_again_200) X(large_send_answer) \
  X(large_again) X(large_again_200) X(large_out_again) X(large_out_again_200) X(large_out_answer) \
  X(session_bind) X(chat_chunk) X(chat_cpim) X(composing_send) X(composing_cpim) X(report_send) \
  X(large_taken) X(large_taken_answer) X(large_taken_again) X(large_taken_again_200) X(success_report) X(file_taken) X(file_taken_answer) \
  X(file_invite) X(file_recipients) X(file_cpim) X(file_offer) X(file_answer) X(file_reinvite) X(file_changed) X(file_chunk) X(file_report)

#endif
