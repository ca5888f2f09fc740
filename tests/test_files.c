/* SPDX-License-Identifier: MIT */
/* Files that the host brings with `send` (event.files), and what cpm_proc_file gives back of them. */
#include "support.h"
#include "cpm/procedure.h"
#include <string.h>

enum { BLOCK = 65536, LEGS = 16 };
static cpm_agent agent;
static uint64_t block[BLOCK / 8], before[BLOCK / 8];
static cpm_proc *const proc = (cpm_proc *)(void *)block;
#define HASH "hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E"

static cpm_file one(void) {
  cpm_file f;
  memset(&f, 0, sizeof f);
  f.selector.name = S("a%22b.txt");
  f.selector.type = S("text/plain");
  f.selector.has_size = true;
  f.selector.size = 60;
  f.selector.hashes = S(HASH);
  f.disposition = S("render");
  f.icon = S("cid:i");
  f.date = S("creation:\"Sun, 01 Mar 2026 11:00:00 +0000\"");
  f.item = 77;
  return f;
}

static void start(size_t size) {
  cpm_agent_init(&agent, CPM_ROLE_CLIENT);
  agent.address = S("sip:alice@example.com");
  agent.user_agent = agent.server = S("CPM-client/OMA2.2");
  agent.host = S("alice.example.com");
  agent.accept = S("text/plain");
  agent.media_address = S("192.0.2.33");
  assert_status(cpm_proc_init(block, size, cpm_machine_named("client/ft-send"), &agent, NULL), CPM_OK, NULL);
  memcpy(before, block, sizeof before);
}

static int send(const cpm_file *files, size_t n, cpm_diag *diag) {
  const cpm_arg args[] = { { .field = CPM_FIELD_target, .number = CPM_TARGET_one }, { .field = CPM_FIELD_to, .text = CPM_STR("sip:bob@example.com") } };
  cpm_event e;
  char random[CPM_RANDOM_NEED];
  memset(random, 42, sizeof random);
  cpm_event_init(&e, CPM_EVENT_send);
  e.args = args;
  e.nargs = 2;
  e.files = files;
  e.nfiles = n;
  e.random = cpm_str_of(random, sizeof random);
  return cpm_proc_step(proc, &agent, &e, diag);
}

static void refused(const cpm_file *files, size_t n, int status) {
  assert_status(send(files, n, NULL), status, NULL);
  assert_memory_equal(block, before, sizeof before);
  assert_int_equal(cpm_proc_legs(proc), 0);
}

static void a_file_is_given_back_as_it_was_brought(void **state) {
  (void)state;
  cpm_file files[2] = { one(), one() }, out;
  files[0].from = 40;
  files[0].transfer_id = S("again");
  files[1].pull = true;
  start(BLOCK);
  assert_status(send(files, 2, NULL), CPM_OK, NULL);
  assert_int_equal(cpm_proc_legs(proc), 2);
  assert_true(cpm_proc_file(&out, proc, 0));
  assert_false(out.pull);
  assert_str(out.selector.name, "a%22b.txt");
  assert_str(out.selector.type, "text/plain");
  assert_true(out.selector.has_size);
  assert_int_equal(out.selector.size, 60);
  assert_str(out.selector.hashes, HASH);
  assert_str(out.disposition, "render");
  assert_str(out.icon, "cid:i");
  assert_str(out.date, "creation:\"Sun, 01 Mar 2026 11:00:00 +0000\"");
  assert_str(out.transfer_id, "again");
  assert_int_equal(out.from, 40);
  assert_int_equal(out.item, 77);
  assert_true(cpm_proc_file(&out, proc, 1));
  assert_true(out.pull);
  assert_int_equal(out.from, 0);
  assert_true(out.transfer_id.n > 0);
}

