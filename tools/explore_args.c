/* SPDX-License-Identifier: MIT */
/* explore_args.c - args as a user, a host or a policy may bring them: every form that the facts of a machine tell apart. */
#include "explore.h"
#include "cpm/iscomposing.h"
#include "reads.h"
#include <string.h>

#define S(literal) cpm_str_of(literal, sizeof(literal) - 1)

typedef struct args {
  const explore_run *r;
  const cpm_proc *p;
  const cpm_agent *a;
  explore_event *x;
  explore_choice *c;
  unsigned flags; /* of the event */
} args;

/* ---- what facts tell apart ---------------------------------------------------------------------------------------- */

/* How a fact of that test looks at the field: not, alone, or together with others. */
static unsigned args_tested(const args *v, unsigned test, cpm_field f) {
  unsigned how = 0;
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++)
    if (v->r->facts[i] > how && cpmi_facts[i].test == test && cpmi_facts[i].a == f) how = v->r->facts[i];
  return how;
}

/* Forms of what facts look at alone come one at a time. */
static unsigned args_choose(args *v, unsigned how, unsigned forms) {
  return how == EXPLORE_ALONE ? explore_rarely(v->c, forms) : explore_choose(v->c, forms);
}

/* May it be left out, and mean something by that? */
static bool args_optional(const args *v, cpm_field f) {
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++)
    if (v->r->facts[i] && cpmi_facts[i].test == CPMI_TEST_ABOVE && cpmi_facts[i].b == f) return true;
  return args_tested(v, CPMI_TEST_SET, f) || args_tested(v, CPMI_TEST_ABOVE, f) || args_tested(v, CPMI_TEST_FROM, f);
}

typedef struct args_seek {
  cpm_field f;
  bool found;
} args_seek;

static void args_meets(void *to, unsigned field) {
  args_seek *s = to;
  s->found |= field == (unsigned)s->f;
}

/* Does its size count in a recipe that a fact composes? */
static bool args_sized(const args *v, cpm_field f) {
  args_seek seek = { f, false };
  const reads_want want = { NULL, args_meets, &seek };
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++)
    if (v->r->facts[i] && cpmi_facts[i].test == CPMI_TEST_COMPOSED) reads_of_recipe(cpmi_recipes[cpmi_facts[i].a], &want);
  return seek.found;
}

/* ---- texts -------------------------------------------------------------------------------------------------------- */

static cpm_str args_print(args *v, const char *format, const char *name) {
  char *const at = v->x->texts + v->x->ntexts;
  const size_t room = sizeof v->x->texts - v->x->ntexts, n = (size_t)snprintf(at, room, format, name);
  if (n >= room) return cpm_str_none();
  v->x->ntexts += n + 1;
  return cpm_str_of(at, n);
}

/* A text of the field's type, as no other field has it. */
static cpm_str args_own_text(args *v, cpm_field f) {
  const char *const name = cpm_field_name(f);
  switch (f) {
  case CPM_FIELD_path: return S("msrp://peer.example.com:2855/s1;tcp");
  case CPM_FIELD_chunk_type: return S("message/cpim");
  case CPM_FIELD_peer_address: return S("192.0.2.7");
  case CPM_FIELD_accept_types:
  case CPM_FIELD_accept_wrapped_types: return S("text/plain " CPM_ISCOMPOSING_TYPE);
  default: break;
  }
  switch (cpmi_field_type(f)) {
  case CPMI_URI: return args_print(v, "sip:%s@example.com", name);
  case CPMI_ADDRS: return args_print(v, "<sip:%s@example.com>, <sip:next@example.com>", name);
  case CPMI_MEDIA: return S("text/plain");
  case CPMI_MEDIAS: return S("text/plain, image/png");
  case CPMI_PATH: return S("msrp://peer.example.com:2855/s2;tcp");
  case CPMI_IDENT: return S("ident-1");
  default: return args_print(v, "%s-1", name);
  }
}

