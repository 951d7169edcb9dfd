/* SPDX-License-Identifier: MIT */
/* The loop over a run's windows: failures that end it, failures that it survives, and its lease
 * while it waits. */
#include "run/window_loop.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/profile.h"
#include "extract/extractor.h"
#include "load/sqlite/destination.h"
#include "run/pipeline.h"
#include "tests/support/unit.h"
#include "load/destination_open.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOWS = 12, WORKERS = 4 };

/* A portal that answers at chosen times, and a lease that another connection reads. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t asked;
    size_t renewals, wanted_renewals; /* exports wait until the lease was renewed so often */
    size_t outage;                    /* the number of exports that fail, */
    bool one_by_one;                  /* one after the other, not all at once */
    bool loses_lease; /* another run takes the lease meanwhile; exports wait until */
    bool lost;        /* a renewal has failed */
} world = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static char *folder, *url;
static struct profile profile;
static const struct run run = {.id = "run-1", .mode = "full", .started_at = 1772366400};
static const struct lease ours = {"run-1", "host-a", 60, NULL, NULL};

static bool says_ended(const char *holder)
{
    return strcmp(holder, "host-a") == 0;
}

static const struct lease theirs = {"run-2", "host-b", 60, says_ended, NULL};

static void take_lease_over(void)
{
    struct destination *other;
    struct error err;

    assert_true(destination_open(url, &other, &err));
    assert_true(destination_take_lease(other, &theirs, &err));
    destination_close(other);
}

static bool fetch(struct extractor *extractor, const struct report *report, struct window window,
                  struct export *out, struct error *err)
{
    (void)extractor;
    (void)report;
    (void)window;
    (void)out;
    pthread_mutex_lock(&world.lock);
    const size_t number = ++world.asked;
    if (world.loses_lease && number == 1)
        take_lease_over();
    pthread_cond_broadcast(&world.changed);
    while (world.renewals < world.wanted_renewals || (world.loses_lease && !world.lost))
        pthread_cond_wait(&world.changed, &world.lock);
    while (!world.one_by_one && number <= world.outage && world.asked < world.outage)
        pthread_cond_wait(&world.changed, &world.lock);
    pthread_mutex_unlock(&world.lock);
    /* Waits for the next millisecond, because work of no duration overlaps with nothing. */
    for (const int64_t now = clock_ms(); number <= world.outage && clock_ms() < now + 2;)
        ;
    if (number <= world.outage)
        return error_set(err, ERROR_PORTAL, "the portal is gone");
    return error_set(err, ERROR_CONFIG, "nothing to load"); /* the next window may still work */
}

static struct extractor sources[WORKERS];

static bool open_another(const struct extractor *first, struct extractor **out, struct error *err)
{
    static size_t opened;

    (void)first;
    (void)err;
    pthread_mutex_lock(&world.lock);
    *out = &sources[1 + opened++ % (WORKERS - 1)];
    pthread_mutex_unlock(&world.lock);
    return true;
}

static void close_source(struct extractor *extractor)
{
    (void)extractor;
}

static const struct extractor_ops ops = {
    .fetch = fetch, .another = open_another, .close = close_source};

/* Keeps the lease in SQLite and counts its renewals. */
static bool keep_lease(struct destination *dest, struct error *err)
{
    const bool kept = sqlite_destination.keep_lease(dest, err);

    pthread_mutex_lock(&world.lock);
    world.renewals++;
    world.lost = !kept;
    pthread_cond_broadcast(&world.changed);
    pthread_mutex_unlock(&world.lock);
    return kept;
}

static struct destination_ops counting;
static struct destination *dest;

