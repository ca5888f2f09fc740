/* SPDX-License-Identifier: MIT */
/* table.h - how tables are written: rows, captures, recipe lines, machines. Procedure files hold nothing else.
 *
 * A row            ROW(clauses, state, event, IF(facts), next, ops)
 *   clauses        every requirement id that the row answers for, relative to SPEC, separated by spaces; S<n>- and O- ids stand whole
 *   state, event   left empty: as in the row above. state may be a group of states
 *   IF             up to six facts that all hold, each plain or with no_; ALWAYS: none
 *   next           a state; `stays` under a group
 * Rows are tried from top to bottom; the first whose state, event and facts fit is taken.
 */
#ifndef CPMI_TABLE_H
#define CPMI_TABLE_H

#include "cpm/cpim.h"
#include "cpm/imdn.h"
#include "cpm/value.h"
#include "lists.h"

/* ---- numbers of the names ---------------------------------------------------------------------------------------- */

#define CPMI_STATE_ENUM(name, doc) CPMI_STATE_##name,
enum { CPM_STATES(CPMI_STATE_ENUM) CPMI_STATE_COUNT };
_Static_assert(CPMI_STATE_COUNT <= 64, "groups of states are 64-bit sets");

#define CPMI_GROUP_ENUM(name, members, doc) CPMI_GROUP_INDEX_##name,
enum { CPM_GROUPS(CPMI_GROUP_ENUM) CPMI_GROUP_COUNT };
/* In the state column a group is a number from 64 on. 255 there is "as above", in the next column "stays". */
#define CPMI_GROUP_STATE(name, members, doc) CPMI_STATE_##name = 64 + CPMI_GROUP_INDEX_##name, CPMI_GROUP_##name = CPMI_GROUP_INDEX_##name,
enum { CPM_GROUPS(CPMI_GROUP_STATE) CPMI_STATE_ = 255, CPMI_STATE_stays = 255, CPM_EVENT_ = 255 };

#define CPMI_KIND_ENUM(name, doc) CPMI_KIND_##name,
enum { CPM_LEG_KINDS(CPMI_KIND_ENUM) CPMI_KIND_COUNT };
#define CPMI_WARNING_ENUM(name, number, text) CPMI_WARNING_##name,
enum { CPM_WARNINGS(CPMI_WARNING_ENUM) CPMI_WARNING_COUNT };
#define CPMI_CODES_ENUM(name, ...) CPMI_CODES_##name,
enum { CPM_CODE_LISTS(CPMI_CODES_ENUM) CPMI_CODES_COUNT };
#define CPMI_LITERAL_ENUM(name, text) CPMI_LITERAL_##name,
enum { CPM_LITERALS(CPMI_LITERAL_ENUM) CPMI_LITERAL_COUNT };
#define CPMI_OP_ENUM(name, effect, a, b, doc) CPMI_OP_##name,
enum { CPMI_OP_END, CPM_OPS(CPMI_OP_ENUM) CPMI_OP_COUNT };
#define CPMI_OPERAND_ENUM(token, name, of, doc) CPMI_OPERAND_##token,
enum { CPMI_OPERAND_NONE, CPM_OPERANDS(CPMI_OPERAND_ENUM) CPMI_OPERAND_COUNT };
#define CPMI_TEST_ENUM(name, a, b, doc) CPMI_TEST_##name,
enum { CPM_TESTS(CPMI_TEST_ENUM) CPMI_TEST_COUNT };
#define CPMI_SOURCE_ENUM(name, gives, a, b, doc) CPMI_FROM_##name,
enum { CPM_SOURCES(CPMI_SOURCE_ENUM) CPMI_FROM_COUNT };
#define CPMI_SDP_ENUM(name, gives, doc) CPMI_SDP_##name,
enum { CPM_SDP_WORDS(CPMI_SDP_ENUM) CPMI_SDP_COUNT };
#define CPMI_SDP_LINE_ENUM(name, attribute, doc) CPM_SDP_LINE_##name,
enum { CPM_SDP_LINES(CPMI_SDP_LINE_ENUM) CPM_SDP_LINE_COUNT };
#define CPMI_LEVEL_ENUM(name, doc) CPMI_##name,
enum { CPM_LEVELS(CPMI_LEVEL_ENUM) CPMI_LEVEL_COUNT };
#define CPMI_PLACE_ENUM(name, names, doc) CPMI_PLACE_##name,
enum { CPM_PLACES(CPMI_PLACE_ENUM) CPMI_PLACE_COUNT };
#define CPMI_RECIPE_KIND_ENUM(name, start, doc) CPMI_RECIPE_##name,
enum { CPM_RECIPE_KINDS(CPMI_RECIPE_KIND_ENUM) CPMI_RECIPE_KIND_COUNT };
#define CPMI_RECIPE_VALUE_ENUM(name, operand, lit, doc) CPMI_VALUE_##name,
enum { CPM_RECIPE_VALUES(CPMI_RECIPE_VALUE_ENUM) CPMI_VALUE_COUNT };
#define CPMI_RECIPE_ENUM(name) CPMI_RECIPE_##name,
enum { CPM_RECIPES(CPMI_RECIPE_ENUM) CPMI_RECIPE_COUNT };
#define CPMI_TEXT_ENUM(name, doc) CPMI_AGENT_##name,
#define CPMI_NUMBER_ENUM(name, value, min, max, doc) CPMI_AGENT_##name,
enum { CPM_AGENT_TEXTS(CPMI_TEXT_ENUM) CPMI_AGENT_TEXT_COUNT };
enum { CPMI_AGENT_NUMBERS_FROM = CPMI_AGENT_TEXT_COUNT - 1, CPM_AGENT_NUMBERS(CPMI_NUMBER_ENUM) CPMI_AGENT_COUNT };

