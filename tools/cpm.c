/* SPDX-License-Identifier: MIT */
/* cpm.c - the program cpm: verbs, options, help. */
#include "cpm_tool.h"
#include <stdlib.h>
#include <string.h>

/* ---- what can be said on the command line --------------------------------------------------------------------------- */

typedef enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_FACT } option_kind;
typedef struct option {
  const char *name, *operand;   /* operand NULL: none */
  option_kind kind;
  size_t      at;               /* where in struct tool its value goes */
  const char *help;
} option;

#define FLAG(name, member, help) { name, NULL, OPTION_FLAG, offsetof(tool, member), help }
#define TEXT(name, operand, member, help) { name, operand, OPTION_TEXT, offsetof(tool, member), help }

static const option parse_options[] = {
  TEXT("--as", "TYPE", as, "read it as TYPE and do not guess: sip, msrp, sdp, cpim, imdn, iscomposing, resource-lists, conference-info, reginfo, group, ruleset"),
  FLAG("--json", json, "print JSON, as the manual page cpm(1) describes it"),
  FLAG("--strict", strict, "refuse every quirk: what peers really send and readers take, though the rules do not allow it"),
  { NULL, NULL, OPTION_FLAG, 0, NULL },
};

static const option check_options[] = {
  TEXT("--recipe", "NAME", recipe, "judge by this recipe (pager_message), not by the one that fits best"),
  TEXT("--role", "ROLE", role, "only what this side sends: client, participating, controlling"),
  { "--fact", "NAME", OPTION_FACT, 0, "say that the fact NAME holds; no_NAME: that it does not. May be given more than once" },
  FLAG("--json", json, "print JSON, as the manual page cpm(1) describes it"),
  { NULL, NULL, OPTION_FLAG, 0, NULL },
};

static const option model_options[] = {
  TEXT("--format", "FORMAT", format, "json (which is what is printed without it), dot for Graphviz, promela for Spin"),
  TEXT("--of", "TABLE", of, "dot: the rows of the call or of each leg alone: call, legs"),
  TEXT("--with", "MACHINE", with, "promela: who answers MACHINE; without it anybody, who does whatever the host lets through"),
  TEXT("--members", "NUMBER", members, "promela: legs that a call makes, 1 to 6; 3 without it"),
  TEXT("--chunks", "NUMBER", chunks, "promela: chunks of a message, 1 to 3; 2 without it"),
  TEXT("--retries", "NUMBER", retries, "promela: legs that are made in place of others, 0 to 2; 1 without it"),
  TEXT("--refreshes", "NUMBER", refreshes, "promela: times that a session is kept alive, 0 to 3; 1 without it"),
  { NULL, NULL, OPTION_FLAG, 0, NULL },
};

typedef struct verb {
  const char   *name, *operands, *summary, *text;   /* operands NULL: it reads no file; in [ ]: they may be left out */
  const option *options;
  int         (*run)(tool *t);
} verb;

