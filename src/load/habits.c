/* SPDX-License-Identifier: MIT */
/* Reads and writes the table etl_habits. */
#include "load/habits.h"

#include "load/notes.h"

#include <stddef.h>
#include <string.h>

/* The habits' names in the table, which are stored and must not change. */
static const struct habit {
    const char *name;
    size_t at; /* of its member */
} habits[] = {
    {"includes the last day", offsetof(struct habits, includes_last_day)},
    {"leaves out the last day", offsetof(struct habits, leaves_out_last_day)},
    {"ends lines", offsetof(struct habits, ends_lines)},
    {"leaves lines open", offsetof(struct habits, leaves_lines_open)},
    {"ends lines by hand", offsetof(struct habits, hand_ends_lines)},
};

static bool *member(struct habits *of, const struct habit *habit)
{
    return (bool *)((char *)of + habit->at);
}

static bool has(const struct habits *of, const struct habit *habit)
{
    return *(const bool *)((const char *)of + habit->at);
}

static bool take_habit(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)count;
    (void)err;
    for (size_t i = 0; i < sizeof(habits) / sizeof(*habits); i++)
        if (cells[0].text && strlen(habits[i].name) == cells[0].len &&
            memcmp(habits[i].name, cells[0].text, cells[0].len) == 0)
            *member(arg, &habits[i]) = true;
    return true;
}

bool habits_read(struct destination *dest, const char *report, struct habits *out,
                 struct error *err)
{
    *out = (struct habits){0};
    return destination_query_values(dest, "SELECT habit FROM etl_habits WHERE report = $1", &report,
                                    1, take_habit, out, err);
}

bool habits_write(struct destination *dest, const struct run *run, const struct habits *before,
                  const struct habits *now, struct error *err)
{
    for (size_t i = 0; i < sizeof(habits) / sizeof(*habits); i++)
        if (has(now, &habits[i]) && !has(before, &habits[i]) &&
            !dest->ops->notes->note_habit(dest, run, habits[i].name, err))
            return false;
    return true;
}