#define CPMI_FACT_ENUM(name, test, a, b, doc) CPMI_FACT_INDEX_##name,
enum { CPMI_FACT_NONE, CPM_FACTS(CPMI_FACT_ENUM) CPMI_FACT_COUNT };
#define CPMI_FACT_SIGN(name, test, a, b, doc) CPMI_IF_##name = CPMI_FACT_INDEX_##name, CPMI_IF_no_##name = -CPMI_FACT_INDEX_##name,
enum { CPM_FACTS(CPMI_FACT_SIGN) CPMI_IF_ = 0 };

/* Values that MARK sets. */
#define CPMI_IS_REPORTED(name, doc) CPMI_IS_reported_##name = CPM_REPORTED_##name,
#define CPMI_IS_COMPOSING(name, doc) CPMI_IS_composing_##name = CPM_COMPOSING_##name,
enum { CPM_COMPOSINGS(CPMI_IS_COMPOSING) };
enum { CPM_REPORTS(CPMI_IS_REPORTED) };
#define CPMI_IS_DETOUR(name, doc) CPMI_IS_detour_##name = CPM_DETOUR_##name,
enum { CPM_DETOURS(CPMI_IS_DETOUR) };

/* ---- guards ------------------------------------------------------------------------------------------------------ */

#define CPMI_GUARD 6
#define CPMI_NARG(...) CPMI_NARG_(__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)
#define CPMI_NARG_(a, b, c, d, e, f, n, ...) n
#define CPMI_CAT(a, b) CPMI_CAT_(a, b)
#define CPMI_CAT_(a, b) a##b
#define CPMI_IF1(a)                {CPMI_IF_##a}
#define CPMI_IF2(a, b)             {CPMI_IF_##a, CPMI_IF_##b}
#define CPMI_IF3(a, b, c)          {CPMI_IF_##a, CPMI_IF_##b, CPMI_IF_##c}
#define CPMI_IF4(a, b, c, d)       {CPMI_IF_##a, CPMI_IF_##b, CPMI_IF_##c, CPMI_IF_##d}
#define CPMI_IF5(a, b, c, d, e)    {CPMI_IF_##a, CPMI_IF_##b, CPMI_IF_##c, CPMI_IF_##d, CPMI_IF_##e}
#define CPMI_IF6(a, b, c, d, e, f) {CPMI_IF_##a, CPMI_IF_##b, CPMI_IF_##c, CPMI_IF_##d, CPMI_IF_##e, CPMI_IF_##f}
#define IF(...) CPMI_CAT(CPMI_IF, CPMI_NARG(__VA_ARGS__))(__VA_ARGS__)
#define ALWAYS {0}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

#define CPMI_OPS_A_ROW 8
typedef struct cpmi_op { uint8_t op, a; uint16_t b; } cpmi_op;
typedef struct cpmi_row {
  const char *spec, *clauses;
  int16_t     when[CPMI_GUARD];
  uint8_t     state, event, next, ignore;
  cpmi_op     ops[CPMI_OPS_A_ROW];
} cpmi_row;

