/*
 * Which requests were proven to bring the file that a click brings, for all sessions of a run: what
 * one of them has found out is not asked for again by the others. It holds for the same request, in
 * which only tokens may be others (request_is_alike): each session has its own.
 */
#ifndef EXTRACT_REPLAY_VERDICTS_H
#define EXTRACT_REPLAY_VERDICTS_H

#include "extract/replay/request.h"
#include "model/report.h"

enum verdict {
    VERDICT_WANTED,  /* nobody has tried: the caller does, and says what came of it */
    VERDICT_AWAITED, /* another is trying */
    VERDICT_GIVEN,
    VERDICT_DENIED,
};

struct verdicts;

struct verdicts *verdicts_new(void);
void verdicts_free(struct verdicts *verdicts); /* accepts NULL */

/* `request`: of the report, for days that all sessions agree on. Who is told VERDICT_WANTED
 * answers. */
enum verdict verdicts_ask(struct verdicts *verdicts, const struct report *report,
                          const struct request *request);

/* VERDICT_GIVEN, VERDICT_DENIED, or VERDICT_WANTED: it was not found out, and another may try. */
void verdicts_answer(struct verdicts *verdicts, const struct report *report,
                     const struct request *request, enum verdict answer);

#endif
