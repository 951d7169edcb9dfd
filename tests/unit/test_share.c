/* SPDX-License-Identifier: MIT */
#include "run/share.h"
#include "tests/support/unit.h"

#include "base/date.h"
#include "base/mem.h"
#include "load/destination_open.h"
#include "load/lease_claim.h"
#include "run/run_id.h"
#include "tests/support/destination_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WINDOWS = 6 };

/* Two runs that share a cycle of six windows of three days, on one database. */
struct stage {
    char path[64], url[80];
    struct run runs[2];
    struct destination *dest[2];
    struct report_run parts[2];
    struct report_summary summaries[2];
    struct share shares[2];
    struct error err;
};

static struct window window_at(int number)
{
    return fixture_window(1 + 3 * number, 3 + 3 * number);
}

static struct window_list plan(void)
{
    struct window_list list = {.items = mem_array(WINDOWS, sizeof(*list.items)),
                               .count = WINDOWS,
                               .period = {march(1), march(3 * WINDOWS + 1)}};

    for (int i = 0; i < WINDOWS; i++)
        list.items[i] = window_at(i);
    return list;
}

static void open_one(struct stage *stage, int i)
{
    const struct lease lease = {
        .run_id = stage->runs[i].id, .holder = i ? "host-b" : "host-a", .seconds = 60};

    run_id_make(&stage->runs[i], "full", "-share=one");
    stage->dest[i] = fixture_open(stage->url, &stage->err);
    assert_non_null(stage->dest[i]);
    assert_true(destination_start_run(stage->dest[i], &stage->runs[i], &stage->err));
    report_run_init(&stage->parts[i], &fixture_report, plan(), true, &stage->summaries[i]);
    share_init(&stage->shares[i], stage->dest[i], "one", &lease, &stage->parts[i], 1, 1);
}

static int start(void **state)
{
    struct stage *stage = mem_alloc(sizeof(*stage));

    snprintf(stage->path, sizeof(stage->path), "/tmp/test_share.%ld.db", (long)getpid());
    snprintf(stage->url, sizeof(stage->url), "sqlite:%s", stage->path);
    unlink(stage->path);
    for (int i = 0; i < 2; i++)
        open_one(stage, i);
    *state = stage;
    return 0;
}

static int end(void **state)
{
    struct stage *stage = *state;

    for (int i = 0; i < 2; i++) {
        share_done(&stage->shares[i]);
        report_run_done(&stage->parts[i]);
        destination_close(stage->dest[i]);
    }
    unlink(stage->path);
    free(stage);
    return 0;
}

static enum share_state claim(struct stage *stage, int i)
{
    enum share_state state = SHARE_OVER;

    if (!share_claim(&stage->shares[i], &state, &stage->err))
        fail_msg("%s", stage->err.message);
    return state;
}

/* Loads what run i has claimed, as far as `count` windows; then the claim is still held. */
static void load(struct stage *stage, int i, size_t count)
{
    struct report_run *part = &stage->parts[i];

    for (size_t n = 0; n < count; n++, part->seen++) {
        const struct window window = part->windows.items[part->seen];
        struct ledger_entry entry = fixture_entry(window);
        entry.run_id = stage->runs[i].id;
        entry.window.complete = true;
        assert_true(destination_begin(stage->dest[i], &fixture_report, window, &stage->err));
        assert_true(destination_commit(stage->dest[i], &entry, &stage->err));
    }
}

static void runs_claim_different_windows_until_none_is_left(void **state)
{
    struct stage *stage = *state;
    int turns = 0;

    while (stage->parts[0].windows.count + stage->parts[1].windows.count < WINDOWS) {
        for (int i = 0; i < 2; i++) {
            const size_t before = stage->parts[i].windows.count;
            if (claim(stage, i) == SHARE_GOT)
                load(stage, i, stage->parts[i].windows.count - before);
        }
        for (int i = 0; i < 2; i++)
            share_release(&stage->shares[i]);
        assert_true(++turns < 10);
    }
    assert_int_equal(claim(stage, 0), SHARE_OVER);
    assert_int_equal(claim(stage, 1), SHARE_OVER);
    for (int i = 0; i < 2; i++) {
        share_end(&stage->shares[i]);
        assert_int_equal(stage->summaries[i].windows + stage->summaries[i].shared, WINDOWS);
        assert_true(stage->summaries[i].windows > 0);
        assert_false(stage->parts[i].judges_undated);
    }
}