#define ROW(clauses, state, event, when, next, ...) \
  { SPEC, clauses, when, CPMI_STATE_##state, CPM_EVENT_##event, CPMI_STATE_##next, 0, { __VA_ARGS__ } },
/* A deliberate refusal: the event is CPM_IGNORED there, and no row below is tried. */
#define IGNORE(clauses, state, event) \
  { SPEC, clauses, ALWAYS, CPMI_STATE_##state, CPM_EVENT_##event, CPMI_STATE_stays, 1, {{0, 0, 0}} },

#define NOTHING            {CPMI_OP_NOTHING, 0, 0}
#define SEND(recipe)       {CPMI_OP_SEND, 0, CPMI_RECIPE_##recipe}
#define REPLY(recipe)      {CPMI_OP_REPLY, 0, CPMI_RECIPE_##recipe}
#define REFUSE(code, warning) {CPMI_OP_REFUSE, CPMI_WARNING_##warning, code}
#define PUSH(recipe)       {CPMI_OP_PUSH, 0, CPMI_RECIPE_##recipe}
#define ACCEPT(code)       {CPMI_OP_ACCEPT, 0, code}
#define ACCEPT_OF(field)   {CPMI_OP_ACCEPT_OF, 0, CPM_FIELD_##field}
#define ACCEPT_ALL(item, field) {CPMI_OP_ACCEPT_ALL, CPM_FIELD_##field, CPM_ITEM_##item}
#define CONNECT            {CPMI_OP_CONNECT, 0, 0}
#define LISTEN             {CPMI_OP_LISTEN, 0, 0}
#define CLOSE              {CPMI_OP_CLOSE, 0, 0}
#define START(timer)       {CPMI_OP_START, 0, CPM_TIMER_##timer}
#define START_FOR(timer, field) {CPMI_OP_START, CPM_FIELD_##field, CPM_TIMER_##timer}
#define STOP(timer)        {CPMI_OP_STOP, 0, CPM_TIMER_##timer}
#define ASK(question)      {CPMI_OP_ASK, 0, CPM_QUESTION_##question}
#define STORE(item)        {CPMI_OP_STORE, 0, CPM_ITEM_##item}
#define STORE_OF(item, field) {CPMI_OP_STORE, CPM_FIELD_##field, CPM_ITEM_##item}
#define FETCH_HEAD(item)   {CPMI_OP_FETCH, CPM_ITEM_##item, CPM_FIELD_NONE}
#define FETCH(item, index) {CPMI_OP_FETCH, CPM_ITEM_##item, CPM_FIELD_##index}
#define DROP(item)         {CPMI_OP_DROP, 0, CPM_ITEM_##item}
#define TELL(notice)       {CPMI_OP_TELL, 0, CPM_NOTICE_##notice}
#define ENTER(procedure, code) {CPMI_OP_ENTER, CPM_PROCEDURE_##procedure, code}
#define DONE               {CPMI_OP_DONE, 0, 0}
#define HOLD(field)        {CPMI_OP_HOLD, 0, CPM_FIELD_##field}
#define ADD(field)         {CPMI_OP_ADD, 0, CPM_FIELD_##field}
#define COMPOSE(field, recipe) {CPMI_OP_COMPOSE, CPMI_RECIPE_##recipe, CPM_FIELD_##field}
#define LEARN(field)       {CPMI_OP_LEARN, 0, CPM_FIELD_##field}
#define BEST(field)        {CPMI_OP_BEST, 0, CPM_FIELD_##field}
#define MARK(field, value) {CPMI_OP_MARK, CPMI_IS_##field##_##value, CPM_FIELD_##field}
#define CLEAR(field)       {CPMI_OP_CLEAR, 0, CPM_FIELD_##field}
#define SUB(field)         {CPMI_OP_SUB, 0, CPM_FIELD_##field}
#define TAKE(field, whole) {CPMI_OP_TAKE, CPM_FIELD_##whole, CPM_FIELD_##field}
#define FILES              {CPMI_OP_FILES, 0, 0}
#define OFFERED            {CPMI_OP_OFFERED, 0, 0}
#define MATCH(event)       {CPMI_OP_MATCH, 0, CPM_EVENT_##event}
#define FORK(kind)         {CPMI_OP_FORK, CPMI_KIND_##kind, 0}
#define SPLIT(kind)        {CPMI_OP_SPLIT, CPMI_KIND_##kind, 0}
#define REFORK(kind)       {CPMI_OP_REFORK, CPMI_KIND_##kind, 0}
#define EACH(event)        {CPMI_OP_EACH, 0, CPM_EVENT_##event}
#define RAISE(event)       {CPMI_OP_RAISE, 0, CPM_EVENT_##event}

/* ---- captures: what an event leaves in the block before rows are tried; undone if no row takes it ------------------ */

/* Sources are CPM_SOURCES of lists.h: each has its CPMI_G_ below. */
typedef struct cpmi_capture { const char *spec, *clauses; uint8_t event, leg, field, source; uint16_t what, with; } cpmi_capture;

#define CAPTURE(clauses, event, field, from)     { SPEC, clauses, CPM_EVENT_##event, 0, CPM_FIELD_##field, CPMI_G_##from },
#define LEG_CAPTURE(clauses, event, field, from) { SPEC, clauses, CPM_EVENT_##event, 1, CPM_FIELD_##field, CPMI_G_##from },
#define CPMI_G_VALUE(header)     CPMI_FROM_VALUE, CPM_SIP_##header, 0
#define CPMI_G_URI(header)       CPMI_FROM_URI, CPM_SIP_##header, 0
#define CPMI_G_NUMBER(header)    CPMI_FROM_NUMBER, CPM_SIP_##header, 0
#define CPMI_G_RELEASE(header)   CPMI_FROM_RELEASE, CPM_SIP_##header, 0
#define CPMI_G_TAG(header, icsi) CPMI_FROM_TAG, CPM_SIP_##header, CPM_ICSI_##icsi
#define CPMI_G_CPIM(header)      CPMI_FROM_CPIM, CPM_CPIM_##header, 0
#define CPMI_G_CPIM_ADDRS(header) CPMI_FROM_CPIM_ADDRS, CPM_CPIM_##header, 0
#define CPMI_G_REFERRER(header)  CPMI_FROM_REFERRER, CPM_SIP_##header, 0
#define CPMI_G_ADDRESS(header)   CPMI_FROM_ADDRESS, CPM_SIP_##header, 0
#define CPMI_G_WHOLE             CPMI_FROM_WHOLE, 0, 0
#define CPMI_G_BODY_ENCODING     CPMI_FROM_BODY_ENCODING, 0, 0
#define CPMI_G_ORIGINAL_TO       CPMI_FROM_ORIGINAL_TO, 0, 0
#define CPMI_G_REPORTS           CPMI_FROM_REPORTS, 0, 0
#define CPMI_G_REPORTS_LEN       CPMI_FROM_REPORTS_LEN, 0, 0
#define CPMI_G_ARG               CPMI_FROM_ARG, 0, 0
#define CPMI_G_ARG_NOW           CPMI_FROM_ARG_NOW, 0, 0
#define CPMI_G_FRESH             CPMI_FROM_FRESH, 0, 0
#define CPMI_G_IDENT             CPMI_FROM_IDENT, 0, 0
#define CPMI_G_NOW               CPMI_FROM_NOW, 0, 0
#define CPMI_G_SIZE_OF(recipe)   CPMI_FROM_SIZE_OF, CPMI_RECIPE_##recipe, 0
#define CPMI_G_EXTERNAL_URL      CPMI_FROM_EXTERNAL_URL, 0, 0
#define CPMI_G_EXTERNAL_BEGINS   CPMI_FROM_EXTERNAL_BEGINS, 0, 0
#define CPMI_G_CPIM_HEAD         CPMI_FROM_CPIM_HEAD, 0, 0
#define CPMI_G_SIDE              CPMI_FROM_SIDE, 0, 0
#define CPMI_G_BINDS             CPMI_FROM_BINDS, 0, 0
#define CPMI_G_PLUS_LEN          CPMI_FROM_PLUS_LEN, 0, 0
#define CPMI_G_LEADING_OF(field) CPMI_FROM_LEADING_OF, CPM_FIELD_##field, 0
#define CPMI_G_REACH             CPMI_FROM_REACH, 0, 0
#define CPMI_G_MSRP_STATUS       CPMI_FROM_MSRP_STATUS, 0, 0
#define CPMI_G_INSTANCE(header)  CPMI_FROM_INSTANCE, CPM_SIP_##header, 0
#define CPMI_G_COMPOSING         CPMI_FROM_COMPOSING, 0, 0
#define CPMI_G_COMPOSING_REFRESH CPMI_FROM_COMPOSING_REFRESH, 0, 0
#define CPMI_G_COMPOSING_SINCE   CPMI_FROM_COMPOSING_SINCE, 0, 0
#define CPMI_G_COMPOSING_TYPE    CPMI_FROM_COMPOSING_TYPE, 0, 0
#define CPMI_G_PEER              CPMI_FROM_PEER, 0, 0
#define CPMI_G_PLUS_BIT(bit)     CPMI_FROM_PLUS_BIT, bit, 0
#define CPMI_G_STATUS            CPMI_FROM_STATUS, 0, 0
#define CPMI_G_PRESENT(header)   CPMI_FROM_PRESENT, CPM_SIP_##header, 0
#define CPMI_G_HAS_PARAM(header, literal) CPMI_FROM_HAS_PARAM, CPM_SIP_##header, CPMI_LITERAL_##literal
#define CPMI_G_IS_AGENT(header, text) CPMI_FROM_IS_AGENT, CPM_SIP_##header, CPMI_AGENT_##text
#define CPMI_G_SERVICE(icsi)     CPMI_FROM_SERVICE, CPM_ICSI_##icsi, 0
#define CPMI_G_MSRP(header)      CPMI_FROM_MSRP, CPM_MSRP_##header, 0
#define CPMI_G_LENGTH_OF(field)  CPMI_FROM_LENGTH_OF, CPM_FIELD_##field, 0
#define CPMI_G_SDP_TAKES(literal) CPMI_FROM_SDP_TAKES, CPMI_LITERAL_##literal, 0
#define CPMI_G_OFFER             CPMI_FROM_OFFER, 0, 0
#define CPMI_G_CHUNK_IS(literal) CPMI_FROM_CHUNK_IS, CPMI_LITERAL_##literal, 0
#define CPMI_G_ARRIVED           CPMI_FROM_ARRIVED, 0, 0
#define CPMI_G_OCTETS_OF(field)  CPMI_FROM_OCTETS_OF, CPM_FIELD_##field, 0
#define CPMI_G_WANTS_SUCCESS     CPMI_FROM_WANTS_SUCCESS, 0, 0
#define CPMI_G_SDP(word)         CPMI_FROM_SDP, CPMI_SDP_##word, 0
#define CPMI_G_PRIVACY           CPMI_FROM_PRIVACY, 0, 0
#define CPMI_G_INTERVAL          CPMI_FROM_INTERVAL, 0, 0
#define CPMI_G_REFRESHES         CPMI_FROM_REFRESHES, 0, 0
#define CPMI_G_DUE               CPMI_FROM_DUE, 0, 0
#define CPMI_G_ALLOWS(method)    CPMI_FROM_ALLOWS, CPM_METHOD_##method, 0
#define CPMI_G_METHOD(method)    CPMI_FROM_METHOD, CPM_METHOD_##method, 0
#define CPMI_G_AGENT(number)     CPMI_FROM_AGENT, CPMI_AGENT_##number, 0
#define CPMI_G_REFRESHER         CPMI_FROM_REFRESHER, 0, 0
#define CPMI_G_REASON            CPMI_FROM_REASON, 0, 0
#define CPMI_G_REQUEST_URI       CPMI_FROM_REQUEST_URI, 0, 0
#define CPMI_G_ADDRESSED         CPMI_FROM_ADDRESSED, 0, 0
#define CPMI_G_REQUEST           CPMI_FROM_REQUEST, 0, 0
#define CPMI_G_BODY_LEN          CPMI_FROM_BODY_LEN, 0, 0
#define CPMI_G_BODY_OK           CPMI_FROM_BODY_OK, 0, 0
#define CPMI_G_PARTS             CPMI_FROM_PARTS, 0, 0
#define CPMI_G_PARTS_TYPE        CPMI_FROM_PARTS_TYPE, 0, 0
#define CPMI_G_LIST              CPMI_FROM_LIST, 0, 0
#define CPMI_G_TYPE_OK           CPMI_FROM_TYPE_OK, 0, 0
#define CPMI_G_IS_CPIM           CPMI_FROM_IS_CPIM, 0, 0
#define CPMI_G_CPIM_OK           CPMI_FROM_CPIM_OK, 0, 0
#define CPMI_G_CPIM_TIME         CPMI_FROM_CPIM_TIME, 0, 0
#define CPMI_G_CPIM_REPORT       CPMI_FROM_CPIM_REPORT, 0, 0
#define CPMI_G_CONTENT           CPMI_FROM_CONTENT, 0, 0
#define CPMI_G_CONTENT_TYPE      CPMI_FROM_CONTENT_TYPE, 0, 0
#define CPMI_G_CONTENT_TRANSFER_ENCODING CPMI_FROM_CONTENT_TRANSFER_ENCODING, 0, 0
#define CPMI_G_IS_REPORT         CPMI_FROM_IS_REPORT, 0, 0
#define CPMI_G_EXPIRED           CPMI_FROM_EXPIRED, 0, 0
#define CPMI_G_REPORT_FOR        CPMI_FROM_REPORT_FOR, 0, 0
#define CPMI_G_ACCEPTS(literal)  CPMI_FROM_ACCEPTS, CPMI_LITERAL_##literal, 0
#define CPMI_G_REPORT_TO         CPMI_FROM_REPORT_TO, 0, 0
#define CPMI_G_MEMBERS           CPMI_FROM_MEMBERS, 0, 0
#define CPMI_G_RECIPIENTS        CPMI_FROM_RECIPIENTS, 0, 0

/* ---- recipes: what a message must hold ----------------------------------------------------------------------------- */

/* Levels, places, values and kinds are lists of lists.h. */
enum { CPM_SIP_REQUEST_URI = 255, CPM_SIP_ANY_OTHER = 254 };   /* stand among the header ids */
typedef struct cpmi_line {
  const char *spec, *clauses;
  int16_t     when[CPMI_GUARD];
  uint8_t     level, place;
  uint16_t    name;
  uint16_t    value, what;
  const char *lit;
} cpmi_line;

typedef struct cpmi_recipe {
  const char      *name;
  uint8_t          kind;
  uint16_t         start;          /* method of a request, status of a response; 0: of the response that came */
  const char      *type;           /* media type, of a body; NULL: a MIME line says it */
  const char      *disposition;    /* Content-Disposition of a body; NULL: none */
  const cpmi_line *lines;
  size_t           nlines;
} cpmi_recipe;

/* A SIP header field, or REQUEST_URI. */
#define FIELD(clauses, level, header, when, value) \
  { SPEC, clauses, when, CPMI_##level, CPMI_PLACE_SIP, CPM_SIP_##header, CPMI_V_##value },
/* A CPIM header. */
#define HEAD(clauses, level, header, when, value) \
  { SPEC, clauses, when, CPMI_##level, CPMI_PLACE_CPIM, CPM_CPIM_##header, CPMI_V_##value },
/* A MIME header inside of CPIM. */
#define MIME(clauses, level, header, when, value) \
  { SPEC, clauses, when, CPMI_##level, CPMI_PLACE_MIME, CPM_SIP_##header, CPMI_V_##value },
/* A part of a body; several that hold make it multipart/mixed (O-R14). */
#define BODY(clauses, level, when, value) { SPEC, clauses, when, CPMI_##level, CPMI_PLACE_BODY, 0, CPMI_V_##value },
/* Entries of a recipient list. */
#define ENTRY(clauses, level, when, value) { SPEC, clauses, when, CPMI_##level, CPMI_PLACE_ENTRY, 0, CPMI_V_##value },
/* A line of a session description. */
#define SDP(clauses, level, line, when, value) \
  { SPEC, clauses, when, CPMI_##level, CPMI_PLACE_SDP, CPM_SDP_LINE_##line, CPMI_V_##value },
/* A header field of MSRP. */
#define MSRP(clauses, level, header, when, value) \
  { SPEC, clauses, when, CPMI_##level, CPMI_PLACE_MSRP, CPM_MSRP_##header, CPMI_V_##value },
/* The header field must not be there. */
#define FORBID(clauses, header, when) { SPEC, clauses, when, CPMI_SHALL_NOT, CPMI_PLACE_SIP, CPM_SIP_##header, CPMI_V_LIT("") },
/* Of the lines with this name exactly one holds, whatever the facts: the checker proves it. */
#define EXACTLY_ONE(clauses, place, header) \
  { SPEC, clauses, ALWAYS, CPMI_EXACTLY_ONE, CPMI_PLACE_##place, CPM_##place##_##header, CPMI_V_LIT("") },

#define CPMI_V_LIT(text)            CPMI_VALUE_LIT, 0, text
#define CPMI_V_ICSI(icsi)           CPMI_VALUE_ICSI, CPM_ICSI_##icsi, ""
#define CPMI_V_ICSI_TAG(icsi)       CPMI_VALUE_ICSI_TAG, CPM_ICSI_##icsi, ""
#define CPMI_V_CTX(field)           CPMI_VALUE_CTX, CPM_FIELD_##field, ""
#define CPMI_V_ADDR(field)          CPMI_VALUE_ADDR, CPM_FIELD_##field, ""
#define CPMI_V_OF_AGENT(text)       CPMI_VALUE_OF_AGENT, CPMI_AGENT_##text, ""
#define CPMI_V_ADDR_OF_AGENT(text)  CPMI_VALUE_ADDR_OF_AGENT, CPMI_AGENT_##text, ""
#define CPMI_V_ADDR_OF_TARGET       CPMI_VALUE_ADDR_OF_TARGET, 0, ""
#define CPMI_V_COPY(header)         CPMI_VALUE_COPY, CPM_SIP_##header, ""
#define CPMI_V_COPY_IF(header)      CPMI_VALUE_COPY_IF, CPM_SIP_##header, ""
#define CPMI_V_COPY_PLUS(header, token)  CPMI_VALUE_COPY_PLUS, CPM_SIP_##header, token
#define CPMI_V_COPY_MINUS(header, token) CPMI_VALUE_COPY_MINUS, CPM_SIP_##header, token
#define CPMI_V_ALL_OTHERS           CPMI_VALUE_ALL_OTHERS, CPM_FIELD_request, ""
#define CPMI_V_ALL_OTHERS_OF(field) CPMI_VALUE_ALL_OTHERS, CPM_FIELD_##field, ""
#define CPMI_V_ADDRS(field)         CPMI_VALUE_ADDRS, CPM_FIELD_##field, ""
#define CPMI_V_WARNING              CPMI_VALUE_WARNING, 0, ""
#define CPMI_V_TIME                 CPMI_VALUE_TIME, 0, ""
#define CPMI_V_REPORT(field)        CPMI_VALUE_REPORT, CPM_FIELD_##field, ""
#define CPMI_V_RECIPE(recipe)       CPMI_VALUE_RECIPE, CPMI_RECIPE_##recipe, ""
#define CPMI_V_CONTENT(field)       CPMI_VALUE_CONTENT, CPM_FIELD_##field, ""
#define CPMI_V_PARTS(field)         CPMI_VALUE_PARTS, CPM_FIELD_##field, ""
#define CPMI_V_LIST(field)          CPMI_VALUE_LIST, CPM_FIELD_##field, ""
#define CPMI_V_LIST_PLUS(field)     CPMI_VALUE_LIST_PLUS, CPM_FIELD_##field, ""
#define CPMI_V_ALL                  CPMI_VALUE_ALL, 0, ""
#define CPMI_V_WINDOW               CPMI_VALUE_WINDOW, 0, ""
#define CPMI_V_EMPTY                CPMI_VALUE_EMPTY, 0, ""
#define CPMI_V_ALL_OF(field)        CPMI_VALUE_ALL_OF, CPM_FIELD_##field, ""
#define CPMI_V_TIME_IN(field)       CPMI_VALUE_TIME_IN, CPM_FIELD_##field, ""
#define CPMI_V_CONTACT(icsi)        CPMI_VALUE_CONTACT, CPM_ICSI_##icsi, ""
#define CPMI_V_TYPES_OF(text, none) CPMI_VALUE_TYPES_OF, CPMI_AGENT_##text, none
#define CPMI_V_WRAPPED_TYPES        CPMI_VALUE_WRAPPED_TYPES, 0, ""
#define CPMI_V_RANGE                CPMI_VALUE_RANGE, 0, ""
#define CPMI_V_CHUNK                CPMI_VALUE_CHUNK, 0, ""
#define CPMI_V_OWN_PATH             CPMI_VALUE_OWN_PATH, 0, ""
#define CPMI_V_ICSI_DEVICE(icsi)    CPMI_VALUE_ICSI_DEVICE, CPM_ICSI_##icsi, ""
#define CPMI_V_SPAN                 CPMI_VALUE_SPAN, 0, ""
#define CPMI_V_SIZE(field)          CPMI_VALUE_SIZE, CPM_FIELD_##field, ""
#define CPMI_V_HISTORY              CPMI_VALUE_HISTORY, 0, ""
#define CPMI_V_COMPOSING(field)     CPMI_VALUE_COMPOSING, CPM_FIELD_##field, ""
#define CPMI_V_IMDN(status)         CPMI_VALUE_IMDN, CPM_IMDN_##status, ""
#define CPMI_V_NUMBER(number, text) CPMI_VALUE_NUMBER, CPMI_AGENT_##number, text
#define CPMI_V_CONTACT_OF(field, text) CPMI_VALUE_CONTACT_OF, CPM_FIELD_##field, text
#define CPMI_V_NUMBER_IN(field, text) CPMI_VALUE_NUMBER_IN, CPM_FIELD_##field, text

#define CPMI_RECIPE_DECLARE(name) extern const cpmi_recipe cpmi_recipe_##name;
CPM_RECIPES(CPMI_RECIPE_DECLARE)
#undef CPMI_RECIPE_DECLARE

#define CPMI_LINES(lines) lines, sizeof lines / sizeof *lines
#define REQUEST(name, method, lines)     const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_REQUEST, CPM_METHOD_##method, NULL, NULL, CPMI_LINES(lines) };
#define IN_DIALOG(name, method, lines)   const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_IN_DIALOG, CPM_METHOD_##method, NULL, NULL, CPMI_LINES(lines) };
#define FORKED(name, method, lines)      const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_FORKED, CPM_METHOD_##method, NULL, NULL, CPMI_LINES(lines) };
#define RESPONSE(name, status, lines)    const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_RESPONSE, status, NULL, NULL, CPMI_LINES(lines) };
#define CPIM_BODY(name, lines)           const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_CPIM_BODY, 0, "message/cpim", NULL, CPMI_LINES(lines) };
#define LIST_BODY(name, dispo, lines)    const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_LIST_BODY, 0, CPM_RESOURCE_LISTS_TYPE, dispo, CPMI_LINES(lines) };
#define IMDN_BODY(name, lines)           const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_IMDN_BODY, 0, "message/imdn+xml", "notification", CPMI_LINES(lines) };
#define SDP_BODY(name, lines)            const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_SDP_BODY, 0, "application/sdp", NULL, CPMI_LINES(lines) };
#define FILES_BODY(name, lines)          const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_FILES_BODY, 0, "application/sdp", NULL, CPMI_LINES(lines) };
#define SDP_ANSWER(name, lines)          const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_SDP_ANSWER, 0, "application/sdp", NULL, CPMI_LINES(lines) };
/* Content of the host as it is. */
#define HOST_BODY(name, lines)           const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_HOST_BODY, 0, NULL, NULL, CPMI_LINES(lines) };
/* The final response that came, passed on. */
#define RELAYED(name, lines)             const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_RESPONSE, 0, NULL, NULL, CPMI_LINES(lines) };
#define MSRP_SEND(name, lines)           const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_MSRP, 0, NULL, NULL, CPMI_LINES(lines) };
#define MSRP_REPORT(name, lines)         const cpmi_recipe cpmi_recipe_##name = { #name, CPMI_RECIPE_MSRP_REPORT, 0, NULL, NULL, CPMI_LINES(lines) };

/* ---- machines ------------------------------------------------------------------------------------------------------ */

#define CPMI_PARTS 5
typedef struct cpmi_rows { const cpmi_row *p; size_t n; } cpmi_rows;
typedef struct cpmi_captures { const cpmi_capture *p; size_t n; } cpmi_captures;
typedef struct cpmi_names { const uint8_t *p; size_t n; } cpmi_names;
/* What one procedure file brings. A part that several machines have is declared below. */
typedef struct cpmi_part { cpmi_rows call, leg; cpmi_captures captures; } cpmi_part;
struct cpm_machine {
  const char      *name;
  uint8_t          role, init, leg_init;
  const cpmi_part *parts[CPMI_PARTS];          /* each part's rows follow those of the part before */
  cpmi_names       fields, leg_fields;         /* what is remembered, of the call and of each leg */
  cpmi_names       leg_states, leg_kinds;      /* what legs can be in and of: counted */
};
#define ROWS(table)     { table, sizeof table / sizeof *table }
#define NAMES(table)    { table, sizeof table / sizeof *table }
#define F(field)        CPM_FIELD_##field
#define LEG_STATE(name) CPMI_STATE_##name
#define LEG_KIND(name)  CPMI_KIND_##name

/* Parts that several machines have. */
#define CPM_PARTS(X) X(session_bye) X(dispatch) X(disposition_sent) X(disposition_in_session) X(disposition_received) X(dedup) X(ft_media) X(ft_session) X(fork) X(leg_fork) X(refresh) X(leg_refresh)
#define CPMI_PART_DECLARE(name) extern const cpmi_part cpmi_part_##name;
CPM_PARTS(CPMI_PART_DECLARE)
#undef CPMI_PART_DECLARE

#define CPM_MACHINES(X) X(client_dispatch) X(pager_send) X(large_send) X(ft_send) X(ft_receive) X(pager_receive) X(large_receive) X(disposition) \
                        X(media) X(chat_send) X(chat_receive) X(is_composing) \
                        X(pf_dispatch) X(pf_pager) X(pf_media) X(pf_session) X(cf_dispatch) X(cf_pager) X(cf_large)
#define CPMI_MACHINE_DECLARE(name) extern const cpm_machine cpmi_machine_##name;
CPM_MACHINES(CPMI_MACHINE_DECLARE)
#undef CPMI_MACHINE_DECLARE

#endif
