/* SPDX-License-Identifier: MIT */
/* Random portals, and random days between cycles. */
#include "tests/support/portal_scenario.h"

#include "tests/support/portal_cycles.h"
#include "tests/support/unit.h"

enum { MONDAY = 20003, FIVE = 5 };

/* -------------------------------------------------------------------------------------- portals */

static void add_row(struct scenario *scenario, int32_t date)
{
    fake_portal_add(&scenario->portal,
                    (struct portal_row){.date = date,
                                        .id = scenario->next_id++,
                                        .place = chance_between(&scenario->chance, 0, 1 << 20),
                                        .version = 1,
                                        .there = true});
}

static void add_day(struct scenario *scenario, int32_t date)
{
    struct chance *chance = &scenario->chance;
    const int usual = (date - MONDAY) % 7 < FIVE ? scenario->weekday_rows : scenario->weekend_rows;

    if ((date >= scenario->gap_first && date <= scenario->gap_last) ||
        chance_is(chance, scenario->empty_percent))
        return;
    for (int i = chance_between(chance, usual / 2, usual + usual / 2); i > 0; i--)
        add_row(scenario, date);
}

static void draw_manners(struct scenario *scenario)
{
    struct chance *chance = &scenario->chance;
    struct fake_portal *portal = &scenario->portal;

    portal->includes_last_day = chance_is(chance, 50);
    portal->ends_lines = chance_is(chance, 60);
    portal->has_footer = chance_is(chance, 30);
    portal->crlf = chance_is(chance, 30);
    portal->layout = chance_between(chance, 0, 3);
}

static void draw_limits(struct scenario *scenario, struct limits *limits)
{
    static const int rows[] = {1, 4, 20}, deletes[] = {0, 3, 10}, days[] = {1, 2, 3, 5};
    static const double ratios[] = {0.2, 0.2, 0.5, 1};
    struct chance *chance = &scenario->chance;

    limits->min_day_rows = rows[chance_between(chance, 0, 2)];
    limits->min_deletes = deletes[chance_between(chance, 0, 2)];
    limits->confirm_days = days[chance_between(chance, 0, 3)];
    limits->max_delete_ratio = ratios[chance_between(chance, 0, 3)];
}

static void draw_windows(struct scenario *scenario, struct window_rule *rule)
{
    struct chance *chance = &scenario->chance;

    rule->begin = scenario->begin;
    rule->end_offset = chance_between(chance, -2, 2);
    rule->days = chance_between(chance, 8, 30);
    rule->incremental_days = chance_between(chance, 3, 30);
    rule->incremental_step = chance_between(chance, 5, 30);
    rule->from_end = chance_is(chance, 40);
}

static void draw_rows(struct scenario *scenario)
{
    struct chance *chance = &scenario->chance;

    scenario->weekday_rows =
        chance_is(chance, 5) ? chance_between(chance, 15, 25) : chance_between(chance, 1, 5);
    scenario->weekend_rows = chance_between(chance, 0, scenario->weekday_rows / 2);
    scenario->empty_percent = chance_is(chance, 50) ? 0 : chance_between(chance, 5, 60);
    if (chance_is(chance, 25)) {
        scenario->gap_first = scenario->begin + chance_between(chance, 0, 40);
        scenario->gap_last = scenario->gap_first + chance_between(chance, 7, 28);
    }
    for (int32_t date = scenario->begin; date <= scenario->today; date++)
        add_day(scenario, date);
    fake_portal_sort(&scenario->portal);
}

void scenario_begin(struct scenario *scenario, struct report *report, const char *folder,
                    uint64_t seed, uint64_t number)
{
    *scenario = (struct scenario){.number = number, .next_id = 1};
    scenario->chance.state = seed * 0x2545F4914F6CDD1DU + number;
    fake_portal_init(&scenario->portal, folder);
    scenario->begin = MONDAY + chance_between(&scenario->chance, 0, 6);
    scenario->today = scenario->begin + chance_between(&scenario->chance, 10, 45);
    scenario->workers = chance_is(&scenario->chance, 90) ? 1 : 3;
    draw_manners(scenario);
    draw_limits(scenario, &report->limits);
    draw_windows(scenario, &report->windows);
    draw_rows(scenario);
}

