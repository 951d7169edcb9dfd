/* SPDX-License-Identifier: MIT */
/*
 * No cycle deletes a row that the portal still has. Runs random cycles over random fake portals,
 * with the program's own code from the plan of windows to SQLite.
 *
 *     PORTALS=100000 build/release/tests/test_portals     runs so many scenarios
 *     PORTALS_SEED=7 …                                    other scenarios
 *     PORTALS_ONLY=1234 …                                 that scenario alone, with the program's
 * log
 */
#include "base/date.h"
#include "base/log.h"
#include "tests/support/portal_cycles.h"
#include "tests/support/portal_scenario.h"
#include "tests/support/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCENARIOS = 2000, SEED = 20261123, SHOWN_MAX = 20 };

/* Counts over all scenarios. */
static struct {
    size_t cycles, damaged_cycles, exports, damaged;
    size_t windows, held;        /* of cycles with a fault, and how many of them were not loaded */
    size_t clean, stuck;         /* the same of cycles without a fault */
    size_t deleted;              /* rows that the portal deleted and the load then deleted */
    size_t excused[FAULT_KINDS]; /* rows deleted although the portal has them, as may_go allows */
    size_t remedied;             /* cycles that needed a person, see needs_a_person */
    size_t failures;
} done;

static struct portal_base base;

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text ? strtoull(text, NULL, 10) : otherwise;
}

/* ------------------------------------------------------------------------------------- failures */

static const char *const fault_names[FAULT_KINDS] = {
    "none", "once", "again and again", "before a row", "after some bytes", "a day",
};

static void report_failure(const struct scenario *scenario, const char *what, int32_t day, int id)
{
    const struct portal_fault *fault = &scenario->portal.fault;
    const struct report *report = &base.report;
    char text[DATE_ISO_SIZE], today[DATE_ISO_SIZE];

    if (done.failures++ >= SHOWN_MAX)
        return;
    print_error(
        "PORTALS_SEED=%" PRIu64 " PORTALS_ONLY=%" PRIu64 ", cycle %d (%s, today %s): %s: "
        "%s, row %d; damaged: %s; end %s, end_offset %d, %s lines, %s footer; "
        "min_day_rows %" PRId64 ", confirm_days %" PRId64 "\n",
        number_of("PORTALS_SEED", SEED), scenario->number, base.cycles,
        cycle_mode_name(scenario->options.mode), date_format_iso(scenario->options.today, today),
        what, date_format_iso(day, text), id, fault_names[fault->how],
        scenario->portal.includes_last_day ? "inclusive" : "exclusive", report->windows.end_offset,
        scenario->portal.ends_lines ? "ended" : "open", scenario->portal.has_footer ? "with" : "no",
        report->limits.min_day_rows, report->limits.confirm_days);
}

/* --------------------------------------------------------------------------------------- oracle */

/*
 * Whether a row may be deleted although the portal has it, the one exception: two or more exports
 * of this cycle that looked whole and had its day did not show it, and no export of the cycle did.
 * No program can know then that the portal still has the row.
 */
static bool may_go(const struct portal_row *row)
{
    return row->asked >= 2 && !row->shown;
}

static void check_nothing_is_lost(const struct scenario *scenario, const struct held_table *before,
                                  const struct held_table *after)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct known_row *held = &before->rows[i];
        if (held_table_find(after, held->date, held->id))
            continue;
        const struct portal_row *row = fake_portal_find(&scenario->portal, held->date, held->id);
        if (!row || !row->there)
            done.deleted++;
        else if (may_go(row))
            done.excused[scenario->portal.fault.how]++;
        else
            report_failure(scenario, row->shown ? "gone though shown" : "gone", held->date,
                           held->id);
    }
}