static void a_run_waits_while_the_rest_is_claimed(void **state)
{
    struct stage *stage = *state;

    stage->shares[0].at_once = WINDOWS;
    assert_int_equal(claim(stage, 0), SHARE_GOT);
    assert_int_equal(stage->parts[0].windows.count, WINDOWS);
    assert_int_equal(claim(stage, 1), SHARE_WAIT);
    load(stage, 0, WINDOWS);
    assert_int_equal(claim(stage, 1), SHARE_OVER);
}

static void what_a_run_leaves_is_claimed_and_what_it_loaded_is_not(void **state)
{
    struct stage *stage = *state;

    stage->shares[0].at_once = stage->shares[1].at_once = WINDOWS;
    assert_int_equal(claim(stage, 0), SHARE_GOT);
    load(stage, 0, 2);
    share_release(&stage->shares[0]); /* as when its lease expires */
    assert_int_equal(claim(stage, 1), SHARE_GOT);
    assert_int_equal(stage->parts[1].windows.count, WINDOWS - 2);
    assert_int_equal(stage->parts[1].windows.items[0].own_first, window_at(2).own_first);
}

/* So all of them come to an end, however often a window fails. */
static void a_run_tries_a_window_once(void **state)
{
    struct stage *stage = *state;

    stage->shares[0].at_once = stage->shares[1].at_once = WINDOWS;
    assert_int_equal(claim(stage, 0), SHARE_GOT);
    share_release(&stage->shares[0]);
    assert_int_equal(claim(stage, 0), SHARE_OVER);
    assert_int_equal(claim(stage, 1), SHARE_GOT);
    assert_int_equal(stage->parts[1].windows.count, WINDOWS);
}

/* It is the whole plan of `--from` and `--to` today. */
static void a_window_of_an_open_day_alone_is_claimed_until_it_was_loaded(void **state)
{
    struct stage *stage = *state;

    for (int i = 0; i < 2; i++) {
        struct window_list *windows = &stage->shares[i].plans[0].windows;
        windows->count = 1;
        windows->items[0] = (struct window){.first = march(1),
                                            .last = march(1),
                                            .own_first = march(1),
                                            .own_last = march(1),
                                            .complete = true,
                                            .end_open = true};
    }
    assert_int_equal(claim(stage, 0), SHARE_GOT);
    load(stage, 0, 1);
    share_release(&stage->shares[0]);
    assert_int_equal(claim(stage, 1), SHARE_OVER);
}

static void a_cycle_of_another_name_begins_anew(void **state)
{
    struct stage *stage = *state;

    stage->shares[0].at_once = stage->shares[1].at_once = WINDOWS;
    assert_int_equal(claim(stage, 0), SHARE_GOT);
    load(stage, 0, WINDOWS);
    share_release(&stage->shares[0]);
    stage->shares[1].name = "two";
    assert_int_equal(claim(stage, 1), SHARE_GOT);
    assert_int_equal(stage->parts[1].windows.count, WINDOWS);
}

static void a_name_is_short_and_plain(void **state)
{
    (void)state;
    assert_true(share_name_is_good("2026-11-29"));
    assert_true(share_name_is_good("Sunday.2"));
    assert_false(share_name_is_good(""));
    assert_false(share_name_is_good("a b"));
    assert_false(share_name_is_good("100%"));
    assert_false(share_name_is_good("a_b"));
    assert_false(share_name_is_good("123456789012345678901"));
    assert_false(share_name_is_good("x-part"));
    assert_true(run_id_is_partial("20261123T183001.250-4f2a9c01-share=x"));
    assert_true(run_id_is_partial("20261123T183001.250-4f2a9c01-part"));
    assert_false(run_id_is_partial("20261123T183001.250-4f2a9c01"));
}

#define SHARE_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHARE_TEST(runs_claim_different_windows_until_none_is_left),
        SHARE_TEST(a_run_waits_while_the_rest_is_claimed),
        SHARE_TEST(what_a_run_leaves_is_claimed_and_what_it_loaded_is_not),
        SHARE_TEST(a_run_tries_a_window_once),
        SHARE_TEST(a_window_of_an_open_day_alone_is_claimed_until_it_was_loaded),
        SHARE_TEST(a_cycle_of_another_name_begins_anew),
        cmocka_unit_test(a_name_is_short_and_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
