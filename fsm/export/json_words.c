/* SPDX-License-Identifier: MIT */
/* json_words.c - the words that tables are written with: every list with its doc lines. */
#include "names.h"
#include "json.h"
#include "cpm/cpm.h"
#include <string.h>

typedef struct words_word { const char *name, *doc; } words_word;
#define WORDS(list) { list(WORDS_WORD) { NULL, NULL } }
#define WORDS_WORD(name, doc) { #name, doc },

static cJSON *words_add(cJSON *array, const char *name) {
  cJSON *o = json_append(array, json_object());
  json_put_text(o, "name", name);
  return o;
}

/* A list of names and docs as it stands. */
static void words_put(cJSON *root, const char *key, const words_word *w) {
  cJSON *a = json_put(root, key, json_array());
  for (; w->name; w++) json_put_text(words_add(a, w->name), "doc", w->doc);
}

static const words_word words_roles[] = {
  { "client", "the CPM client" },
  { "participating", "the Participating Function" },
  { "controlling", "the Controlling Function" },
  { NULL, NULL },
};
static const words_word words_agent_texts[] = WORDS(CPM_AGENT_TEXTS), words_states[] = WORDS(CPM_STATES),
  words_leg_kinds[] = WORDS(CPM_LEG_KINDS), words_event_kinds[] = WORDS(CPM_EVENT_KINDS), words_field_types[] = WORDS(CPM_FIELD_TYPES),
  words_effects[] = WORDS(CPM_EFFECTS), words_notices[] = WORDS(CPM_NOTICES), words_questions[] = WORDS(CPM_QUESTIONS),
  words_items[] = WORDS(CPM_ITEMS), words_levels[] = WORDS(CPM_LEVELS);

/* ---- the agent ------------------------------------------------------------------------------------------------------ */

static void words_agent_numbers(cJSON *root) {
  static const struct { const char *name; uint64_t value, min, max; const char *doc; } numbers[] = {
#define WORDS_NUMBER(name, value, min, max, doc) { #name, value, min, max, doc },
    CPM_AGENT_NUMBERS(WORDS_NUMBER)
  };
  cJSON *a = json_put(root, "agent_numbers", json_array());
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    cJSON *o = words_add(a, numbers[i].name);
    json_put_number(o, "default", (double)numbers[i].value);
    json_put_number(o, "min", (double)numbers[i].min);
    json_put_number(o, "max", (double)numbers[i].max);
    json_put_text(o, "doc", numbers[i].doc);
  }
}

/* ---- states, events, fields ----------------------------------------------------------------------------------------- */

static void words_groups(cJSON *root) {
  static const char *const docs[] = {
#define WORDS_GROUP(name, members, doc) doc,
    CPM_GROUPS(WORDS_GROUP)
  };
  cJSON *a = json_put(root, "groups", json_array());
  for (unsigned i = 0; i < CPMI_GROUP_COUNT; i++) {
    cJSON *o = words_add(a, names_state(64 + i));
    json_put(o, "members", json_states(cpmi_state_set(64 + i)));
    json_put_text(o, "doc", docs[i]);
  }
}

static void words_events(cJSON *root) {
  static const struct { const char *name, *kind, *doc; } events[] = {
#define WORDS_EVENT(name, kind, doc) { #name, #kind, doc },
    CPM_EVENTS(WORDS_EVENT)
  };
  cJSON *a = json_put(root, "events", json_array());
  for (size_t i = 0; i < CPM_EVENT_COUNT; i++) {
    cJSON *o = words_add(a, events[i].name);
    json_put_text(o, "kind", events[i].kind);
    json_put_text(o, "doc", events[i].doc);
  }
}

static void words_values_of(cJSON *o, cpm_field field) {
  cJSON *a = json_put(o, "values", json_array());
  for (unsigned v = 1; names_value(field, v); v++) {
    cJSON *value = words_add(a, names_value(field, v));
    json_put_number(value, "value", v);
    json_put_text(value, "doc", names_value_doc(field, v));
  }
}

