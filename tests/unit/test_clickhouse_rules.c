/* SPDX-License-Identifier: MIT */
/*
 * The three rules that make a view right (docs/architecture.md, "ClickHouse"), each with a view or
 * a commit that breaks it and shows half a window, or two states in one read.
 *
 * A commit falls between two steps of a query because the query sleeps there. The program's own
 * text sleeps at the same place and shows whole windows.
 */
#include "load/clickhouse/sql.h"

#include "base/mem.h"
#include "tests/support/clickhouse_crowd.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_sleep.h"
#include "tests/support/clickhouse_stage.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* On a slow machine a commit may come after the sleep; then the query says nothing and is asked
 * again. */
enum { TRIES = 20 };
#define WHOLE "201" /* rows and versions */

static int load_rows(void **state)
{
    struct ledger_entry entry;

    if (click_start(state) != 0)
        return -1;
    struct click *click = *state;
    for (uint64_t i = 1; i <= 3; i++)
        work_remove(&click->work, i, i < 3 ? 1 + (int)i : 0);
    click_apply(click);
    click_commit(click);
    crowd_version(0, &click->work, &entry);
    click_apply(click);
    click_commit(click);
    return 0;
}

#define RULE_TEST(f) cmocka_unit_test_setup_teardown(f, load_rows, click_end)

/* --- queries that sleep ---------------------------------------------------------------------- */

/* Returns the view with other words in it. */
static char *reworded(const char *view, const char *old, const char *new)
{
    const char *at = strstr(view, old);

    assert_non_null(at);
    return mem_format("%.*s%s%s", (int)(at - view), view, new, at + strlen(old));
}

static void *ask(void *sql)
{
    return clickhouse_server_query(0, sql);
}

/* Asks, and commits a window that gives all rows the next version while the query sleeps. Returns
 * NULL if the commit came too late. */
static char *try_around_a_commit(struct click *click, const char *sql)
{
    static int version;
    struct ledger_entry entry;
    pthread_t thread;
    void *answer;

    crowd_version(++version * 3, &click->work, &entry); /* updates */
    for (int i = 0; i < CROWD_ROWS; i++)
        click->work.batch.rows[i].key = fixture_hash(1000 + (uint64_t)i);
    assert_int_equal(pthread_create(&thread, NULL, ask, (void *)(uintptr_t)sql), 0);
    while (!clickhouse_is_asleep())
        ;
    click_apply(click);
    click_commit(click);
    const bool in_time = clickhouse_is_asleep();
    assert_int_equal(pthread_join(thread, &answer), 0);
    assert_non_null(answer);
    if (in_time)
        return answer;
    free(answer);
    return NULL;
}

static char *ask_around_a_commit(struct click *click, const char *view, enum clickhouse_place place)
{
    MEM_FREE_TEXT char *sql = clickhouse_sleepy(view, place);
    char *answer = NULL;

    for (int i = 0; !answer && i < TRIES; i++)
        answer = try_around_a_commit(click, sql);
    if (!answer)
        fail_msg("in %d tries no window was committed within 3 s", TRIES);
    return answer;
}

static void expect_half(struct click *click, const char *view, enum clickhouse_place place)
{
    MEM_FREE_TEXT char *answer = ask_around_a_commit(click, view, place);

    print_message("the wrong view shows %s instead of " WHOLE "\n", answer);
    assert_string_not_equal(answer, WHOLE);
}

static void expect_whole(struct click *click, const char *view)
{
    for (int place = 0; place < SLEEP_PLACES; place++) {
        MEM_FREE_TEXT char *answer = ask_around_a_commit(click, view, (enum clickhouse_place)place);
        if (strcmp(answer, WHOLE) != 0)
            fail_msg("%s instead of " WHOLE " with a sleep at place %d", answer, place);
    }
}

/* --- the rules ------------------------------------------------------------------------------- */

static struct clickhouse_site site_of(const struct click *click)
{
    return clickhouse_site(clickhouse_of(click->dest));
}

/* Rule 1: the last commit stands once in a view. */
static void with_two_last_commits_a_view_of_2018_shows_half_a_window(void **state)
{
    struct click *click = *state;
    struct clickhouse_site site = site_of(click);

    if (site.modern)
        skip(); /* today's engine evaluates equal sets once */
    MEM_FREE_TEXT char *own = clickhouse_sql_view(&fixture_report, site, false);
    site.modern = true; /* two IN */
    MEM_FREE_TEXT char *two = clickhouse_sql_view(&fixture_report, site, false);
    MEM_FREE_TEXT char *wrong = reworded(two, "_all\"", "_rows\"");
    expect_half(click, wrong, SLEEP_LAST_SET);
    expect_whole(click, own);
}