static const verb verbs[] = {
  { "parse", "FILE", "print a message as text or JSON, with its quirks, or say where it is wrong and why",
    "Prints what is in FILE (- is standard input): a SIP message with all that is in its body, a CPIM message, a disposition\n"
    "notification (IMDN), an isComposing document, or a resource list. Numbers behind @ count octets from the start of FILE.\n"
    "What is wrong is shown with its line, a caret under it, the rule that it breaks, and where that rule is written.\n"
    "\n"
    "Exit status: 0 it was decoded, 1 it or something in it was refused, 2 the command line is wrong.\n"
    "\n"
    "Examples:\n"
    "  cpm parse message.sip             what is in this message?\n"
    "  cpm parse --json message.sip      the same for a program\n"
    "  cpm parse --strict message.sip    may its sender write it so?\n"
    "  cpm parse --as cpim - <body       a body without its SIP message\n",
    parse_options, tool_parse },
  { "check", "FILE", "name the procedure that a SIP message belongs to, and judge each requirement on it",
    "Finds the procedure of CPM that the SIP message in FILE (- is standard input) belongs to, and prints each requirement on\n"
    "such a message: pass, fail, or not decidable, which depends on a fact that the message does not show. Say with --fact\n"
    "what you know. not asked: the requirement does not apply.\n"
    "\n"
    "Exit status: 0 nothing fails, 1 something fails or the message cannot be read, 2 the command line is wrong.\n"
    "\n"
    "Examples:\n"
    "  cpm check message.sip                                which procedure, and is it right?\n"
    "  cpm check --fact to_one --fact no_reply message.sip  it is to one user and no reply\n"
    "  cpm check --recipe pager_message message.sip         as what client/pager-send sends\n"
    "  cpm check --role controlling message.sip             as what a Controlling Function sends\n",
    check_options, tool_check },
  { "model", "[MACHINE]", "print the state machines, and every word that their tables use, for generators, Graphviz and Spin",
    "Prints the tables that run: machines with their rows, captures and recipes, facts, ops, fields, constants and requirement\n"
    "ids, as JSON (docs/model.md, docs/model.schema.json), as a graph of each machine's call and of its legs, or as Promela\n"
    "of one machine, or of two that talk to each other, with their world (docs/verify.md). MACHINE is client/pager-send and\n"
    "the like; without it, all of them.\n"
    "\n"
    "Exit status: 0 it was printed, 1 it could not be written, 2 the command line is wrong.\n"
    "\n"
    "Examples:\n"
    "  cpm model | jq -r '.machines[].name'                               which machines are there?\n"
    "  cpm model client/pager-send                                        one machine\n"
    "  cpm model --format dot --of call cf/pager | dot -Tsvg >pager.svg   a picture of it\n"
    "  cpm model --format promela --with cf/large client/large-send >c.pml; spin -run -safety c.pml\n"
    "                                                                     prove that nothing of it hangs (./dev verify)\n",
    model_options, tool_model },
};
enum { VERBS = sizeof verbs / sizeof *verbs };

/* ---- help ------------------------------------------------------------------------------------------------------------ */

static void help_program(FILE *out) {
  fputs("cpm reads messages of OMA Converged IP Messaging (CPM), the messaging of RCS, and prints its procedures.\n"
        "\n"
        "usage: cpm VERB [OPTION ...] FILE\n"
        "       cpm model [OPTION ...] [MACHINE]\n"
        "       cpm VERB --help | cpm --help | cpm --version\n"
        "\n"
        "verbs:\n",
        out);
  for (size_t i = 0; i < VERBS; i++) fprintf(out, "  %-8s %s\n", verbs[i].name, verbs[i].summary);
  fputs("\n"
        "Examples:\n"
        "  cpm parse message.sip          what is in this message? where is it wrong?\n"
        "  cpm parse --json message.sip   the same for a program\n"
        "  cpm check message.sip          does it hold what the CPM documents ask of such a message?\n"
        "  cpm parse - <message.sip       - is standard input\n"
        "  cpm model cf/pager             what does the Controlling Function do with a message?\n"
        "\n"
        "The manual page cpm(1) says more.\n",
        out);
}

static void help_verb(const verb *v) {
  const char *operands = v->operands ? v->operands : "";
  printf("usage: cpm %s [OPTION ...]%s%s\n\n%s\nOptions:\n", v->name, *operands ? " " : "", operands, v->text);
  for (const option *o = v->options; o->name; o++) {
    char call[32];
    snprintf(call, sizeof call, "%s%s%s", o->name, o->operand ? " " : "", o->operand ? o->operand : "");
    printf("  %-15s %s\n", call, o->help);
  }
  printf("  %-15s %s\n", "--help", "this text");
}

/* Nothing that was printed may be lost without a word. */
static int finish(int status) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return status;
  return tool_say(TOOL_REFUSED, "standard output could not be written");
}

/* ---- reading the command line ------------------------------------------------------------------------------------------ */

static const verb *verb_named(const char *name) {
  for (size_t i = 0; i < VERBS; i++)
    if (strcmp(verbs[i].name, name) == 0) return &verbs[i];
  return NULL;
}

static const option *option_named(const verb *v, const char *word, size_t n) {
  for (const option *o = v->options; o->name; o++)
    if (strlen(o->name) == n && memcmp(o->name, word, n) == 0) return o;
  return NULL;
}

