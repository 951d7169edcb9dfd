/*
 * Includes for every unit test: cmocka, and the headers that cmocka.h needs.
 */
#ifndef TESTS_SUPPORT_UNIT_H
#define TESTS_SUPPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A deadline in seconds that no test waits for. What took less did not wait for it, which is true
 * on a slow machine, too, where "at once" is no number of milliseconds. */
enum { FAR = 60, FAR_MS = FAR * 1000 };

#endif
