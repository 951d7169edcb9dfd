/*
 * A random portal, and the changes of its rows from cycle to cycle. A seed and a number repeat it.
 */
#ifndef TESTS_SUPPORT_PORTAL_SCENARIO_H
#define TESTS_SUPPORT_PORTAL_SCENARIO_H

#include "run/cycle.h"
#include "tests/support/fake_portal.h"

struct scenario {
    uint64_t number;
    struct chance chance;
    struct fake_portal portal;
    int32_t begin, today; /* the portal's first day, and the current one */
    int weekday_rows, weekend_rows, empty_percent;
    int32_t gap_first, gap_last; /* days without rows */
    int next_id;
    size_t workers;
    struct cycle_options options; /* of the next cycle */
};

/* Draws the portal with its rows, and the report's windows and limits. */
void scenario_begin(struct scenario *scenario, struct report *report, const char *folder,
                    uint64_t seed, uint64_t number);
void scenario_end(struct scenario *scenario);

/* Lets days pass: adds their rows and late rows, and changes and deletes rows as audits do. */
void scenario_pass_time(struct scenario *scenario);

/* Draw the kind of the next cycle, and its fault. */
void scenario_draw_options(struct scenario *scenario);
struct portal_fault scenario_draw_fault(struct scenario *scenario, const struct report *report);

#endif