static bool take_fact(tool *t, const char *name) {
  if (t->nfacts == TOOL_FACTS) return tool_say(false, "more than %d --fact", TOOL_FACTS);
  const bool no = strncmp(name, "no_", 3) == 0 && !cpm_fact_doc(name);
  const cpm_known fact = { name + (no ? 3 : 0), !no };
  for (size_t i = 0; i < t->nfacts; i++)
    if (strcmp(t->facts[i].fact, fact.fact) == 0 && t->facts[i].holds != fact.holds)
      return tool_say(false, "%s cannot hold and not hold", fact.fact);
  t->facts[t->nfacts++] = fact;
  if (cpm_fact_doc(fact.fact)) return true;
  return tool_say(false, "there is no fact '%s'; cpm check FILE names those that matter to a message", name);
}

static bool take_option(tool *t, const option *o, const char *value) {
  char *at = (char *)t + o->at;
  if (o->kind == OPTION_FACT) return take_fact(t, value);
  if (o->kind == OPTION_TEXT) *(const char **)(void *)at = value;
  else *(bool *)(void *)at = true;
  return true;
}

/* One option at words[0]; returns how many words it took, 0: it is wrong, and that was said. */
static int read_option(tool *t, const verb *v, char **words, int nwords) {
  const char *word = words[0], *equals = strchr(word, '=');
  const option *o = option_named(v, word, equals ? (size_t)(equals - word) : strlen(word));
  if (!o) {
    tool_say(0, "%s: no option '%s'; cpm %s --help lists them", v->name, word, v->name);
    return 0;
  }
  if (!o->operand && equals) tool_say(0, "%s: %s takes no %s", v->name, o->name, equals + 1);
  else if (!o->operand) return take_option(t, o, NULL) ? 1 : 0;
  else if (equals) return take_option(t, o, equals + 1) ? 1 : 0;
  else if (nwords > 1) return take_option(t, o, words[1]) ? 2 : 0;
  else tool_say(0, "%s: %s needs a %s", v->name, o->name, o->operand);
  return 0;
}

static bool take_file(tool *t, const verb *v, const char *word) {
  if (!v->operands) return tool_say(false, "%s: it reads no file, so what is '%s'?", t->verb, word);
  if (t->file) return tool_say(false, "%s: one %s at a time, not '%s' and '%s'", v->name, v->operands, t->file, word);
  t->file = word;
  return true;
}

/* A lone "-" is a FILE, and behind "--" everything is. */
static bool read_words(tool *t, const verb *v, char **words, int nwords) {
  bool files = false;
  for (int i = 0; i < nwords;) {
    if (!files && strcmp(words[i], "--") == 0) {
      files = true;
      i++;
    } else if (!files && words[i][0] == '-' && words[i][1]) {
      const int taken = read_option(t, v, words + i, nwords - i);
      if (!taken) return false;
      i += taken;
    } else if (!take_file(t, v, words[i++])) {
      return false;
    }
  }
  if (t->file || !v->operands || v->operands[0] == '[') return true;
  return tool_say(false, "%s: which FILE? - is standard input; cpm %s --help says more", v->name, v->name);
}

static bool asks(const char *word, const char *name) { return word && (strcmp(word, name) == 0 || strcmp(word, "-h") == 0); }

static int run_verb(const verb *v, char **words, int nwords) {
  tool t = { .verb = v->name, .line = 1 };
  for (int i = 0; i < nwords && strcmp(words[i], "--") != 0; i++)
    if (asks(words[i], "--help")) {
      help_verb(v);
      return TOOL_OK;
    }
  if (!read_words(&t, v, words, nwords)) return TOOL_USAGE;
  if (t.strict) t.opts.refuse = CPM_QUIRKS_ALL;
  return v->run(&t);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    help_program(stderr);
    return TOOL_USAGE;
  }
  if (asks(argv[1], "--help")) {
    help_program(stdout);
    return finish(TOOL_OK);
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("cpm %s\n", cpm_version());
    return finish(TOOL_OK);
  }
  const verb *v = verb_named(argv[1]);
  if (v) return finish(run_verb(v, argv + 2, argc - 2));
  return tool_say(TOOL_USAGE, "no verb '%s'; cpm --help lists them", argv[1]);
}
