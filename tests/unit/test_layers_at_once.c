/* SPDX-License-Identifier: MIT */
/* Windows of both reports that touch the same days, loaded at once by two connections, leave the
 * summaries that a recount has. LAYERS_ROUNDS sets the number of rounds. */
#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "load/destination_open.h"
#include "run/layers_run.h"
#include "run/window_load.h"
#include "tests/support/field_figures.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/unit.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 100, TEXT_MAX = 1024 * 1024, LAST_DAY = 89 };

/* One report's loads, on a thread and a connection of their own. */
struct loader {
    const struct report *profile;
    struct report_summary summary;
    struct schema_drift drift;
    struct destination *dest;
    struct summaries summaries;
    struct snapshot undated;
    struct doubts doubts;
    struct habits habits;
    struct run run;
    char *path;
    struct window window;
    pthread_barrier_t *start; /* both loads of a round begin together */
    struct error err;
    bool ok;
};

static void loader_open(struct loader *l, const struct field *field, const char *name,
                        pthread_barrier_t *start)
{
    *l = (struct loader){.start = start};
    l->profile = report_find(field->profile.reports, field->profile.report_count, name);
    assert_non_null(l->profile);
    l->path = mem_format("%s/%s.csv", field->folder, name);
    schema_drift_init(&l->drift, l->profile, &l->summary);
    assert_true(destination_open(field->url, &l->dest, &l->err));
    assert_true(summaries_open(&l->summaries, l->dest, &l->err));
    assert_true(l->summaries.there);
}

static void loader_close(struct loader *l)
{
    destination_close(l->dest);
    schema_drift_done(&l->drift);
    snapshot_done(&l->undated);
    mem_free_text(&l->path);
}

static bool load_file(struct loader *l, struct extractor *files, struct error *err)
{
    struct transform *transform = transform_new(&l->drift.grown.report);
    const struct preparer preparer = {
        .report = &l->drift.grown.report, .extractor = files, .transform = transform};
    const struct window_loader loader = {
        .run = &l->run,
        .drift = &l->drift,
        .report = &l->drift.grown.report,
        .destination = l->dest,
        .summaries = &l->summaries,
        .undated = &l->undated,
        .known = &l->habits,
        .doubts = &l->doubts,
        .accept_shrink = true,
        .today = l->window.last + 300,
    };
    struct prepared prepared;
    struct ledger_entry entry;

    window_prepare(&preparer, l->window, &prepared);
    const bool ok = window_load(&loader, &prepared, &entry, err);
    prepared_done(&prepared, true);
    transform_free(transform);
    return ok;
}

static void *load(void *arg)
{
    struct loader *l = arg;
    struct extractor *files;

    pthread_barrier_wait(l->start);
    l->ok = extractor_open_files(&l->path, 1, &files, &l->err);
    if (l->ok) {
        l->ok = load_file(l, files, &l->err);
        extractor_close(files);
    }
    return NULL;
}

static void name_round(struct loader *l, int round, char letter, struct window window)
{
    l->window = window;
    l->run = (struct run){.mode = "load", .started_at = clock_now()};
    snprintf(l->run.id, sizeof(l->run.id), "20260101T000000.%06d%c", round, letter);
    assert_true(destination_start_run(l->dest, &l->run, &l->err));
}

static void play_round(struct field *field, struct loader loaders[2], int round)
{
    BUF_DONE struct buf services = BUF_INIT(TEXT_MAX), backs = BUF_INIT(TEXT_MAX);
    const int32_t new_year = (int32_t)date_from_civil(2025, 1, 1);
    const int first = round == 0 ? 0 : rand() % LAST_DAY;
    const int last = round == 0 ? LAST_DAY : first + rand() % (LAST_DAY - first);
    const struct window window = {.first = new_year + first,
                                  .last = new_year + last,
                                  .own_first = new_year + first,
                                  .own_last = new_year + last,
                                  .complete = true};
    pthread_t threads[2];

    world_change(&field->world, first, last);
    world_services_file(&field->world, first, last, &services);
    world_backs_file(&field->world, first, last, &backs);
    field_write_file(loaders[0].path, &services);
    field_write_file(loaders[1].path, &backs);
    for (int i = 0; i < 2; i++)
        name_round(&loaders[i], round, "ab"[i], window);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load, &loaders[i]), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < 2; i++)
        if (!loaders[i].ok)
            fail_msg("seed %u, round %d: %s", field->seed, round, loaders[i].err.message);
}

/* A first load of both, which a refill follows; from then on the windows keep the summaries. */
static void fill(const struct field *field)
{
    const struct settings settings = {.database = field->url};
    struct layers_outcome outcome;
    struct error err;

    assert_true(layers_run(&settings, field->profile.reports, field->profile.report_count,
                           LAYERS_REFRESH, &outcome, &err));
}

static void windows_of_both_reports_at_once_leave_the_summaries_of_a_recount(void **state)
{
    const char *wanted = getenv("LAYERS_ROUNDS");
    const int rounds = wanted ? (int)strtol(wanted, NULL, 10) : ROUNDS;
    MEM_FREE_TEXT char *url = cluster_url(cluster.port, CLUSTER_DATABASE);
    struct field field;
    struct loader loaders[2];
    pthread_barrier_t start;

    (void)state;
    field_open(&field, url, 7);
    fill(&field);
    assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
    loader_open(&loaders[0], &field, "general_reports", &start);
    loader_open(&loaders[1], &field, "return_reports", &start);
    play_round(&field, loaders, 0);
    fill(&field);
    for (int round = 1; round <= rounds; round++) {
        play_round(&field, loaders, round);
        field_expect_figures(&field);
        field_expect(&field, "SELECT situacao FROM resumo_estado", "prontos\n");
    }
    printf("%d rounds\n", rounds);
    loader_close(&loaders[0]);
    loader_close(&loaders[1]);
    pthread_barrier_destroy(&start);
    field_close(&field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_of_both_reports_at_once_leave_the_summaries_of_a_recount),
    };
    struct error err;

    setenv("TZ", "America/Sao_Paulo", 1);
    log_setup(LOG_ERROR, LOG_TEXT);
    if (!stop_install(&err))
        return 1;
    cluster_start();
    cluster_set("fsync", "off");
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    cluster_stop();
    return failed;
}
