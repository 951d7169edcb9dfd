/*
 * Which requests were proven to bring the file that a click brings, for all sessions of a run: what one
 * of them has found out is not asked for again by the others. It holds for the same request, in which
 * only tokens may be others (request_is_alike): each session has its own.
 */
#ifndef EXTRACT_REPLAY_VERDICTS_H
#define EXTRACT_REPLAY_VERDICTS_H

#include "extract/replay/request.h"
#include "model/report.h"

enum proof {
    PROOF_WANTED,  /* nobody has tried: the caller does, and says what came of it */
    PROOF_AWAITED, /* another is trying */
    PROOF_GIVEN,
    PROOF_DENIED,
};

struct proofs;

struct proofs *proofs_new(void);
void proofs_free(struct proofs *proofs); /* accepts NULL */

/* `request`: of the report, for days that all sessions agree on. Who is told PROOF_WANTED answers. */
enum proof proofs_ask(struct proofs *proofs, const struct report *report,
                      const struct request *request);

/* PROOF_GIVEN, PROOF_DENIED, or PROOF_WANTED: it was not found out, and another may try. */
void proofs_answer(struct proofs *proofs, const struct report *report,
                   const struct request *request, enum proof answer);

#endif
