/* SPDX-License-Identifier: MIT */
/* Learns from exports how a portal exports a report. */
#include "run/portal_habits.h"

void portal_habits_init(struct portal_habits *habits, const struct habits *known)
{
    habits->includes_last_day = known->includes_last_day;
    habits->leaves_out_last_day = known->leaves_out_last_day;
    habits->ends_lines = known->ends_lines;
    habits->leaves_lines_open = known->leaves_lines_open;
    habits->hand_ends_lines = known->hand_ends_lines;
}

struct habits portal_habits_now(const struct portal_habits *habits)
{
    return (struct habits){.includes_last_day = habits->includes_last_day,
                           .leaves_out_last_day = habits->leaves_out_last_day,
                           .ends_lines = habits->ends_lines,
                           .leaves_lines_open = habits->leaves_lines_open,
                           .hand_ends_lines = habits->hand_ends_lines};
}

void portal_habits_learn(struct portal_habits *habits, const struct prepared *prepared,
                         bool by_hand)
{
    if (prepared->error.kind != ERROR_NONE)
        return;
    if (!by_hand && prepared->batch.last_day.rows > 0)
        habits->includes_last_day = true;
    for (size_t i = 0; i < prepared->facts_count; i++) {
        if (prepared->facts[i].end == FILE_END_LINE)
            *(by_hand ? &habits->hand_ends_lines : &habits->ends_lines) = true;
        else if (prepared->facts[i].end == FILE_END_OPEN && !by_hand && !habits->ends_lines)
            habits->leaves_lines_open = true;
    }
}

bool portal_habits_end_lines(const struct portal_habits *habits, bool by_hand)
{
    return (habits->ends_lines && !habits->leaves_lines_open) ||
           (by_hand && habits->hand_ends_lines);
}