static void words_fields(cJSON *root) {
  static const char *const docs[CPM_FIELD_COUNT] = { "",
#define WORDS_FIELD(name, type, doc) doc,
    CPM_FIELDS(WORDS_FIELD)
  };
  cJSON *a = json_put(root, "fields", json_array());
  for (int f = CPM_FIELD_NONE + 1; f < CPM_FIELD_COUNT; f++) {
    cJSON *o = words_add(a, cpm_field_name((cpm_field)f));
    json_put_text(o, "type", names_type((cpm_field)f));
    json_put_text(o, "doc", docs[f]);
    if (cpmi_field_type((cpm_field)f) == CPMI_ENUM) words_values_of(o, (cpm_field)f);
  }
}

/* ---- operands and what takes them ----------------------------------------------------------------------------------- */

static void words_operands(cJSON *root) {
  cJSON *a = json_put(root, "operands", json_array());
  for (unsigned i = CPMI_OPERAND_NONE + 1; i < CPMI_OPERAND_COUNT; i++) {
    cJSON *o = words_add(a, names_operands[i].name);
    json_put_text(o, "of", names_operands[i].of);
    json_put_text(o, "doc", names_operands[i].doc);
  }
}

static void words_shape(cJSON *array, const names_shape *shape, const char *extra) {
  cJSON *o = words_add(array, shape->name);
  const bool none = shape->extra && strcmp(shape->extra, "NONE") == 0;
  if (extra) json_put_text(o, extra, none ? NULL : shape->extra);
  cJSON *operands = json_put(o, "operands", json_array());
  for (size_t i = 0; i < NAMES_OPERANDS; i++)
    if (shape->operand[i] != CPMI_OPERAND_NONE) json_append_text(operands, names_operands[shape->operand[i]].name);
  json_put_text(o, "doc", shape->doc);
}

static void words_shapes(cJSON *root, const char *key, const names_shape *shapes, size_t from, size_t n, const char *extra) {
  cJSON *a = json_put(root, key, json_array());
  for (size_t i = from; i < n; i++) words_shape(a, &shapes[i], extra);
}

static void words_facts(cJSON *root) {
  names_given given[NAMES_OPERANDS];
  cJSON *a = json_put(root, "facts", json_array());
  for (unsigned i = CPMI_FACT_NONE + 1; i < CPMI_FACT_COUNT; i++) {
    cJSON *o = words_add(a, cpmi_facts[i].name);
    json_put_text(o, "test", names_tests[cpmi_facts[i].test].name);
    cJSON *operands = json_put(o, "operands", json_object());
    const size_t n = names_of_fact(i, given);
    for (size_t k = 0; k < n; k++)
      if (given[k].text) json_put_text(operands, given[k].name, given[k].text);
      else json_put_number(operands, given[k].name, (double)given[k].number);
    json_put_text(o, "doc", cpmi_facts[i].doc);
  }
}

/* ---- effects: timers, procedures, warnings, codes ------------------------------------------------------------------------------- */

/* Milliseconds that a timer runs when its number of the agent is 1. */
static uint64_t words_timer_unit(unsigned timer) {
  const cpmi_op op = { CPMI_OP_START, 0, (uint16_t)timer };
  const cpmi_row row = { .spec = "", .clauses = "" };
  const cpm_proc proc = { .seq = 0 };
  cpm_agent agent;
  cpm_effect effect;
  size_t need;
  cpm_agent_init(&agent, CPM_ROLE_CLIENT);
#define WORDS_ONE(name, value, min, max, doc) agent.name = 1;
  CPM_AGENT_NUMBERS(WORDS_ONE)
  const cpmi_env env = { &proc, NULL, &agent, CPM_NO_LEG };
  return cpmi_compose(&env, &op, &row, NULL, 0, &effect, &need, NULL) == CPM_OK ? effect.number : 0;
}

