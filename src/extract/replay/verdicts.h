/*
 * Keeps, for all sessions of a run, which requests were proven to bring the file that a click
 * brings, so that the other sessions need not ask for it again. A verdict holds for the same
 * request; only tokens may differ (request_is_alike), because each session has its own.
 */
#ifndef EXTRACT_REPLAY_VERDICTS_H
#define EXTRACT_REPLAY_VERDICTS_H

#include "extract/replay/request.h"
#include "model/report.h"

enum verdict {
    VERDICT_WANTED,  /* no session has tried: the caller tries, then calls verdicts_answer */
    VERDICT_AWAITED, /* another session is trying */
    VERDICT_GIVEN,   /* the repeated request brings the file */
    VERDICT_DENIED,  /* the repeated request brings another file */
};

struct verdicts;

/* Returns an empty set, owned by the caller. */
struct verdicts *verdicts_new(void);
void verdicts_free(struct verdicts *verdicts); /* accepts NULL */

/* Returns the verdict about a request of the report, which is filled for a day on which all
 * sessions agree. After VERDICT_WANTED the caller must call verdicts_answer. May be called by any
 * thread. */
enum verdict verdicts_ask(struct verdicts *verdicts, const struct report *report,
                          const struct request *request);

/* Sets the verdict: VERDICT_GIVEN, VERDICT_DENIED, or VERDICT_WANTED if the try told nothing, so
 * that another session may try. */
void verdicts_answer(struct verdicts *verdicts, const struct report *report,
                     const struct request *request, enum verdict answer);

#endif
