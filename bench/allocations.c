/* SPDX-License-Identifier: MIT */
/* allocations.c - counts what is asked of the heap of glibc. Loaded with LD_PRELOAD, so that nothing counts while times are taken. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

uint64_t bench_allocations;

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t members, size_t n);
extern void *__libc_realloc(void *p, size_t n);
extern void *__libc_memalign(size_t align, size_t n);
void *malloc(size_t n);
void *calloc(size_t members, size_t n);
void *realloc(void *p, size_t n);
void *aligned_alloc(size_t align, size_t n);
int posix_memalign(void **out, size_t align, size_t n);

void *malloc(size_t n) { return bench_allocations++, __libc_malloc(n); }
void *calloc(size_t members, size_t n) { return bench_allocations++, __libc_calloc(members, n); }
void *realloc(void *p, size_t n) { return bench_allocations++, __libc_realloc(p, n); }
void *aligned_alloc(size_t align, size_t n) { return bench_allocations++, __libc_memalign(align, n); }

int posix_memalign(void **out, size_t align, size_t n) {
  bench_allocations++;
  *out = __libc_memalign(align, n);
  return *out ? 0 : ENOMEM;
}