enum { ARGS_FORMS = 12 };
typedef struct args_texts {
  cpm_str form[ARGS_FORMS];
  unsigned n;
} args_texts;

static void args_form(args_texts *t, cpm_str text) {
  if (!text.p || t->n == ARGS_FORMS) return;
  for (unsigned i = 0; i < t->n; i++)
    if (cpm_str_eq(t->form[i], text)) return;
  t->form[t->n++] = text;
}

/* The texts that facts hold it against, as they are now, come first. */
static void args_partners(const args *v, cpm_field f, args_texts *t) {
  const cpmi_env env = { v->p, v->r->c.m, v->a, v->x->e.leg };
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++) {
    const cpmi_fact *of = &cpmi_facts[i];
    if (!v->r->facts[i]) continue;
    if (of->test == CPMI_TEST_ADDRESSES && of->b == f) args_form(t, cpmi_request_uri(&env, of->a));
    if (of->test != CPMI_TEST_EQUAL || (of->a != f && of->b != f)) continue;
    args_form(t, cpmi_text(v->p, v->r->c.m, v->x->e.leg, (cpm_field)(of->a == f ? of->b : of->a)));
  }
}

/* Is it a list of types that facts look into? */
static bool args_listed(const args *v, cpm_field f) { return args_tested(v, CPMI_TEST_TAKES, f) || args_tested(v, CPMI_TEST_TAKES_OF, f); }

static bool args_compared(const args *v, cpm_field f) {
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++) {
    const cpmi_fact *of = &cpmi_facts[i];
    const bool two = of->test == CPMI_TEST_EQUAL || of->test == CPMI_TEST_ADDRESSES;
    if (v->r->facts[i] && two && (of->b == f || (of->test == CPMI_TEST_EQUAL && of->a == f))) return true;
  }
  return false;
}

/* ---- one arg ------------------------------------------------------------------------------------------------------ */

static void args_none(args *v, cpm_field f) { explore_event_note(v->x, " no_%s", cpm_field_name(f)); }

/* It must be there. A host that leaves it out is told so. */
static bool args_left_out(args *v, cpm_field f) {
  if (!explore_rarely(v->c, 2)) return false;
  v->x->lacks = true;
  args_none(v, f);
  return true;
}

static void args_number(args *v, cpm_field f, int64_t number) {
  explore_event_number(v->x, f, number);
  explore_event_note(v->x, " %s:%d", cpm_field_name(f), (int)number);
}

/* Values from 1. Which one there is decides where an event leads, so all come with plain events too. */
static void args_enum(args *v, cpm_field f) {
  const unsigned count = cpmi_enum_count(f);
  if (!args_optional(v, f)) {
    if (!args_left_out(v, f)) args_number(v, f, 1 + explore_always(v->c, count));
    return;
  }
  const unsigned value = explore_choose(v->c, count + 1);
  if (value) args_number(v, f, value);
}

/* What policy says: yes, no or nothing; of many flags nothing only of one at a time. */
static void args_answer(args *v, cpm_field f, bool first) {
  const bool few = v->flags <= 3, leg = v->x->e.leg != CPM_NO_LEG;
  if (!few && explore_rarely(v->c, 2)) {
    args_none(v, f);
    return;
  }
  const unsigned forms = few ? 3 : 2, form = leg || first ? explore_always(v->c, forms) : explore_choose(v->c, forms);
  if (form < 2) args_number(v, f, !form);
  else args_none(v, f);
}

/* Do rows of legs look at it? Then it decides where all of them lead, and both come with plain events too. */
static bool args_leads(const args *v, cpm_field f) {
  const cpmi_row *row;
  for (size_t i = 0; v->x->e.leg == CPM_NO_LEG && (row = cpmi_row_at(v->r->c.m, true, i)) != NULL; i++)
    for (unsigned k = 0, fact; (fact = reads_next(row->when, &k)) != 0;)
      if (cpmi_facts[fact].test == CPMI_TEST_SET && cpmi_facts[fact].a == f) return true;
  return false;
}