/* Asserts that the table equals the portal on the days that a loaded window owns. */
static void check_loaded(const struct scenario *scenario, const struct table_window *window,
                         const struct held_table *after)
{
    for (size_t i = 0; i < after->count; i++) {
        const struct known_row *held = &after->rows[i];
        if (held->date < window->own_first || held->date > window->own_last)
            continue;
        const struct portal_row *row = fake_portal_find(&scenario->portal, held->date, held->id);
        if (!row || !row->there || row->version != held->version)
            report_failure(scenario, "stayed", held->date, held->id);
    }
    for (size_t i = 0; i < scenario->portal.count; i++) {
        const struct portal_row *row = &scenario->portal.rows[i];
        if (row->there && row->date >= window->own_first && row->date <= window->own_last &&
            !held_table_find(after, row->date, row->id))
            report_failure(scenario, "not loaded", row->date, row->id);
    }
}

/*
 * Whether a window of good exports may be held, as the documents allow: the guard holds windows
 * that lack too many rows, and the first windows of a portal that leaves out the last day, before
 * that habit is known.
 */
static bool may_be_held(const struct scenario *scenario, const struct table_window *window,
                        const struct held_table *before, bool knew_exclusive)
{
    const struct limits *limits = &base.report.limits;
    size_t held = 0, lacking = 0, arriving = 0;

    for (size_t i = 0; i < before->count; i++) {
        const struct known_row *row = &before->rows[i];
        if (row->date < window->own_first || row->date > window->own_last)
            continue;
        const struct portal_row *there = fake_portal_find(&scenario->portal, row->date, row->id);
        held++;
        lacking += !there || !there->there;
    }
    for (size_t i = 0; i < scenario->portal.count; i++) {
        const struct portal_row *row = &scenario->portal.rows[i];
        arriving += row->there && row->date >= window->own_first && row->date <= window->own_last;
    }
    if (lacking && (arriving == 0 || ((int64_t)lacking > limits->min_deletes &&
                                      (double)lacking > limits->max_delete_ratio * (double)held)))
        return true;
    return !scenario->portal.includes_last_day && base.report.windows.end_offset == 0 &&
           !knew_exclusive && strstr(window->reason, "disagree");
}

/*
 * Whether a person must help. A portal that leaves its last line open, and whose first files were
 * cut at the end of a line, is taken for one that ends its lines. Its good files are refused, and
 * the message says what to do. The test does that, and the later cycles show that it helps.
 */
static bool needs_a_person(const struct scenario *scenario, const struct table_window *window)
{
    return !scenario->portal.ends_lines && !portal_base_knows(&base, "leaves lines open") &&
           strstr(window->reason, "AND habit LIKE 'ends lines%'");
}

static void check_clean(const struct scenario *scenario, const struct held_table *before,
                        const struct held_table *after, bool knew_exclusive)
{
    struct table_window windows[TABLE_WINDOWS_MAX];
    const size_t count = portal_base_windows(&base, windows);
    bool helped = false;

    for (size_t i = 0; i < count; i++) {
        done.clean++;
        done.stuck += !windows[i].loaded;
        if (windows[i].loaded)
            check_loaded(scenario, &windows[i], after);
        else if (needs_a_person(scenario, &windows[i]))
            helped = true;
        else if (!may_be_held(scenario, &windows[i], before, knew_exclusive))
            report_failure(scenario, windows[i].reason, windows[i].own_first, 0);
    }
    done.remedied += helped;
    if (helped)
        portal_base_forget(&base, "ends lines%");
}

static void count_held(void)
{
    struct table_window windows[TABLE_WINDOWS_MAX];
    const size_t count = portal_base_windows(&base, windows);

    done.damaged_cycles++;
    done.windows += count;
    for (size_t i = 0; i < count; i++)
        done.held += !windows[i].loaded;
}