static void words_timers(cJSON *root) {
  static const struct { const char *name, *length, *doc; } timers[] = {
#define WORDS_TIMER(name, length, doc) { #name, #length, doc },
    CPM_TIMERS(WORDS_TIMER)
  };
  cJSON *a = json_put(root, "timers", json_array());
  for (unsigned i = 0; i < sizeof timers / sizeof *timers; i++) {
    const cpmi_op op = { CPMI_OP_START, 0, (uint16_t)i };
    cJSON *o = words_add(a, timers[i].name);
    json_put_text(o, "agent_number", timers[i].length);
    json_put_number(o, "unit_ms", (double)words_timer_unit(i));
    json_put(o, "enables", json_events(cpmi_enables(&op)));
    json_put_text(o, "doc", timers[i].doc);
  }
}

static void words_procedures(cJSON *root) {
  static const words_word procedures[] = {
#define WORDS_PROCEDURE(id, name, doc) { name, doc },
    CPM_PROCEDURES(WORDS_PROCEDURE)
  };
  cJSON *a = json_put(root, "procedures", json_array());
  for (size_t i = 0; i < sizeof procedures / sizeof *procedures; i++) {
    cJSON *o = words_add(a, procedures[i].name);
    json_put_bool(o, "built", cpm_machine_named(procedures[i].name) != NULL);
    json_put_text(o, "doc", procedures[i].doc);
  }
}

static void words_warnings(cJSON *root) {
  static const struct { const char *name; unsigned number; const char *text; } warnings[] = {
#define WORDS_WARNING(name, number, text) { #name, number, text },
    CPM_WARNINGS(WORDS_WARNING)
  };
  cJSON *a = json_put(root, "warnings", json_array());
  for (size_t i = 0; i < sizeof warnings / sizeof *warnings; i++) {
    cJSON *o = words_add(a, warnings[i].name);
    json_put_number(o, "number", warnings[i].number);
    json_put_text(o, "text", warnings[i].text);
  }
}

static void words_code_lists(cJSON *root) {
  static const uint16_t codes[][12] = {
#define WORDS_CODES(name, ...) { __VA_ARGS__, 0 },
    CPM_CODE_LISTS(WORDS_CODES)
  };
  static const char *const names[] = {
#define WORDS_NAME(name, ...) #name,
    CPM_CODE_LISTS(WORDS_NAME)
  };
  cJSON *a = json_put(root, "code_lists", json_array());
  for (size_t i = 0; i < CPMI_CODES_COUNT; i++) {
    cJSON *list = json_put(words_add(a, names[i]), "codes", json_array());
    for (size_t k = 0; codes[i][k]; k++) json_append(list, cJSON_CreateNumber(codes[i][k]));
  }
}

static void words_literals(cJSON *root) {
  static const struct { const char *name, *text; } literals[] = {
#define WORDS_LITERAL(name, text) { #name, text },
    CPM_LITERALS(WORDS_LITERAL)
  };
  cJSON *a = json_put(root, "literals", json_array());
  for (size_t i = 0; i < CPMI_LITERAL_COUNT; i++) json_put_text(words_add(a, literals[i].name), "text", literals[i].text);
}

static void words_sdp(cJSON *root) {
  static const struct { const char *name, *gives, *doc; } words[] = {
#define WORDS_SDP(name, gives, doc) { #name, #gives, doc },
    CPM_SDP_WORDS(WORDS_SDP)
  };
  cJSON *a = json_put(root, "sdp_words", json_array());
  for (size_t i = 0; i < CPMI_SDP_COUNT; i++) {
    cJSON *o = words_add(a, words[i].name);
    json_put_text(o, "gives", words[i].gives);
    json_put_text(o, "doc", words[i].doc);
  }
}

static void words_msrp_headers(cJSON *root) {
  cJSON *a = json_put(root, "msrp_headers", json_array());
  for (unsigned i = 1; i < CPM_MSRP_HEADER_COUNT; i++) words_add(a, cpm_msrp_header_name((cpm_msrp_header)i).p);
}

static void words_sdp_lines(cJSON *root) {
  static const struct { const char *name, *attribute, *doc; } lines[] = {
#define WORDS_SDP_LINE(name, attribute, doc) { #name, attribute, doc },
    CPM_SDP_LINES(WORDS_SDP_LINE)
  };
  cJSON *a = json_put(root, "sdp_lines", json_array());
  for (size_t i = 0; i < CPM_SDP_LINE_COUNT; i++) {
    cJSON *o = words_add(a, lines[i].name);
    json_put_text(o, "attribute", lines[i].attribute);
    json_put_text(o, "doc", lines[i].doc);
  }
}