/* A flag that a user mostly leaves out, as does a host that knows nothing of the peer, or has room. */
static void args_flag(args *v, cpm_field f) {
  const unsigned set = args_tested(v, CPMI_TEST_SET, f), without = args_tested(v, CPMI_TEST_WITHOUT, f);
  if (args_leads(v, f) ? explore_always(v->c, 2) : args_choose(v, set > without ? set : without, 2)) args_number(v, f, 1);
  else if (explore_rarely(v->c, 2)) args_number(v, f, 0);
}

/* Sets of bits: those that facts look at, in every combination. */
static void args_count(args *v, cpm_field f) {
  int64_t set = 0;
  bool bits = false;
  for (unsigned i = 1; i < CPMI_FACT_COUNT; i++) {
    const cpmi_fact *of = &cpmi_facts[i];
    if (!v->r->facts[i] || of->test != CPMI_TEST_HAS_BIT || of->a != f) continue;
    bits = true;
    if (!explore_choose(v->c, 2)) set |= INT64_C(1) << of->b;
  }
  const unsigned how = args_tested(v, CPMI_TEST_SET, f);
  if (bits) args_number(v, f, set);
  else if (how && args_choose(v, how, 2)) args_none(v, f);
  else explore_event_number(v->x, f, 1);
}

static void args_text(args *v, cpm_field f) {
  args_texts t = { .n = 0 };
  const unsigned set = args_tested(v, CPMI_TEST_SET, f), type = args_tested(v, CPMI_TEST_TOP_TYPE, f);
  const bool compared = args_compared(v, f) || args_listed(v, f), optional = compared || set;
  if (!optional && args_left_out(v, f)) return;
  args_partners(v, f, &t);
  args_form(&t, args_own_text(v, f));
  if (type) args_form(&t, S("multipart/mixed;boundary=x"));
  if (args_listed(v, f)) args_form(&t, S("image/png"));
  const unsigned how = compared ? EXPLORE_TOGETHER : set > type ? set : type, form = v->x->e.leg != CPM_NO_LEG && set ? explore_always(v->c, t.n + optional) : args_choose(v, how, t.n + optional);
  if (form) explore_event_note(v->x, " %s:%u", cpm_field_name(f), form);
  if (form < t.n) explore_event_text(v->x, f, t.form[form]);
}

static void args_content(args *v, cpm_field f) {
  if (args_optional(v, f) ? explore_always(v->c, 2) != 0 : args_left_out(v, f)) {
    args_none(v, f);
    return;
  }
  const unsigned large = args_sized(v, f) ? explore_choose(v->c, 2) : 0;
  if (large) explore_event_note(v->x, " large");
  v->x->args[v->x->e.nargs++] = (cpm_arg){ f, { NULL, 0 }, 0, 77, 0, large ? 65000 : 11 };
}

static void args_one(args *v, cpm_field f, bool first) {
  const cpmi_type type = cpmi_field_type(f);
  if (type == CPMI_ENUM) args_enum(v, f);
  else if (type == CPMI_FLAG && v->x->e.type == CPM_EVENT_on_policy && f != CPM_FIELD_no_room && !args_tested(v, CPMI_TEST_WITHOUT, f))
    args_answer(v, f, first);
  else if (type == CPMI_FLAG) args_flag(v, f);
  else if (type == CPMI_NUMBER) args_count(v, f);
  else if (type == CPMI_CONTENT) args_content(v, f);
  else args_text(v, f);
}

/* ---- recipients --------------------------------------------------------------------------------------------------- */

static void args_members(args *v, unsigned n) {
  static const char *const uris[] = { "sip:a@example.com", "sip:b@example.com", "tel:+12025550103", "sip:d@example.com",
                                      "sip:e@example.com", "sip:f@example.com", "sip:g@example.com" };
  for (unsigned i = 0; i < n; i++) {
    memset(&v->x->members[i], 0, sizeof v->x->members[i]);
    v->x->members[i].uri = cpm_str_z(uris[i]);
    v->x->members[i].copy_control = CPM_COPY_TO;
  }
  v->x->e.nmembers = n;
}