/* Rule 2: the last commit is read before the list of the rows' parts. */
static void without_a_merge_table_a_view_of_today_shows_half_a_window(void **state)
{
    struct click *click = *state;
    const struct clickhouse_site site = site_of(click);

    if (!site.modern)
        skip(); /* a server of 2018 reads it first by itself */
    MEM_FREE_TEXT char *own = clickhouse_sql_view(&fixture_report, site, false);
    MEM_FREE_TEXT char *wrong = reworded(own, "_all\"", "_rows\"");
    expect_half(click, wrong, SLEEP_FIRST);
    expect_whole(click, own);
}

struct two_writers {
    struct clickhouse_destination other, reader;
    uint64_t seq; /* that the first writer would have given itself at its begin */
};

static bool take_text(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)count;
    (void)err;
    snprintf(arg, 64, "%.*s", (int)cells[0].len, cells[0].text);
    return true;
}

static bool read_count(struct clickhouse_destination *reader, char out[64], struct error *err)
{
    return destination_query(&reader->base,
                             "SELECT concat(toString(count()), ' ', max(STATUS)) FROM visits",
                             take_text, out, err);
}

/* The first writer begins and applies; the second one, which began later, loads before it commits;
 * a read begins. */
static void begin_two(struct click *click, struct two_writers *two, char before[64])
{
    struct ledger_entry entry;
    struct error *err = &click->err;
    struct work work;

    click_succeeded(click, click_open(&two->other, err) && click_open(&two->reader, err));
    click_succeeded(click,
                    clickhouse_number(&two->other.ch, "read", "SELECT max(seq) + 1 FROM etl_ledger",
                                      &two->seq, err));
    crowd_version(1, &click->work, &entry);
    click_apply(click);
    work_init(&work);
    work_add(&work, ROW_INSERT, (struct line){"1", "OF ANOTHER", 4, NULL, 9999, 1});
    click_succeeded(click, fixture_load(&two->other.base, fixture_window(1, 9), &work, err));
    work_done(&work);
    click_succeeded(click, destination_begin_read(&two->reader.base, FAR_MS, err) &&
                               read_count(&two->reader, before, err));
}

static void end_two(struct two_writers *two)
{
    destination_end_read(&two->reader.base);
    clickhouse_disconnect(&two->other);
    clickhouse_disconnect(&two->reader);
}

/* Rule 3: what is committed after M was read has a number above M. */
static void with_numbers_of_the_begin_one_read_shows_two_states(void **state)
{
    struct click *click = *state;
    struct two_writers two = {0};
    char before[64], after[64];

    begin_two(click, &two, before);
    MEM_FREE_TEXT char *commit =
        mem_format("INSERT INTO etl_ledger (tx, seq, report, status) VALUES (%" PRIu64 ", %" PRIu64
                   ", 'visits', 'loaded')",
                   clickhouse_of(click->dest)->tx, two.seq);
    free(clickhouse_server_query(0, commit));
    click_succeeded(click, read_count(&two.reader, after, &click->err)); /* and is not told */
    assert_string_not_equal(before, after);
    end_two(&two);
}

static void with_numbers_of_the_commit_one_read_shows_one_state(void **state)
{
    struct click *click = *state;
    struct two_writers two = {0};
    char before[64], after[64];

    begin_two(click, &two, before);
    click_commit(click);
    if (site_of(click).modern) {
        click_succeeded(click, read_count(&two.reader, after, &click->err));
        assert_string_equal(before, after);
    } else { /* which cannot read what was, and says so */
        assert_false(read_count(&two.reader, after, &click->err));
        assert_true(click->err.transient);
    }
    end_two(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RULE_TEST(with_two_last_commits_a_view_of_2018_shows_half_a_window),
        RULE_TEST(without_a_merge_table_a_view_of_today_shows_half_a_window),
        RULE_TEST(with_numbers_of_the_begin_one_read_shows_two_states),
        RULE_TEST(with_numbers_of_the_commit_one_read_shows_one_state),
    };

    if (!click_begin_tests(1))
        return 1;
    const int failed = cmocka_run_group_tests_name("clickhouse_rules", tests, NULL, NULL);
    clickhouse_server_stop();
    return failed;
}