/* ---- recipes -------------------------------------------------------------------------------------------------------- */

typedef struct words_starting { const char *name; uint8_t operand; const char *doc; } words_starting;
#define WORDS_STARTING(name, operand, doc) { #name, CPMI_OPERAND_##operand, doc },

/* What a place names, or a kind of recipe starts with: an operand or null. */
static void words_startings(cJSON *root, const char *key, const char *member, const words_starting *w, size_t n) {
  cJSON *a = json_put(root, key, json_array());
  for (size_t i = 0; i < n; i++) {
    cJSON *o = words_add(a, w[i].name);
    json_put_text(o, member, names_operands[w[i].operand].name);
    json_put_text(o, "doc", w[i].doc);
  }
}

static void words_recipes(cJSON *root) {
  static const words_starting places[] = { CPM_PLACES(WORDS_STARTING) }, kinds[] = { CPM_RECIPE_KINDS(WORDS_STARTING) };
  words_put(root, "levels", words_levels);
  words_startings(root, "places", "name_is", places, sizeof places / sizeof *places);
  words_startings(root, "recipe_kinds", "starts_with", kinds, sizeof kinds / sizeof *kinds);
}

/* ---- protocol elements ---------------------------------------------------------------------------------------------- */

static void words_headers(cJSON *root) {
  static const struct { const char *id, *name; char compact[2]; const char *shape, *type; } headers[] = {
#define WORDS_HEADER(id, name, compact, shape, type) { #id, name, { compact, 0 }, #shape, #type },
    CPM_SIP_HEADERS(WORDS_HEADER)
  };
  cJSON *a = json_put(root, "headers", json_array());
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
    cJSON *o = words_add(a, headers[i].name);
    json_put_text(o, "id", headers[i].id);
    json_put_text(o, "compact", headers[i].compact[0] ? headers[i].compact : NULL);
    json_put_text(o, "shape", headers[i].shape);
    json_put_text(o, "type", headers[i].type);
  }
}

static void words_cpim_headers(cJSON *root) {
  static const struct { const char *id, *ns, *name; } headers[] = {
#define WORDS_CPIM(id, ns, name) { #id, CPM_CPIM_NS_##ns, name },
    CPM_CPIM_HEADERS(WORDS_CPIM)
  };
  cJSON *a = json_put(root, "cpim_headers", json_array());
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
    cJSON *o = words_add(a, headers[i].name);
    json_put_text(o, "id", headers[i].id);
    json_put_text(o, "namespace", headers[i].ns);
  }
}

static void words_elements(cJSON *root) {
  static const char *const methods[] = {
#define WORDS_METHOD(id, name) name,
    CPM_SIP_METHODS(WORDS_METHOD)
  }, *const icsis[] = {
#define WORDS_ID(id, ...) #id,
    CPM_ICSIS(WORDS_ID)
  }, *const dispositions[] = {
#define WORDS_DISPOSITION(id, text) text,
    CPM_DISPOSITIONS(WORDS_DISPOSITION)
  };
  static const struct { const char *id, *element, *status; } imdn[] = {
#define WORDS_IMDN(id, element, status) { #id, element, status },
    CPM_IMDN_STATUSES(WORDS_IMDN)
  };
  cJSON *a = json_put(root, "methods", json_array());
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) words_add(a, methods[i]);
  a = json_put(root, "icsis", json_array());
  for (unsigned i = 0; i < sizeof icsis / sizeof *icsis; i++)
    json_put_text(words_add(a, icsis[i]), "urn", cpm_icsi_urn((cpm_icsi)(i + 1)).p);
  a = json_put(root, "dispositions", json_array());
  for (size_t i = 0; i < sizeof dispositions / sizeof *dispositions; i++)
    json_put_number(words_add(a, dispositions[i]), "bit", (double)i);
  a = json_put(root, "imdn_statuses", json_array());
  for (size_t i = 0; i < sizeof imdn / sizeof *imdn; i++) {
    cJSON *o = words_add(a, imdn[i].id);
    json_put_text(o, "element", imdn[i].element);
    json_put_text(o, "status", imdn[i].status);
  }
}

