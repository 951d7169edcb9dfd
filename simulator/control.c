/* SPDX-License-Identifier: MIT */
/* Changes the portal for tests and writes its state as JSON. */
#include "simulator/control.h"

#include "simulator/number.h"

#include <inttypes.h>
#include <string.h>

enum { STATE_BYTES_MAX = 8 << 20 };

static void refuse(struct sim_answer *answer, unsigned status, const char *why)
{
    answer->status = status;
    answer->type = "application/json";
    buf_addf(&answer->body, "{\"error\": \"%s\"}\n", why);
}

static void state(const struct sim_portal *portal, struct sim_answer *answer)
{
    struct buf *out = &answer->body;

    out->max = STATE_BYTES_MAX;
    answer->type = "application/json";
    buf_addf(out,
             "{\"generation\": %u, \"exports\": %" PRIu64 ", \"logins\": %" PRIu64
             ", \"failed_logins\": %" PRIu64 ", \"sessions\": %zu, \"delay_ms\": %u,\n"
             "\"login_attempts\": %" PRIu64 ", \"running\": %u, \"running_max\": %u,\n"
             "\"variant\": ",
             portal->history.generation, portal->journal.count, portal->counts.logins,
             portal->counts.failed_logins, sim_session_count(&portal->sessions),
             portal->variant.delay_ms, portal->counts.attempts, portal->journal.running,
             portal->journal.running_max);
    variant_show(&portal->variant, out);
    buf_add_text(out, ",\n\"faults\": ");
    fault_show(&portal->faults, out);
    buf_add_text(out, ",\n\"asked\": ");
    journal_show(&portal->journal, out);
    buf_add_text(out, "}\n");
}

static bool set_generation(struct sim_portal *portal, const struct sim_request *request)
{
    uint64_t n;

    if (!sim_number_parse(sim_request_argument(request, "n"), HISTORY_GENERATION_MAX, &n))
        return false;
    portal->history.generation = (uint32_t)n;
    return true;
}

static bool set_delay(struct sim_portal *portal, const struct sim_request *request)
{
    const char *ms = sim_request_argument(request, "ms");

    return ms && variant_set(&portal->variant, "delay-ms", ms);
}

static bool set_variant(struct sim_portal *portal, const struct sim_request *request)
{
    struct variant variant = portal->variant;

    for (size_t i = 0; i < request->query.count; i++)
        if (!variant_set(&variant, request->query.items[i].name,
                         buf_text(&request->query.items[i].value)))
            return false;
    portal->variant = variant;
    return request->query.count > 0;
}

static bool add_fault(struct sim_portal *portal, const struct sim_request *request)
{
    const char *spec = sim_request_argument(request, "spec");
    struct error err = {0};

    return spec && fault_add(&portal->faults, spec, &err);
}

static bool clear_faults(struct sim_portal *portal, const struct sim_request *request)
{
    (void)request;
    fault_clear(&portal->faults);
    return true;
}

static bool expire(struct sim_portal *portal, const struct sim_request *request)
{
    (void)request;
    sim_session_drop_others(&portal->sessions, NULL);
    return true;
}

static const struct endpoint {
    const char *path;
    /* Changes the portal. False: nothing has changed. NULL: the endpoint only shows the state, by
     * GET. */
    bool (*act)(struct sim_portal *portal, const struct sim_request *request);
    const char *expects;
} endpoints[] = {
    {"/_sim/state", NULL, NULL},
    {"/_sim/generation", set_generation, "n is missing or no number in range"},
    {"/_sim/delay", set_delay, "ms is missing or no number in range"},
    {"/_sim/variant", set_variant, "no such setting, or not one of its values"},
    {"/_sim/fault", add_fault, "spec is missing or not understood"},
    {"/_sim/fault/clear", clear_faults, NULL},
    {"/_sim/sessions/expire", expire, NULL},
};

static void answer_endpoint(struct sim_portal *portal, const struct endpoint *endpoint,
                            const struct sim_request *request, struct sim_answer *answer)
{
    if (request->post != (endpoint->act != NULL))
        refuse(answer, 405, "wrong method");
    else if (endpoint->act && !endpoint->act(portal, request))
        refuse(answer, 400, endpoint->expects);
    else
        state(portal, answer);
}

void sim_control_handle(struct sim_portal *portal, const struct sim_request *request,
                        struct sim_answer *answer)
{
    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++)
        if (strcmp(request->path, endpoints[i].path) == 0) {
            pthread_mutex_lock(&portal->lock);
            answer_endpoint(portal, &endpoints[i], request, answer);
            pthread_mutex_unlock(&portal->lock);
            return;
        }
    refuse(answer, 404, "no such endpoint");
}
