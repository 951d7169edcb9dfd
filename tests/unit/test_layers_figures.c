/* SPDX-License-Identifier: MIT */
/* Gold figures over random histories equal a plain recount, on both databases; the past is as it
 * was. */
#include "base/date.h"
#include "base/mem.h"
#include "run/cycle.h"
#include "run/layers_run.h"
#include "tests/support/field_figures.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORIES = 12, STEPS = 5, TEXT_MAX = 1024 * 1024 };

/* Loads one report's days. */
static void load(struct field *h, size_t report, int first, int last, const struct buf *file)
{
    const struct settings settings = {.database = h->url};
    MEM_FREE_TEXT char *path = mem_format("%s/file.csv", h->folder);
    const int32_t new_year = (int32_t)date_from_civil(2025, 1, 1);
    const struct cycle_options options = {
        .today = new_year + 400,
        .accept_shrink = true,
        .range = {.has_first = true,
                  .has_last = true,
                  .first = new_year + first,
                  .last = new_year + last},
    };
    struct summary summary;

    field_write_file(path, file);
    cycle_load_files(&settings, &h->profile.reports[report], &path, 1, &options, &summary);
    if (summary_exit_code(&summary) != 0)
        fail_msg("seed %u: a load failed: %s", h->seed, summary.error.message);
    summary_done(&summary);
}

static size_t report_of(const struct field *h, const char *name)
{
    for (size_t i = 0; i < h->profile.report_count; i++)
        if (strcmp(h->profile.reports[i].name, name) == 0)
            return i;
    fail_msg("no report %s", name);
    return 0;
}

/* Keeps the tables as they are now. */
static void copy_tables(struct field *h)
{
    static const char *const tables[] = {"general_reports", "return_reports"};
    struct error err;

    h->copies++;
    assert_true(destination_begin_work(h->look, &err));
    for (size_t i = 0; i < COUNT(tables); i++) {
        MEM_FREE_TEXT char *sql = mem_format("CREATE TABLE copy_%d_%s AS SELECT t.*, (SELECT "
                                             "max(id) FROM etl_runs) AS run FROM %s AS t",
                                             h->copies, tables[i], tables[i]);
        assert_true(destination_execute(h->look, "copy", sql, &err));
    }
    assert_true(destination_commit_work(h->look, &err));
}

static void load_both(struct field *h, int first, int last)
{
    BUF_DONE struct buf services = BUF_INIT(TEXT_MAX), backs = BUF_INIT(TEXT_MAX);

    world_services_file(&h->world, first, last, &services);
    world_backs_file(&h->world, first, last, &backs);
    const bool services_first = rand() % 2;
    if (services_first)
        load(h, report_of(h, "general_reports"), first, last, &services);
    load(h, report_of(h, "return_reports"), first, last, &backs);
    if (!services_first)
        load(h, report_of(h, "general_reports"), first, last, &services);
}

static const char keys[] = "\"UC / MD\", \"STATUS\", \"DATA_EXECUCAO\", \"TOI\", \"EQUIPE\","
                           " \"RS NEGOCIADO\", \"DATA BAIXADO\", \"HORA FIM SERVICO\", _row_key";

/* The history as of each copy is the copy. */
static void expect_past(struct field *h)
{
    for (int n = 1; n <= h->copies; n++) {
        MEM_FREE_TEXT char *past = mem_format(
            "SELECT %s FROM general_reports_historico WHERE valido_de <= (SELECT max(run) FROM"
            " copy_%d_return_reports) AND (valido_ate IS NULL OR valido_ate > (SELECT max(run) FROM"
            " copy_%d_return_reports))",
            keys, n, n);
        MEM_FREE_TEXT char *sql =
            mem_format("SELECT (SELECT count(*) FROM (%s EXCEPT SELECT %s FROM"
                       " copy_%d_general_reports) AS a), (SELECT count(*) FROM (SELECT %s FROM"
                       " copy_%d_general_reports EXCEPT %s) AS b)",
                       past, keys, n, keys, n, past);
        field_expect(h, sql, "0\t0\n");
    }
}

static void layers(struct field *h, enum layers_action action)
{
    const struct settings settings = {.database = h->url};
    struct layers_outcome outcome;
    struct error err;

    if (!layers_run(&settings, h->profile.reports, h->profile.report_count, action, &outcome, &err))
        fail_msg("seed %u: %s", h->seed, err.message);
}

/* Loads, then changes the past a few times; after every step all figures are recounted. */
static void play(struct field *h)
{
    BUF_DONE struct buf kept = BUF_INIT(TEXT_MAX);
    static const char cohorts[] = "SELECT * FROM resumo_coorte ORDER BY 1, 2, 3, 4";

    layers(h, LAYERS_INSTALL);
    world_change(&h->world, 0, 89);
    world_change(&h->world, 0, 89);
    load_both(h, 0, 89);
    field_expect_figures(h);
    for (int step = 0; step < STEPS; step++) {
        copy_tables(h);
        const int first = rand() % 90, last = first + rand() % (90 - first);
        world_change(&h->world, first, last);
        load_both(h, first, last);
        field_expect_figures(h);
    }
    expect_past(h);
    field_query(h, cohorts, &kept);
    layers(h, LAYERS_REFRESH);
    field_expect_figures(h);
    field_expect(h, cohorts, buf_text(&kept));
}

static void figures_over_random_histories_equal_a_recount_on_sqlite(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= HISTORIES; seed++) {
        struct field h;
        field_open(&h, NULL, seed);
        play(&h);
        field_close(&h);
    }
}

static void figures_over_random_histories_equal_a_recount_on_postgres(void **state)
{
    (void)state;
    for (unsigned seed = 101; seed <= 100 + HISTORIES / 3; seed++) {
        struct field h;
        cluster_reset();
        MEM_FREE_TEXT char *url = cluster_url(cluster.port, CLUSTER_DATABASE);
        field_open(&h, url, seed);
        play(&h);
        field_close(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_over_random_histories_equal_a_recount_on_sqlite),
        cmocka_unit_test(figures_over_random_histories_equal_a_recount_on_postgres),
    };

    setenv("TZ", "America/Sao_Paulo", 1);
    cluster_start();
    cluster_set("fsync", "off");
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    cluster_stop();
    return failed;
}
