/*
 * The YAML of a good report, `items`, read with one of its lines replaced: for the tests of
 * config/report_yaml.h. The text and the numbers of its lines are in report_text.c.
 */
#ifndef TESTS_SUPPORT_REPORT_TEXT_H
#define TESTS_SUPPORT_REPORT_TEXT_H

#include "base/arena.h"
#include "config/report_yaml.h"

/* Reads the good report with its line `line` (from 1; 0: none) replaced. The report lives in
 * `arena`, which the caller ends with arena_done. Fails as report_read. */
bool report_text_read(size_t line, const char *replacement, struct arena *arena, struct report *out,
                      struct error *err);

/* A replaced line, and the message that refuses the report for it. */
struct report_mistake {
    size_t line;
    const char *replacement;
    const char *message;
};

/* Asserts that each mistake is refused with its message and ERROR_CONFIG, and that the report is
 * left untouched. */
void report_text_expect_refused(const struct report_mistake *mistakes, size_t count);

#endif
