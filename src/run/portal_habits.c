/* SPDX-License-Identifier: MIT */
/* Learning from exports. */
#include "run/portal_habits.h"

void portal_habits_init(struct portal_habits *live, const struct habits *known)
{
    live->includes_last_day = known->includes_last_day;
    live->leaves_out_last_day = known->leaves_out_last_day;
    live->ends_lines = known->ends_lines;
    live->leaves_lines_open = known->leaves_lines_open;
    live->hand_ends_lines = known->hand_ends_lines;
}

struct habits portal_habits_now(const struct portal_habits *live)
{
    return (struct habits){.includes_last_day = live->includes_last_day,
                           .leaves_out_last_day = live->leaves_out_last_day,
                           .ends_lines = live->ends_lines,
                           .leaves_lines_open = live->leaves_lines_open,
                           .hand_ends_lines = live->hand_ends_lines};
}

void portal_habits_learn(struct portal_habits *live, const struct prepared *prepared, bool by_hand)
{
    if (prepared->error.kind != ERROR_NONE)
        return;
    if (!by_hand && prepared->batch.last_day.rows > 0)
        live->includes_last_day = true;
    for (size_t i = 0; i < prepared->facts_count; i++) {
        if (prepared->facts[i].end == FILE_END_LINE)
            *(by_hand ? &live->hand_ends_lines : &live->ends_lines) = true;
        else if (prepared->facts[i].end == FILE_END_OPEN && !by_hand && !live->ends_lines)
            live->leaves_lines_open = true;
    }
}

bool portal_habits_end_lines(const struct portal_habits *live, bool by_hand)
{
    return (live->ends_lines && !live->leaves_lines_open) || (by_hand && live->hand_ends_lines);
}
