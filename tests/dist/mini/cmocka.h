/* SPDX-License-Identifier: MIT */
/* cmocka.h - what the tests use of cmocka, for machines that have none. */
#ifndef TESTS_MINI_CMOCKA_H
#define TESTS_MINI_CMOCKA_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

typedef int mini_fixture(void **state);
struct CMUnitTest {
  const char   *name;
  void        (*test_func)(void **state);
  mini_fixture *setup_func, *teardown_func;
  void         *initial_state;
};
#define cmocka_unit_test(f)                                    { #f, f, NULL, NULL, NULL }
#define cmocka_unit_test_setup_teardown(f, setup, teardown)    { #f, f, setup, teardown, NULL }
#define cmocka_run_group_tests(tests, setup, teardown)         mini_run(#tests, tests, sizeof(tests) / sizeof *(tests), setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown) mini_run(name, tests, sizeof(tests) / sizeof *(tests), setup, teardown)
int mini_run(const char *name, const struct CMUnitTest *tests, size_t n, mini_fixture *setup, mini_fixture *teardown);

/* Ends the test that runs. */
_Noreturn void _fail(const char *file, int line);
_Noreturn void mini_skip(void);
#define fail()         _fail(__FILE__, __LINE__)
#define fail_msg(...)  (mini_say(__VA_ARGS__), _fail(__FILE__, __LINE__))
#define skip()         mini_skip()
#define print_error(...)   mini_say(__VA_ARGS__)
#define print_message(...) mini_say(__VA_ARGS__)
void mini_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define MINI_HOLDS(holds, what)        ((holds) ? (void)0 : fail_msg("%s", what))
#define assert_true(c)                 MINI_HOLDS(c, #c)
#define assert_false(c)                MINI_HOLDS(!(c), "not " #c)
#define assert_null(p)                 MINI_HOLDS((p) == NULL, #p " == NULL")
#define assert_non_null(p)             MINI_HOLDS((p) != NULL, #p " != NULL")
#define assert_ptr_equal(a, b)         MINI_HOLDS((const void *)(a) == (const void *)(b), #a " == " #b)
#define assert_ptr_not_equal(a, b)     MINI_HOLDS((const void *)(a) != (const void *)(b), #a " != " #b)
#define assert_int_equal(a, b)         mini_numbers((uint64_t)(a), (uint64_t)(b), 1, #a " == " #b, __FILE__, __LINE__)
#define assert_int_not_equal(a, b)     mini_numbers((uint64_t)(a), (uint64_t)(b), 0, #a " != " #b, __FILE__, __LINE__)
#define assert_in_range(v, min, max)   mini_range((uint64_t)(v), (uint64_t)(min), (uint64_t)(max), #v, __FILE__, __LINE__)
#define assert_string_equal(a, b)      mini_strings(a, b, 1, #a " == " #b, __FILE__, __LINE__)
#define assert_string_not_equal(a, b)  mini_strings(a, b, 0, #a " != " #b, __FILE__, __LINE__)
#define assert_memory_equal(a, b, n)   mini_memory(a, b, n, #a " == " #b, __FILE__, __LINE__)
void mini_numbers(uint64_t a, uint64_t b, int equal, const char *what, const char *file, int line);
void mini_range(uint64_t v, uint64_t min, uint64_t max, const char *what, const char *file, int line);
void mini_strings(const char *a, const char *b, int equal, const char *what, const char *file, int line);
void mini_memory(const void *a, const void *b, size_t n, const char *what, const char *file, int line);

#endif