static void run_cycle(struct scenario *scenario, struct portal_fault fault)
{
    struct fake_portal *portal = &scenario->portal;
    struct held_table before = portal_base_read(&base), after;
    const bool knew_exclusive = portal_base_knows(&base, "leaves out the last day");

    fake_portal_begin_cycle(portal, fault);
    if (portal_cycle(&base, portal, scenario->workers, &scenario->options)) {
        after = portal_base_read(&base);
        done.cycles++;
        done.exports += portal->asked_count;
        done.damaged += portal->damaged;
        check_nothing_is_lost(scenario, &before, &after);
        if (portal->damaged)
            count_held();
        else
            check_clean(scenario, &before, &after, knew_exclusive);
        held_table_done(&after);
    }
    held_table_done(&before);
}

static void run_scenario(uint64_t number)
{
    const struct portal_fault none = {0};
    struct scenario scenario;

    scenario_begin(&scenario, &base.report, base.folder, number_of("PORTALS_SEED", SEED), number);
    portal_base_begin(&base);
    const bool clean_start = chance_is(&scenario.chance, 75);
    scenario.options = (struct cycle_options){.mode = MODE_FULL, .today = scenario.today};
    run_cycle(&scenario, clean_start ? none : scenario_draw_fault(&scenario, &base.report));
    for (int i = chance_between(&scenario.chance, 1, 3); i > 0; i--) {
        scenario_pass_time(&scenario);
        scenario_draw_options(&scenario);
        run_cycle(&scenario, scenario_draw_fault(&scenario, &base.report));
    }
    scenario_end(&scenario);
    portal_base_end(&base);
}

static void print_figures(uint64_t scenarios)
{
    print_message("%" PRIu64
                  " scenarios: %zu cycles, %zu of them damaged; %zu exports, %zu of them "
                  "damaged\n",
                  scenarios, done.cycles, done.damaged_cycles, done.exports, done.damaged);
    print_message(
        "%zu windows of damaged cycles, %zu held; %zu of good cycles, %zu held; %zu cycles "
        "that a person helped\n",
        done.windows, done.held, done.clean, done.stuck, done.remedied);
    print_message("%zu rows deleted that the portal had deleted; %zu failures\n", done.deleted,
                  done.failures);
    for (int i = 0; i < FAULT_KINDS; i++)
        print_message("damaged %s: %zu rows gone that no export showed\n", fault_names[i],
                      done.excused[i]);
}

/* Asserts that faults, held windows, deletes and excused rows all occurred often enough. */
static void check_figures(uint64_t scenarios)
{
    const size_t by_chance = done.excused[FAULT_AGAIN] + done.excused[FAULT_SAME_LENGTH];

    assert_true(done.damaged_cycles * 4 > done.cycles);
    assert_true(done.damaged > scenarios);
    assert_true(done.held * 20 > done.windows);
    assert_true(done.held * 2 < done.windows);
    assert_true(done.stuck * 20 < done.clean);
    assert_true(done.remedied * 50 < scenarios);
    assert_true(done.deleted > scenarios);
    assert_int_equal(done.excused[FAULT_NONE] + done.excused[FAULT_ONCE], 0);
    assert_true(by_chance * 40 < done.deleted);
    assert_true(done.excused[FAULT_SAME_ROW] * 8 < done.deleted);
}

static void no_row_goes_that_the_portal_still_has(void **state)
{
    const uint64_t scenarios = number_of("PORTALS", SCENARIOS);

    (void)state;
    if (getenv("PORTALS_ONLY")) {
        log_setup(LOG_INFO, LOG_TEXT);
        run_scenario(number_of("PORTALS_ONLY", 0));
        assert_int_equal(done.failures, 0);
        return;
    }
    for (uint64_t i = 0; i < scenarios; i++)
        run_scenario(i);
    print_figures(scenarios);
    assert_int_equal(done.failures, 0);
    if (scenarios >= SCENARIOS)
        check_figures(scenarios);
}

static int setup(void **state)
{
    (void)state;
    log_setup(LOG_ERROR + 1, LOG_TEXT);
    portal_base_init(&base);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    portal_base_done(&base);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_goes_that_the_portal_still_has),
    };

    return cmocka_run_group_tests_name("portals", tests, setup, teardown);
}