/* ---- constants of the public headers -------------------------------------------------------------------------------- */

typedef struct words_constant { const char *name, *text, *comment, *header; double number; } words_constant;
#define WORDS_TEXT_OF(x)   _Generic((x), char *: (x), default: NULL)
#define WORDS_NUMBER_OF(x) (double)_Generic((x), char *: 0, default: (x))

/* Those that have no comment of their own, or one that needs its surroundings. */
static const words_word words_constant_docs[] = {
#define WORDS_DOC(name, doc) { #name, doc },
  WORDS_DOC(CPM_RANDOM_NEED, "bytes of cpm_event.random, where they are needed")
  WORDS_DOC(CPM_PROC_ALIGN, "alignment of a block and of the buffer of an effect")
  WORDS_DOC(CPM_NO_LEG, "stands for the call where a leg is named")
  WORDS_DOC(CPM_CLAUSE_MAX, "bytes of one requirement id, its NUL included")
  WORDS_DOC(CPM_WHEN_MAX, "facts that one guard may have")
  WORDS_DOC(CPM_UUID_LEN, "characters of a UUID")
  WORDS_DOC(CPM_DATETIME_LEN, "characters of a DateTime that is written")
  WORDS_DOC(CPM_CPIM_NS_CORE, "namespace of the CPIM headers of RFC 3862")
  WORDS_DOC(CPM_CPIM_NS_IMDN, "namespace of the CPIM headers of RFC 5438")
  WORDS_DOC(CPM_CPIM_NS_CPM, "namespace of the CPIM headers of CPM")
  WORDS_DOC(CPM_IMDN_TYPE, "media type of a disposition notification")
  WORDS_DOC(CPM_IMDN_NS, "XML namespace of a disposition notification (RFC 5438)")
  WORDS_DOC(CPM_ISCOMPOSING_TYPE, "media type of an isComposing document")
  WORDS_DOC(CPM_ISCOMPOSING_NS, "XML namespace of an isComposing document (RFC 3994)")
  WORDS_DOC(CPM_ISCOMPOSING_IDLE_AFTER, "seconds without a key after which a sender is idle (RFC 3994)")
  WORDS_DOC(CPM_ISCOMPOSING_REFRESH_LEAST, "seconds of refresh that are written at least (RFC 3994)")
  WORDS_DOC(CPM_ISCOMPOSING_RECEIVER_AFTER, "seconds after which a receiver takes the sender for idle (RFC 3994)")
  WORDS_DOC(CPM_ISCOMPOSING_REFRESH_MOST, "seconds of refresh that can be read and written")
  WORDS_DOC(CPM_MARKUP_NAMESPACE_LEN, "octets of a namespace in XML that the core reads")
  WORDS_DOC(CPM_RESOURCE_LISTS_TYPE, "media type of a recipient list")
  WORDS_DOC(CPM_RESOURCE_LISTS_NS, "XML namespace of a recipient list (RFC 4826)")
  WORDS_DOC(CPM_COPY_CONTROL_NS, "XML namespace of copy control (RFC 5364)")
  WORDS_DOC(CPM_ANONYMOUS_URI, "URI that stands for nobody (RFC 3323)")
  WORDS_DOC(CPM_URI_LIMIT_PARTS, "parameters, and headers, of one URI")
  WORDS_DOC(CPM_CPIM_PREFIX_LIMIT, "prefixes that one CPIM message may bind")
  WORDS_DOC(CPM_ID_MAX, "characters of an identifier")
  WORDS_DOC(CPM_MARKUP_DEPTH, "nesting of elements in XML that the core reads")
  WORDS_DOC(CPM_MARKUP_ATTRIBUTES, "attributes of one element there")
  WORDS_DOC(CPM_MARKUP_NAMESPACES, "namespaces that are bound at once there")
  WORDS_DOC(CPM_TICKET_MAX, "bytes of a ticket")
  WORDS_DOC(CPM_TICKET_ARGS, "args that a ticket gives")
  WORDS_DOC(CPM_SIP_PIECES, "runs that the body of a composed message may have")
  { NULL, NULL },
};

