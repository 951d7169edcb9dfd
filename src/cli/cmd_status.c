/* SPDX-License-Identifier: MIT */
/* etl-sigos status: shows how fresh the tables are, the last runs, what was not loaded, the next
 * run and which months are loaded. Its exit code says whether the data is fresh. */
#include "cli/command.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "cli/history_list.h"
#include "cli/table.h"
#include "run/exit_code.h"
#include "run/freshness.h"
#include "run/schedule.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATUS_RUNS = 10, MONTHS = 12 };

/* How far a report is loaded: its newest day and when that was loaded, as the ledger has them. */
struct newest {
    char day[DATE_ISO_SIZE], at[CLOCK_STAMP_SIZE];
    time_t since; /* freshness_since; 0: nothing was loaded */
};

/* Reads "2026-11-23T18:30:01-03:00"; 0 for anything else. */
static time_t parse_stamp(const char *text)
{
    struct tm civil = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &civil);
    const char *zone = end ? strpbrk(end, "+-") : NULL; /* behind a fraction of a second */
    int hours = 0, minutes = 0;

    if (!zone || sscanf(zone + 1, "%2d:%2d", &hours, &minutes) != 2)
        return 0;
    const time_t offset = (time_t)(hours * 60 + minutes) * 60;
    return timegm(&civil) + (*zone == '-' ? offset : -offset);
}

static bool note_newest(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct newest *newest = arg;

    (void)count;
    (void)err;
    snprintf(newest->day, sizeof(newest->day), "%.*s", (int)cells[1].len, cells[1].text);
    snprintf(newest->at, sizeof(newest->at), "%.*s", (int)cells[2].len, cells[2].text);
    const time_t loaded_at = parse_stamp(newest->at);
    int32_t day;
    if (loaded_at && date_parse_iso(newest->day, strlen(newest->day), &day))
        newest->since = freshness_since(day, loaded_at);
    return true;
}

/* Adds one report to the table of freshness. */
static bool add_freshness(struct destination *dest, const struct timetable *timetable,
                          const struct report *report, struct table *table, int *code,
                          struct error *err)
{
    const time_t now = clock_now();
    struct newest newest = {0};
    char age[24] = "";

    if (!history_freshness(dest, report->name, note_newest, &newest, err))
        return false;
    const enum freshness freshness = freshness_judge(timetable, newest.since, now);
    if (freshness >= FRESHNESS_STALE)
        *code = EXIT_CODE_STALE;
    if (newest.since)
        snprintf(age, sizeof(age), "%" PRId64, freshness_age(timetable, newest.since, now));
    const bool is_loaded = newest.since != 0;
    const struct cell cells[] = {
        table_text(report->name), table_text(is_loaded ? newest.day : NULL),
        table_text(is_loaded ? newest.at : NULL), table_text(is_loaded ? age : NULL),
        table_text(freshness_name(freshness))};
    return table_add(table, cells, sizeof(cells) / sizeof(*cells), err);
}

static bool show_freshness(const struct invocation *invocation, struct destination *dest,
                           const struct report *only, int *code, struct error *err)
{
    static const char *const columns[] = {"report",          "loaded_to", "at",
                                          "working_minutes", "state",     NULL};
    struct table table;
    bool ok = true;

    table_init(&table, columns, invocation->options.json);
    for (size_t i = 0; ok && i < invocation->profile.report_count; i++) {
        const struct report *report = &invocation->profile.reports[i];
        if (!only || report == only)
            ok = add_freshness(dest, &invocation->profile.portal.timetable, report, &table, code,
                               err);
    }
    if (ok)
        table_print(&table, "");
    table_done(&table);
    return ok;
}

static bool show_next(const struct invocation *invocation, struct error *err)
{
    static const char *const columns[] = {"next_run", "mode", NULL};
    char stamp[CLOCK_STAMP_SIZE];
    struct table table;
    struct due due;

    if (!schedule_next(&invocation->profile.portal.timetable, clock_now(), &due))
        return true;
    table_init(&table, columns, invocation->options.json);
    const struct cell cells[] = {table_text(clock_format_zoned(due.at, stamp)),
                                 table_text(cycle_mode_name(due.mode))};
    const bool ok = table_add(&table, cells, 2, err);
    table_print(&table, "");
    table_done(&table);
    return ok;
}

/* The days of a report's history, and which of them are loaded. */
struct calendar {
    int32_t first;
    size_t days;
    bool *loaded;
};

