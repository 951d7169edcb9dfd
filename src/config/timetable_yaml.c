/* SPDX-License-Identifier: MIT */
/* Reads the timetable from YAML. */
#include "config/timetable_yaml.h"

#include "model/report.h"

#include <stdio.h>
#include <string.h>

enum { MINUTES_PER_DAY = 24 * 60 };

static bool read_days(struct node rule, uint8_t *out, struct error *err)
{
    static const char *const words[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    struct names names = {0};
    struct node at = rule;

    if (!node_names(rule, "days", 1, &names, err))
        return false;
    node_get(rule, "days", &at);
    for (size_t i = 0; i < names.count; i++) {
        int day = 0;
        while (day < 7 && strcmp(names.items[i], words[day]) != 0)
            day++;
        if (day == 7)
            return node_error(at, err, "'%s' is no day; use sun, mon, tue, wed, thu, fri, sat",
                              names.items[i]);
        *out |= (uint8_t)(1U << day);
    }
    return true;
}

static bool read_clock(struct node rule, const char *key, int *out, struct error *err)
{
    const char *text = NULL;
    struct node at;
    int hour, minute, used = 0;

    if (!node_text(rule, key, &text, err))
        return false;
    if (!text)
        return true;
    node_get(rule, key, &at);
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &used) != 2 || text[used] || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59)
        return node_error(at, err, "'%s' is no time of day; write it in quotes, as '9:30'", text);
    *out = hour * 60 + minute;
    return true;
}

static bool read_rule(struct node timetable, const char *key, struct timetable_rule *out,
                      struct error *err)
{
    static const struct node_keys keys = {
        .required = {"days", "from"},
        .optional = {"to", "every"},
    };
    struct timetable_rule rule = {.last = -1, .every = MINUTES_PER_DAY};
    struct node at;

    if (!node_get(timetable, key, &at))
        return true;
    if (!node_check_keys(at, &keys, err) || !read_days(at, &rule.days, err) ||
        !read_clock(at, "from", &rule.first, err) || !read_clock(at, "to", &rule.last, err) ||
        !node_int(at, "every", 1, MINUTES_PER_DAY, &rule.every, err))
        return false;
    if (rule.last < 0)
        rule.last = rule.first;
    if (rule.last < rule.first)
        return node_error(at, err, "`to` is before `from`");
    *out = rule;
    return true;
}

bool timetable_read(struct node root, struct timetable *out, struct error *err)
{
    static const struct node_keys keys = {.optional = {"incremental", "full"}};
    struct node at;

    if (!node_get(root, "timetable", &at))
        return true;
    return node_check_keys(at, &keys, err) &&
           read_rule(at, "incremental", &out->incremental, err) &&
           read_rule(at, "full", &out->full, err);
}
