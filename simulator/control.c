/* SPDX-License-Identifier: MIT */
/* The tests' back door. */
#include "simulator/control.h"

#include "simulator/number.h"

#include <inttypes.h>
#include <string.h>

static void refuse(struct sim_answer *answer, unsigned status, const char *why)
{
    answer->status = status;
    answer->type = "application/json";
    buf_addf(&answer->body, "{\"error\": \"%s\"}\n", why);
}

static void state(struct sim_portal *portal, struct sim_answer *answer)
{
    pthread_mutex_lock(&portal->fault.lock);
    uint32_t delay_ms = portal->fault.delay_ms;
    pthread_mutex_unlock(&portal->fault.lock);
    pthread_mutex_lock(&portal->lock);
    answer->type = "application/json";
    buf_addf(&answer->body,
             "{\"generation\": %u, \"exports\": %" PRIu64 ", \"logins\": %" PRIu64
             ", \"failed_logins\": %" PRIu64 ", \"sessions\": %zu, \"delay_ms\": %u}\n",
             portal->history.generation, portal->counts.exports, portal->counts.logins,
             portal->counts.failed_logins, sim_session_count(&portal->sessions), delay_ms);
    pthread_mutex_unlock(&portal->lock);
}

static bool set_generation(struct sim_portal *portal, const char *parameter)
{
    uint64_t n;

    if (!sim_number_parse(parameter, HISTORY_GENERATION_MAX, &n))
        return false;
    pthread_mutex_lock(&portal->lock);
    portal->history.generation = (uint32_t)n;
    pthread_mutex_unlock(&portal->lock);
    return true;
}

static bool set_delay(struct sim_portal *portal, const char *parameter)
{
    uint64_t ms;

    if (!sim_number_parse(parameter, FAULT_DELAY_MS_MAX, &ms))
        return false;
    fault_set_delay(&portal->fault, (uint32_t)ms);
    return true;
}

static bool expire(struct sim_portal *portal, const char *parameter)
{
    (void)parameter;
    pthread_mutex_lock(&portal->lock);
    sim_session_drop_all(&portal->sessions);
    pthread_mutex_unlock(&portal->lock);
    return true;
}

static const struct {
    const char *path;
    bool (*act)(struct sim_portal *portal, const char *parameter); /* NULL: only asks; by GET */
} endpoints[] = {
    {"/_sim/state", NULL},
    {"/_sim/generation", set_generation},
    {"/_sim/delay", set_delay},
    {"/_sim/sessions/expire", expire},
};

void sim_control_handle(struct sim_portal *portal, const struct sim_request *request,
                        struct sim_answer *answer)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        if (strcmp(request->path, endpoints[i].path) != 0)
            continue;
        if (request->post != (endpoints[i].act != NULL))
            refuse(answer, 405, "wrong method");
        else if (endpoints[i].act && !endpoints[i].act(portal, request->parameter))
            refuse(answer, 400, "the parameter is missing or no number in range");
        else
            state(portal, answer);
        return;
    }
    refuse(answer, 404, "no such endpoint");
}