/* A policy: what the run has, none, more than allowed. A user: always some. */
static void args_recipients(args *v) {
  const unsigned n = v->r->c.members;
  if (v->x->e.type == CPM_EVENT_on_policy) {
    const unsigned form = explore_choose(v->c, 3);
    args_members(v, form == 0 ? n : form == 1 ? 0 : n + 1);
    explore_event_note(v->x, " %zu recipients", v->x->e.nmembers);
  } else if (explore_rarely(v->c, 2)) {
    v->x->lacks = true;
    explore_event_note(v->x, " no_members");
  } else {
    const bool counted = explore_event_captures(v->r->c.m, v->x->e.type, false, CPMI_FROM_RECIPIENTS);
    const unsigned more = counted ? explore_choose(v->c, 2) : 0;
    args_members(v, n ? n + more : 2);
    if (more) explore_event_note(v->x, " too_many");
  }
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static bool args_makes_files(const args *v) {
  const cpmi_row *row;
  unsigned on = 0;
  for (size_t i = 0; (row = cpmi_row_at(v->r->c.m, false, i)) != NULL; i++) {
    if (row->event != CPM_EVENT_) on = row->event;
    for (size_t k = 0; on == (unsigned)v->x->e.type && k < CPMI_OPS_A_ROW; k++)
      if (row->ops[k].op == CPMI_OP_FILES) return true;
  }
  return false;
}

/* Of two chunks each: that goes, that comes, of a size that is not known, that was cut. */
static void args_files(args *v) {
  static const char *const names[] = { "push", "pull", "pull?", "push+", "pull+" };
  const unsigned n = v->r->c.members ? v->r->c.members : 1;
  for (unsigned i = 0; i < n && i < EXPLORE_LEGS; i++) {
    cpm_file *f = &v->x->files[v->x->e.nfiles++];
    const unsigned which = n > 1 ? explore_always(v->c, 2) : explore_always(v->c, 3), cut = explore_rarely(v->c, 2);
    const unsigned form = cut && which < 2 ? which + 3 : which;
    memset(f, 0, sizeof *f);
    f->pull = form == 1 || form == 2 || form == 4;
    f->selector.name = S("a.txt");
    f->selector.has_size = form != 2;
    f->selector.size = 300;
    f->selector.type = f->pull ? cpm_str_none() : S("text/plain");
    f->from = form > 2 ? 100 : 0;
    f->item = 50 + i;
    explore_event_note(v->x, " %s", names[form]);
  }
}

/* ---- all of them -------------------------------------------------------------------------------------------------- */

static const cpmi_capture *args_next(const args *v, size_t *at) {
  const bool leg = v->x->e.leg != CPM_NO_LEG;
  const cpmi_capture *g;
  while ((g = cpmi_capture_at(v->r->c.m, (*at)++)) != NULL)
    if (g->event == v->x->e.type && (g->leg != 0) == leg && (g->source == CPMI_FROM_ARG || g->source == CPMI_FROM_ARG_NOW))
      return g;
  return NULL;
}

void explore_args(const explore_run *r, const cpm_proc *p, const cpm_agent *a, explore_event *x, explore_choice *c) {
  args v = { r, p, a, x, c, 0 };
  const bool leg = x->e.leg != CPM_NO_LEG;
  const cpmi_capture *g;
  bool first = true;
  for (size_t i = 0; (g = args_next(&v, &i)) != NULL;) v.flags += cpmi_field_type((cpm_field)g->field) == CPMI_FLAG;
  for (size_t i = 0; (g = args_next(&v, &i)) != NULL; first = false) args_one(&v, (cpm_field)g->field, first);
  if (explore_event_captures(r->c.m, x->e.type, leg, CPMI_FROM_RECIPIENTS) ||
      explore_event_captures(r->c.m, x->e.type, leg, CPMI_FROM_MEMBERS))
    args_recipients(&v);
  if (args_makes_files(&v)) args_files(&v);
}