/* Runs windows without neighbours. The caller owns the report's summary. */
static bool run_windows(size_t workers, struct report_summary *summary, struct error *err)
{
    const struct cycle_options options = {.mode = MODE_FULL};
    struct progress progress = {0};
    struct window_list windows = {.items = mem_array(WINDOWS, sizeof(*windows.items)),
                                  .count = WINDOWS};
    struct report_run part;
    const struct window_loop loop = {
        .run = &run,
        .options = &options,
        .destination = dest,
        .extractor = &sources[0],
        .workers = workers,
        .seconds = 60,
        .renew_ms = 10,
        .progress = &progress,
        .parts = &part,
        .part_count = 1,
    };

    progress_init(&progress, false);
    for (size_t i = 0; i < WINDOWS; i++) {
        const int32_t day = 20000 + 10 * (int32_t)i;
        windows.items[i] = (struct window){
            .first = day, .last = day + 3, .own_first = day, .own_last = day + 3, .complete = true};
    }
    report_run_init(&part, &profile.reports[0], windows, false, summary);
    part.destination = dest;
    *err = (struct error){0};
    const bool ok = window_loop_run(&loop, err);
    report_run_done(&part);
    progress_done(&progress);
    return ok;
}

/* -------------------------------------------------------------------------------------- tests */

static void the_lease_is_renewed_while_the_portal_lets_us_wait(void **state)
{
    struct report_summary summary;
    struct error err;

    (void)state;
    world.wanted_renewals = 3;
    assert_true(run_windows(1, &summary, &err));
    assert_true(world.renewals >= 3);
    assert_int_equal(summary.failed, WINDOWS);
}

static void a_lease_that_is_lost_while_waiting_ends_the_run(void **state)
{
    struct report_summary summary;
    struct error err;

    (void)state;
    world.loses_lease = true;
    assert_false(run_windows(1, &summary, &err));
    assert_int_equal(err.kind, ERROR_LOCKED);
    assert_int_equal(summary.loaded, 0);
    assert_true(world.asked <= 2); /* the window in work, and one that was begun meanwhile */
}

static void an_outage_that_hits_all_workers_at_once_does_not_end_the_report(void **state)
{
    struct report_summary summary;
    struct error err;

    (void)state;
    world.outage = WORKERS;
    assert_true(run_windows(WORKERS, &summary, &err));
    assert_int_equal(world.asked, WINDOWS);
    assert_int_equal(summary.failed, WINDOWS);
}

static void failures_one_after_the_other_end_the_report(void **state)
{
    struct report_summary summary;
    struct error err;

    (void)state;
    world.outage = WINDOWS;
    world.one_by_one = true;
    assert_true(run_windows(1, &summary, &err));
    assert_int_equal(summary.failed, CYCLE_FAILURES_MAX);
    assert_true(world.asked <= CYCLE_FAILURES_MAX + PIPELINE_PLACES);
}

static int setup(void **state)
{
    struct error err;

    (void)state;
    world.asked = world.renewals = world.wanted_renewals = world.outage = 0;
    world.loses_lease = world.lost = world.one_by_one = false;
    for (size_t i = 0; i < WORKERS; i++)
        sources[i].ops = &ops;
    if (!file_make_temp_dir("test-parts", &folder, &err))
        return -1;
    url = mem_format("sqlite:%s/parts.db", folder);
    if (!destination_open(url, &dest, &err) ||
        !destination_migrate(dest, &profile.reports[0], &err) ||
        !destination_start_run(dest, &run, &err) || !destination_take_lease(dest, &ours, &err))
        return -1;
    counting = sqlite_destination;
    counting.keep_lease = keep_lease;
    dest->ops = &counting;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    destination_close(dest);
    file_remove_tree(folder);
    free(folder);
    free(url);
    return 0;
}

static int setup_all(void **state)
{
    struct error err;

    (void)state;
    log_setup(LOG_ERROR + 1, LOG_TEXT);
    return profile_load(NULL, &profile, &err) ? 0 : -1;
}

static int teardown_all(void **state)
{
    (void)state;
    profile_done(&profile);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_lease_is_renewed_while_the_portal_lets_us_wait),
        TEST(a_lease_that_is_lost_while_waiting_ends_the_run),
        TEST(an_outage_that_hits_all_workers_at_once_does_not_end_the_report),
        TEST(failures_one_after_the_other_end_the_report),
    };

    return cmocka_run_group_tests_name("window_loop", tests, setup_all, teardown_all);
}
