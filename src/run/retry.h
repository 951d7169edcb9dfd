/*
 * Repeats what failed for a while (error.h, transient): how often, and after which waits.
 */
#ifndef RUN_RETRY_H
#define RUN_RETRY_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct retry_policy {
    int tries;    /* in all, the first one included */
    int first_ms; /* wait before the second try */
    int factor;   /* each further wait is so many times as long */
    int max_ms;   /* the longest wait, before the random part is added */
};

/* For a database: 6 tries, after waits of 1, 3, 9, 20 and 20 s, each up to a half longer, so that
 * many runs do not come back at once. A database that restarts, fails over or is out of connections
 * is back within about a minute. */
extern const struct retry_policy retry_database;

/* For a portal: 3 tries, after waits of 2 and 8 s, each up to a half longer. */
extern const struct retry_policy retry_portal;

/* A failure is not tried again if the other side asks for a longer wait than this. */
enum { RETRY_AFTER_MAX_S = 600 };

/* Returns the wait after the failure of try `attempt` (from 1), in ms (pure). `random_number` makes
 * it up to a half longer. It is at least as long as the other side asked for (retry_after_s). */
int retry_delay_ms(const struct retry_policy *policy, int attempt, const struct error *err,
                   uint32_t random_number);

/* Waits. A stop signal ends that: false, with ERROR_STOPPED in *err. */
bool retry_wait(int ms, struct error *err);

/* Whether there is to be another try after the failure *err of try `attempt` (from 1). If so, logs
 * the failure and waits. A stop signal ends the wait: false, with ERROR_STOPPED in *err. */
bool retry_again(const struct retry_policy *policy, int attempt, struct error *err);

/* Repeats a step until it succeeds, or fails in a way that gets no other try: then the last failure
 * is in *err, or ERROR_STOPPED. The step must be one that may be repeated. */
typedef bool retry_step(void *arg, struct error *err);
bool retry_until_done(const struct retry_policy *policy, retry_step *step, void *arg,
                      struct error *err);

#endif
