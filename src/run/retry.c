/* SPDX-License-Identifier: MIT */
/* Repeats what failed for a while, after growing waits. */
#include "run/retry.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"

#include <poll.h>
#include <stdint.h>
#include <sys/random.h>

const struct retry_policy retry_database = {
    .tries = 6, .first_ms = 1000, .factor = 3, .max_ms = 20000};

const struct retry_policy retry_portal = {
    .tries = 3, .first_ms = 2000, .factor = 4, .max_ms = 30000};

int retry_delay_ms(const struct retry_policy *policy, int attempt, const struct error *err,
                   uint32_t random_number)
{
    int64_t delay = policy->first_ms;

    for (int i = 1; i < attempt && delay < policy->max_ms; i++)
        delay *= policy->factor;
    if (delay > policy->max_ms)
        delay = policy->max_ms;
    delay += random_number % (delay / 2 + 1);
    const int64_t asked = (int64_t)err->retry_after_s * 1000;
    return (int)(delay < asked ? asked : delay);
}

static uint32_t read_random(void)
{
    uint32_t random_number = 0;

    if (getrandom(&random_number, sizeof(random_number), 0) < 0)
        return 0;
    return random_number;
}

bool retry_wait(int ms, struct error *err)
{
    for (int64_t until = clock_ms() + ms, left = ms; left > 0; left = until - clock_ms()) {
        struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
        poll(&stop, 1, (int)left);
        if (!stop_check(err))
            return false;
    }
    return true;
}

bool retry_again(const struct retry_policy *policy, int attempt, struct error *err)
{
    if (!err->transient || attempt >= policy->tries || err->retry_after_s > RETRY_AFTER_MAX_S)
        return false;
    const int delay = retry_delay_ms(policy, attempt, err, read_random());
    log_warn("retry", log_text("error", err->message), log_int("try", attempt + 1),
             log_int("of", policy->tries), log_int("in_ms", delay));
    return retry_wait(delay, err);
}

bool retry_until_done(const struct retry_policy *policy, retry_step *step, void *arg,
                      struct error *err)
{
    struct error failure; /* not *err: a step that succeeds in the end has not failed */

    for (int attempt = 1; !step(arg, &failure); attempt++) {
        if (!retry_again(policy, attempt, &failure)) {
            *err = failure;
            return false;
        }
    }
    return true;
}