static bool mark_days(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct calendar *calendar = arg;
    int32_t first, last;

    (void)count;
    (void)err;
    if (!date_parse_iso(cells[0].text, cells[0].len, &first) ||
        !date_parse_iso(cells[1].text, cells[1].len, &last))
        return true;
    for (int64_t day = first > calendar->first ? first : calendar->first;
         day <= last && day - calendar->first < (int64_t)calendar->days; day++)
        calendar->loaded[day - calendar->first] = true;
    return true;
}

/* Returns the sign of a month: '#' all of its days are loaded, '+' some, '.' none, ' ' it is not in
 * the history. */
static char sign_of(const struct calendar *calendar, int year, int month)
{
    const int32_t first = date_from_civil(year, month, 1);
    const int32_t next =
        month == MONTHS ? date_from_civil(year + 1, 1, 1) : date_from_civil(year, month + 1, 1);
    size_t days = 0, loaded = 0;

    for (int32_t day = first; day < next; day++) {
        if (day < calendar->first || day - calendar->first >= (int32_t)calendar->days)
            continue;
        days++;
        loaded += calendar->loaded[day - calendar->first];
    }
    return !days ? ' ' : loaded == days ? '#' : loaded ? '+' : '.';
}

/* Adds a row for each year of a report's history. */
static bool add_years(struct destination *dest, const struct report *report, struct table *table,
                      struct error *err)
{
    const int32_t today = clock_today();
    struct calendar calendar = {.first = report->windows.begin};
    int year, last_year, month, day;

    if (today < calendar.first)
        return true;
    calendar.days = (size_t)(today - calendar.first) + 1;
    calendar.loaded = mem_array(calendar.days, sizeof(*calendar.loaded));
    bool ok = history_loaded_ranges(dest, report->name, mark_days, &calendar, err);
    date_to_civil(calendar.first, &year, &month, &day);
    date_to_civil(today, &last_year, &month, &day);
    for (; ok && year <= last_year; year++) {
        char name[16], months[MONTHS + 1] = "";
        snprintf(name, sizeof(name), "%d", year);
        for (month = 1; month <= MONTHS; month++)
            months[month - 1] = sign_of(&calendar, year, month);
        const struct cell cells[] = {table_text(report->name), table_text(name),
                                     table_text(months)};
        ok = table_add(table, cells, 3, err);
    }
    free(calendar.loaded);
    return ok;
}

static bool show_calendar(const struct invocation *invocation, struct destination *dest,
                          const struct report *only, struct error *err)
{
    static const char *const columns[] = {"report", "year", "jan_to_dec", NULL};
    struct table table;
    bool ok = true;

    table_init(&table, columns, invocation->options.json);
    for (size_t i = 0; ok && i < invocation->profile.report_count; i++) {
        const struct report *report = &invocation->profile.reports[i];
        if (!only || report == only)
            ok = add_years(dest, report, &table, err);
    }
    if (ok)
        table_print(&table, "");
    table_done(&table);
    return ok;
}

static void say(const struct invocation *invocation, const char *heading)
{
    if (!invocation->options.json)
        puts(heading);
}

static bool show_status(const struct invocation *invocation, struct destination *dest, int *code,
                        struct error *err)
{
    const struct report *only;

    *code = dest ? EXIT_CODE_DONE : EXIT_CODE_STALE;
    if (!dest)
        return true;
    if (!history_choose_report(invocation, &only, err) ||
        !show_freshness(invocation, dest, only, code, err))
        return false;
    say(invocation, "");
    if (!show_next(invocation, err))
        return false;
    struct history_filter filter = history_filter_of(invocation, only);
    if (!invocation->options.limit)
        filter.limit = STATUS_RUNS;
    say(invocation, "\nlast runs");
    if (!history_show(invocation, dest, &history_runs, &filter, "none", err))
        return false;
    say(invocation, "\nwindows that were not loaded, and have not been since");
    if (!history_show(invocation, dest, &history_lost_windows, &filter, "none", err))
        return false;
    say(invocation, "\nloaded months: # whole, + partly, . not");
    return show_calendar(invocation, dest, only, err);
}

static int run(int argc, char **argv)
{
    return history_run(argc, argv, show_status);
}

const struct command command_status = {
    .name = "status",
    .summary = "show whether the data is fresh, the last and the next run, and what is missing",
    .help =
        "usage: etl-sigos status [REPORT] [OPTION…]\n"
        "\n"
        "Shows how far the tables are loaded and how old that is in working minutes, the next\n"
        "run, the last runs, the windows that are not loaded, and the months that are; for one\n"
        "report only, if it is named. The exit code is 9 if a report is stale or was never\n"
        "loaded, so that it serves as a health check; the limits are in portal.yaml, "
        "`freshness`.\n"
        "\n"
        "options:\n" HISTORY_HELP("10"),
    .run = run,
};
