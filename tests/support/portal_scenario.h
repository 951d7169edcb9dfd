/*
 * A portal by chance, and what happens to it from cycle to cycle: all of it from one seed and a
 * number.
 */
#ifndef TESTS_SUPPORT_PORTAL_SCENARIO_H
#define TESTS_SUPPORT_PORTAL_SCENARIO_H

#include "run/cycle.h"
#include "tests/support/fake_portal.h"

struct scenario {
    uint64_t number;
    struct chance chance;
    struct fake_portal portal;
    int32_t begin, today; /* the portal's first day, and the present one */
    int weekday_rows, weekend_rows, empty_percent;
    int32_t gap_first, gap_last; /* without a row */
    int next_id;
    size_t workers;
    struct cycle_options options; /* of the cycle */
};

/* Draws the portal, with the rows of its history, and the report's windows and limits. */
void scenario_begin(struct scenario *scenario, struct report *report, const char *folder,
                    uint64_t seed, uint64_t number);
void scenario_end(struct scenario *scenario);

/* Days pass: they bring their own rows, late entries come, audits change and delete. */
void scenario_pass_time(struct scenario *scenario);

/* What cycle comes next, and what is spoilt in it. */
void scenario_draw_options(struct scenario *scenario);
struct portal_fault scenario_draw_fault(struct scenario *scenario, const struct report *report);

#endif
