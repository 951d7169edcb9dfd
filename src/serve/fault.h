/*
 * Answers to requests that fail.
 */
#ifndef SERVE_FAULT_H
#define SERVE_FAULT_H

#include "serve/visit.h"

/* Makes the answer: a page, or JSON for addresses under /api. `code` and `message` as pages_error
 * has them; `field` may be NULL. */
void fault_answer(const struct visit *visit, int status, const char *code, const char *message,
                  const char *field, struct reply *out);

/* Answers for what failed in this program or the database. The message that people see has a
 * reference, by which the log has the error itself: addresses and SQL are nobody's business. */
void fault_of_error(const struct visit *visit, const struct error *err, struct reply *out);

#endif
