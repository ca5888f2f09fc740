/* SPDX-License-Identifier: MIT */
/* peers.c - the processes of the peers. A question lies in shared memory; one byte through a socket says that it is there, one says that it is
 * answered. */
#define _GNU_SOURCE   /* MAP_ANONYMOUS, prctl */
#include "peers.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CPU_US = 30000, PATIENCE_MS = 10000, QUESTIONS = 20000 };   /* then it is started anew: peers leak, and some loop for ever */

typedef struct shared {
  size_t n;
  enum peer_what what;
  view   answer;
  char   input[PEER_INPUT + 1];
} shared;

typedef struct process {
  pid_t    pid;
  int      line;
  shared  *memory;
  unsigned asked;
} process;

static process processes[PEERS];

static void peer_serve(enum peer peer, int line, shared *s) {
  static void (*const parsers[PEERS][2])(view *, const char *, size_t) = { { sofia_sip, sofia_sdp }, { osip_sip, osip_sdp } };
  const struct itimerval limit = { { 0, 0 }, { 0, CPU_US } }, none = { { 0, 0 }, { 0, 0 } };
  char byte;
  while (read(line, &byte, 1) == 1) {
    view_clear(&s->answer);
    setitimer(ITIMER_VIRTUAL, &limit, NULL);   /* SIGVTALRM ends it */
    parsers[peer][s->what](&s->answer, s->input, s->n);
    setitimer(ITIMER_VIRTUAL, &none, NULL);
    if (write(line, &byte, 1) != 1) break;
  }
  _exit(0);
}

static void peer_start(enum peer peer) {
  process *const p = &processes[peer];
  const pid_t parent = getpid();
  int lines[2];
  if (!p->memory) {
    p->memory = mmap(NULL, sizeof *p->memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p->memory == MAP_FAILED) abort();
  }
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, lines)) abort();
  p->pid = fork();
  if (p->pid < 0) abort();
  if (p->pid == 0) {
    static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ, SIGVTALRM };
    const int nowhere = open("/dev/null", O_WRONLY);
    const struct rlimit no_core = { 0, 0 };
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);   /* the fuzzer's are not its own */
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    if (!getenv("DIFF_VERBOSE") && nowhere >= 0) {
      dup2(nowhere, 1);
      dup2(nowhere, 2);
    }
    close(lines[0]);
    peer_serve(peer, lines[1], p->memory);
  }
  close(lines[1]);
  p->line = lines[0];
  p->asked = 0;
}

static void peer_stop(enum peer peer) {
  process *const p = &processes[peer];
  kill(p->pid, SIGKILL);
  while (waitpid(p->pid, NULL, 0) < 0) {}
  close(p->line);
  p->pid = 0;
}

void peer_put(enum peer peer, enum peer_what what, const char *p, size_t n) {
  process *const to = &processes[peer];
  const char byte = 0;
  if (n > PEER_INPUT) abort();
  if (to->pid && to->asked == QUESTIONS) peer_stop(peer);
  if (!to->pid) peer_start(peer);
  to->asked++;
  to->memory->what = what;
  to->memory->n = n;
  if (n) memcpy(to->memory->input, p, n);
  to->memory->input[n] = '\0';
  (void)!send(to->line, &byte, 1, MSG_NOSIGNAL);   /* a dead one does not answer */
}

const view *peer_get(enum peer peer) {
  process *const from = &processes[peer];
  struct pollfd answer = { from->line, POLLIN, 0 };
  int ready;
  char byte;
  do ready = poll(&answer, 1, PATIENCE_MS); while (ready < 0);
  if (ready == 1 && read(from->line, &byte, 1) == 1) return &from->memory->answer;
  if (getenv("DIFF_VERBOSE")) fprintf(stderr, "peer %d died or hung on %zu octets: %.200s\n", (int)peer, from->memory->n, from->memory->input);
  peer_stop(peer);
  return NULL;
}