static void what_is_given_back_can_be_brought_again(void **state) {
  (void)state;
  static uint64_t first[BLOCK / 8];
  cpm_file file = one(), out, again;
  start(BLOCK);
  assert_status(send(&file, 1, NULL), CPM_OK, NULL);
  memcpy(first, block, sizeof first);
  assert_true(cpm_proc_file(&out, (cpm_proc *)(void *)first, 0));
  start(BLOCK);
  assert_status(send(&out, 1, NULL), CPM_OK, NULL);
  assert_true(cpm_proc_file(&again, proc, 0));
  assert_true(cpm_str_eq(again.selector.hashes, out.selector.hashes));
  assert_true(cpm_str_eq(again.transfer_id, out.transfer_id));
  assert_int_equal(again.from, out.from);
}

static void there_is_no_file_on_a_leg_that_has_none(void **state) {
  (void)state;
  cpm_file file = one(), out;
  start(BLOCK);
  assert_false(cpm_proc_file(&out, proc, 0));
  assert_false(cpm_proc_file(&out, proc, CPM_NO_LEG));
  assert_status(send(&file, 1, NULL), CPM_OK, NULL);
  assert_false(cpm_proc_file(&out, proc, 1));
  assert_false(cpm_proc_file(&out, proc, CPM_NO_LEG));
}

static void files_that_cannot_go_leave_the_block_as_it_was(void **state) {
  (void)state;
  cpm_file files[CPM_FILES_MAX + 1];
  for (size_t i = 0; i <= CPM_FILES_MAX; i++) files[i] = one();
  start(BLOCK);
  refused(NULL, 0, CPM_E_ARG);
  refused(NULL, 1, CPM_E_ARG);
  refused(files, CPM_FILES_MAX + 1, CPM_E_TOO_MANY);
  files[CPM_FILES_MAX - 1].selector.size = 0;
  refused(files, CPM_FILES_MAX, CPM_E_VALUE);
  files[CPM_FILES_MAX - 1] = one();
  files[CPM_FILES_MAX - 1].selector.hashes = S("hash:sha-1:72");
  refused(files, CPM_FILES_MAX, CPM_E_VALUE);
  files[CPM_FILES_MAX - 1] = one();
  files[CPM_FILES_MAX - 1].selector.size = UINT64_MAX;
  refused(files, CPM_FILES_MAX, CPM_E_VALUE);
  files[CPM_FILES_MAX - 1] = one();
  assert_status(send(files, CPM_FILES_MAX, NULL), CPM_OK, NULL);
  assert_int_equal(cpm_proc_legs(proc), CPM_FILES_MAX);
}

static void files_are_taken_by_procedures_that_send_files(void **state) {
  (void)state;
  const cpm_file file = one();
  cpm_event e;
  start(BLOCK);
  cpm_event_init(&e, CPM_EVENT_cancel);
  e.files = &file;
  e.nfiles = 1;
  assert_status(cpm_proc_step(proc, &agent, &e, NULL), CPM_E_ARG, NULL);
  assert_memory_equal(block, before, sizeof before);
  assert_status(cpm_proc_init(block, BLOCK, cpm_machine_named("client/pager-send"), &agent, NULL), CPM_OK, NULL);
  memcpy(before, block, sizeof before);
  refused(&file, 1, CPM_E_ARG);
}

/* In every block that is too small it is refused at once, with nothing said; in the others it goes. */
static void a_block_that_is_too_small_is_left_as_it_was(void **state) {
  (void)state;
  cpm_file files[3] = { one(), one(), one() };
  size_t size = cpm_proc_size(cpm_machine_named("client/ft-send"), 0, 0), small = 0;
  for (;; size += 64, small++) {
    start(size);
    const int rc = send(files, 3, NULL);
    if (rc == CPM_OK) break;
    assert_status(rc, CPM_E_SPACE, NULL);
    assert_memory_equal(block, before, sizeof before);
    assert_true(size < BLOCK - 64);
  }
  assert_true(small > 0);
  assert_int_equal(cpm_proc_legs(proc), 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_file_is_given_back_as_it_was_brought),
    cmocka_unit_test(what_is_given_back_can_be_brought_again),
    cmocka_unit_test(there_is_no_file_on_a_leg_that_has_none),
    cmocka_unit_test(files_that_cannot_go_leave_the_block_as_it_was),
    cmocka_unit_test(files_are_taken_by_procedures_that_send_files),
    cmocka_unit_test(a_block_that_is_too_small_is_left_as_it_was),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