static const char *words_constant_doc(const words_constant *c) {
  for (const words_word *w = words_constant_docs; w->name; w++)
    if (strcmp(w->name, c->name) == 0) return w->doc;
  return *c->comment ? c->comment : c->header;
}

/* Does the name say that it bounds something? */
static bool words_is_limit(const char *name) {
  static const char *const words[] = { "_LIMIT", "_MAX", "_MOST", "_LEAST", "_DEPTH", "_LEVELS", "_PIECES", "_ATTRIBUTES", "_NAMESPACES", "_WALK_" };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strstr(name, words[i])) return true;
  return false;
}

static void words_constants(cJSON *root) {
  static const words_constant constants[] = {
#define X(name, comment, header) { #name, WORDS_TEXT_OF(name), comment, header, WORDS_NUMBER_OF(name) },
#include "constants.inc"
#undef X
  };
  cJSON *all = json_put(root, "constants", json_array()), *limits = json_put(root, "limits", json_array());
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
    const words_constant *c = &constants[i];
    cJSON *o = words_add(words_is_limit(c->name) ? limits : all, c->name);
    if (c->text) json_put_text(o, "value", c->text);
    else json_put_number(o, "value", c->number);
    json_put_text(o, "doc", words_constant_doc(c));
  }
}

static void words_quirks(cJSON *root) {
  static const struct { const char *name; unsigned bit; const char *doc; } quirks[] = {
#define WORDS_QUIRK(name, bit, text) { #name, bit, text },
    CPM_QUIRKS(WORDS_QUIRK)
  };
  cJSON *a = json_put(root, "quirks", json_array());
  for (size_t i = 0; i < sizeof quirks / sizeof *quirks; i++) {
    cJSON *o = words_add(a, quirks[i].name);
    json_put_number(o, "bit", quirks[i].bit);
    json_put_text(o, "doc", quirks[i].doc);
  }
}

static void words_statuses(cJSON *root) {
  static const struct { const char *name; int value; const char *doc; } statuses[] = {
#define WORDS_STATUS(name, value, text) { "CPM_" #name, value, text },
    CPM_STATUSES(WORDS_STATUS)
  };
  cJSON *a = json_put(root, "statuses", json_array());
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
    cJSON *o = words_add(a, statuses[i].name);
    json_put_number(o, "value", statuses[i].value);
    json_put_text(o, "doc", statuses[i].doc);
  }
}

/* ---- all of them ---------------------------------------------------------------------------------------------------- */

void json_words(cJSON *root) {
  words_put(root, "roles", words_roles);
  words_put(root, "agent_texts", words_agent_texts);
  words_agent_numbers(root);
  words_put(root, "states", words_states);
  words_groups(root);
  words_put(root, "leg_kinds", words_leg_kinds);
  words_put(root, "event_kinds", words_event_kinds);
  words_events(root);
  words_put(root, "field_types", words_field_types);
  words_fields(root);
  words_operands(root);
  words_shapes(root, "tests", names_tests, 0, CPMI_TEST_COUNT, NULL);
  words_facts(root);
  words_shapes(root, "sources", names_sources, 0, CPMI_FROM_COUNT, "gives");
  words_shapes(root, "ops", names_ops, CPMI_OP_END + 1, CPMI_OP_COUNT, "effect");
  words_put(root, "effects", words_effects);
  words_timers(root);
  words_put(root, "notices", words_notices);
  words_put(root, "questions", words_questions);
  words_put(root, "items", words_items);
  words_procedures(root);
  words_warnings(root);
  words_code_lists(root);
  words_literals(root);
  words_sdp(root);
  words_sdp_lines(root);
  words_msrp_headers(root);
  words_recipes(root);
  words_shapes(root, "recipe_values", names_values, 0, CPMI_VALUE_COUNT, NULL);
  words_headers(root);
  words_cpim_headers(root);
  words_elements(root);
  words_constants(root);
  words_quirks(root);
  words_statuses(root);
}