void scenario_end(struct scenario *scenario)
{
    fake_portal_done(&scenario->portal);
}

/* ------------------------------------------------------------------------------- days that pass */

static struct portal_row *draw_row(struct scenario *scenario)
{
    const int last = (int)scenario->portal.count - 1;

    return last < 0 ? NULL : &scenario->portal.rows[chance_between(&scenario->chance, 0, last)];
}

static void delete_rows(struct scenario *scenario)
{
    struct chance *chance = &scenario->chance;
    const bool whole_day = chance_is(chance, 20);

    for (int i = chance_between(chance, 0, 3); i > 0 && scenario->portal.count; i--)
        draw_row(scenario)->there = false;
    if (!whole_day || !scenario->portal.count)
        return;
    const int32_t date = draw_row(scenario)->date;
    for (size_t i = 0; i < scenario->portal.count; i++)
        if (scenario->portal.rows[i].date == date)
            scenario->portal.rows[i].there = false;
}

/* Changes and deletes rows as an audit does, and adds late rows and the rows of new days. */
void scenario_pass_time(struct scenario *scenario)
{
    static const int steps[] = {0, 0, 1, 1, 1, 2, 4, 9};
    struct chance *chance = &scenario->chance;
    const int32_t until = scenario->today + steps[chance_between(chance, 0, 7)];

    for (int i = chance_between(chance, 0, 3); i > 0 && scenario->portal.count; i--)
        draw_row(scenario)->version++;
    if (chance_is(chance, 60))
        delete_rows(scenario);
    for (int i = chance_between(chance, 0, 3); i > 0; i--)
        add_row(scenario, chance_between(chance, scenario->begin, scenario->today));
    while (scenario->today < until)
        add_day(scenario, ++scenario->today);
    fake_portal_sort(&scenario->portal);
}

void scenario_draw_options(struct scenario *scenario)
{
    struct chance *chance = &scenario->chance;
    struct day_range *range = &scenario->options.range;

    scenario->options = (struct cycle_options){
        .mode = chance_is(chance, 40) ? MODE_FULL : MODE_INCREMENTAL,
        .today = scenario->today,
    };
    if (!chance_is(chance, 20))
        return;
    range->has_first = chance_is(chance, 70);
    range->has_last = chance_is(chance, 70);
    range->first = chance_between(chance, scenario->begin - 2, scenario->today);
    range->last = chance_between(chance, range->first, scenario->today + 3);
}

struct portal_fault scenario_draw_fault(struct scenario *scenario, const struct report *report)
{
    static const enum fault_how kinds[] = {
        FAULT_NONE, FAULT_NONE,  FAULT_NONE,     FAULT_NONE,        FAULT_ONCE,    FAULT_ONCE,
        FAULT_ONCE, FAULT_AGAIN, FAULT_SAME_ROW, FAULT_SAME_LENGTH, FAULT_SAME_DAY};
    struct chance *chance = &scenario->chance;
    int32_t days[TABLE_WINDOWS_MAX][2];
    const size_t windows = portal_plan(report, &scenario->options, days);
    struct portal_fault fault = {.salt = chance_next(chance)};

    if (windows == 0 || scenario->portal.count == 0)
        return fault;
    fault.how = kinds[chance_between(chance, 0, COUNT(kinds) - 1)];
    fault.first = days[chance_between(chance, 0, (int)windows - 1)][0];
    fault.percent = chance_is(chance, 50) ? 100 : chance_between(chance, 20, 90);
    fault.row = (size_t)(draw_row(scenario) - scenario->portal.rows);
    fault.length = (size_t)chance_between(chance, 0, (int)scenario->portal.count * 25);
    fault.date = draw_row(scenario)->date;
    fault.loses_end = chance_is(chance, 50);
    return fault;
}
