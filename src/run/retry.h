/*
 * What is tried again, how often and when: one policy, as data.
 */
#ifndef RUN_RETRY_H
#define RUN_RETRY_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct retry_policy {
    int tries;    /* in all, the first one included */
    int first_ms; /* wait before the second try */
    int factor;   /* each further wait is so many times longer */
    int max_ms;   /* but never longer than this */
};

/* A database that restarts, fails over or is out of connections is back within a minute: 6 tries
 * over about 60 s (1, 3, 9, 20, 20 s, each up to a half longer, so that many runs do not come back
 * at once). */
extern const struct retry_policy retry_database;

/* A portal: 3 tries, after 2 and 8 s. */
extern const struct retry_policy retry_portal;

/* Who asks to be left alone for longer is not asked again in this run. */
enum { RETRY_AFTER_MAX_S = 600 };

/* The wait after the failure of try `attempt` (from 1), which is worth another one. `chance` adds
 * up to a half; what the other side asked for is the least. */
int retry_delay_ms(const struct retry_policy *policy, int attempt, const struct error *err,
                   uint32_t chance);

/* Whether the failure of try `attempt` is worth another one; if so, waits for it, as long as the
 * other side asked for if that is longer (err->retry_after_s). A stop signal ends the wait: false,
 * with ERROR_STOPPED in err. */
bool retry_again(const struct retry_policy *policy, int attempt, struct error *err);

/* Does a step until it succeeds or is not worth another try. A step must be one that may be
 * repeated. */
typedef bool retry_step(void *arg, struct error *err);
bool retry_until_done(const struct retry_policy *policy, retry_step *step, void *arg,
                      struct error *err);

#endif
