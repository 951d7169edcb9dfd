/*
 * Prints what `etl-sigos check` has found, one finding at a time, for a person or as JSON:
 *
 *     ok       browser: /usr/bin/chromium-headless-shell
 *     warning  disk: 120 MB are free in /tmp
 *              free some: an export needs its size twice
 *     FAILED   portal: login: the portal refuses: Usuário ou senha inválidos.
 */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include "base/error.h"
#include "model/encoded_row.h"

#include <stdbool.h>

enum finding { FINDING_OK, FINDING_NOTE, FINDING_WARNING, FINDING_FAILED };

struct findings {
    bool json;
    int code; /* the exit code of the first failure; 0: there was none */
};

/* Prints a finding. `what` is the subject, `found` what was found; `advice` says what to do and may
 * be NULL. */
void findings_add(const struct findings *findings, enum finding finding, const char *what,
                  const char *found, const char *advice);
/* Does the same; `found` is made as by printf. */
void findings_addf(const struct findings *findings, enum finding finding, const char *what,
                   const char *advice, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Prints an advice of the database (destination_advise, destination_repair); `arg` are the
 * findings.
 */
bool findings_advise(void *arg, const struct cell *cells, size_t count, struct error *err);

/* Prints a failure, whose message says what to do, and keeps its exit code. */
void findings_fail(struct findings *findings, const char *what, const struct error *err);

#endif
