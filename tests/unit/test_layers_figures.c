/* SPDX-License-Identifier: MIT */
/* Gold figures over random histories equal a plain recount, on both databases; the past is as it
 * was. */
#include "base/date.h"
#include "base/file.h"
#include "base/mem.h"
#include "config/profile.h"
#include "load/destination_open.h"
#include "run/cycle.h"
#include "run/layers_run.h"
#include "tests/support/field_world.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HISTORIES = 12, STEPS = 5, TEXT_MAX = 1024 * 1024 };

/* One history: a database and the world that its tables should show. */
struct history {
    char *url;
    struct profile profile;
    struct destination *look; /* reads what the loads left */
    char *folder;
    struct world world;
    unsigned seed;
    int copies; /* how many states of the tables are kept as copy_N_… */
};

/* url: NULL is a new SQLite database. */
static void open_history(struct history *h, const char *url, unsigned seed)
{
    struct error err;

    *h = (struct history){.seed = seed};
    assert_true(file_make_temp_dir("etl-layers", &h->folder, &err));
    h->url = url ? mem_format("%s", url) : mem_format("sqlite:%s/base.db", h->folder);
    assert_true(profile_load(NULL, &h->profile, &err));
    srand(seed);
}

static void close_history(struct history *h)
{
    destination_close(h->look);
    profile_done(&h->profile);
    file_remove_tree(h->folder);
    mem_free_text(&h->folder);
    mem_free_text(&h->url);
}

static bool add_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)err;
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(arg, '\t');
        /* SQLite rounds to a real: 12.0 is 12 */
        const size_t len =
            cells[i].len > 2 && memcmp(cells[i].text + cells[i].len - 2, ".0", 2) == 0
                ? cells[i].len - 2
                : cells[i].len;
        buf_add(arg, cells[i].text, len);
    }
    buf_add_char(arg, '\n');
    return true;
}

static void query(struct history *h, const char *sql, struct buf *out)
{
    struct error err;

    if (!h->look)
        assert_true(destination_open(h->url, &h->look, &err));
    if (!destination_query(h->look, sql, add_row, out, &err))
        fail_msg("%s: %s", sql, err.message);
}

static void expect(struct history *h, const char *sql, const char *expected)
{
    BUF_DONE struct buf got = BUF_INIT(TEXT_MAX);

    query(h, sql, &got);
    const char *a = buf_text(&got), *b = expected;
    while (*a && strcspn(a, "\n") == strcspn(b, "\n") && strncmp(a, b, strcspn(a, "\n") + 1) == 0) {
        a += strcspn(a, "\n") + 1;
        b += strcspn(b, "\n") + 1;
    }
    if (*a || *b)
        fail_msg("seed %u: %.300s\ngot:      %.*s\nexpected: %.*s", h->seed, sql,
                 (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

static void expect_model(struct history *h, const char *model, const char *columns,
                         void (*recount)(const struct world *, struct buf *))
{
    BUF_DONE struct buf expected = BUF_INIT(TEXT_MAX);
    MEM_FREE_TEXT char *sql =
        mem_format("SELECT %s FROM %s WHERE grupo IS NOT NULL ORDER BY 1, 2, 3, 4", columns, model);

    recount(&h->world, &expected);
    expect(h, sql, buf_text(&expected));
}

static void expect_figures(struct history *h)
{
    expect_model(h, "ouro_mes", world_months_columns, world_months);
    expect_model(h, "ouro_produtividade", world_productivity_columns, world_productivity);
    expect_model(h, "ouro_distribuicao_mes", world_distributions_columns, world_distributions);
    expect_model(h, "ouro_ticket_mes", world_tickets_columns, world_tickets);
}

/* The file's time tells nothing of the run. */
static void write_old_file(const char *path, const struct buf *text)
{
    const struct timespec old[2] = {{.tv_sec = 1735700000}, {.tv_sec = 1735700000}};
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(buf_text(text), 1, text->len, file), text->len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
}

/* Loads one report's days. */
static void load(struct history *h, size_t report, int first, int last, const struct buf *file)
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

    write_old_file(path, file);
    cycle_load_files(&settings, &h->profile.reports[report], &path, 1, &options, &summary);
    if (summary_exit_code(&summary) != 0)
        fail_msg("seed %u: a load failed: %s", h->seed, summary.error.message);
    summary_done(&summary);
}

static size_t report_of(const struct history *h, const char *name)
{
    for (size_t i = 0; i < h->profile.report_count; i++)
        if (strcmp(h->profile.reports[i].name, name) == 0)
            return i;
    fail_msg("no report %s", name);
    return 0;
}

/* Keeps the tables as they are now. */
static void copy_tables(struct history *h)
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

static void load_both(struct history *h, int first, int last)
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
static void expect_past(struct history *h)
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
        expect(h, sql, "0\t0\n");
    }
}

static void layers(struct history *h, enum layers_action action)
{
    const struct settings settings = {.database = h->url};
    struct layers_outcome outcome;
    struct error err;

    if (!layers_run(&settings, h->profile.reports, h->profile.report_count, action, &outcome, &err))
        fail_msg("seed %u: %s", h->seed, err.message);
}

/* Loads, then changes the past a few times; after every step all figures are recounted. */
static void play(struct history *h)
{
    BUF_DONE struct buf kept = BUF_INIT(TEXT_MAX);
    static const char cohorts[] = "SELECT * FROM resumo_coorte ORDER BY 1, 2, 3, 4";

    layers(h, LAYERS_INSTALL);
    world_change(&h->world, 0, 89);
    world_change(&h->world, 0, 89);
    load_both(h, 0, 89);
    expect_figures(h);
    for (int step = 0; step < STEPS; step++) {
        copy_tables(h);
        const int first = rand() % 90, last = first + rand() % (90 - first);
        world_change(&h->world, first, last);
        load_both(h, first, last);
        expect_figures(h);
    }
    expect_past(h);
    query(h, cohorts, &kept);
    layers(h, LAYERS_REFRESH);
    expect_figures(h);
    expect(h, cohorts, buf_text(&kept));
}

static void figures_over_random_histories_equal_a_recount_on_sqlite(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= HISTORIES; seed++) {
        struct history h;
        open_history(&h, NULL, seed);
        play(&h);
        close_history(&h);
    }
}

static void figures_over_random_histories_equal_a_recount_on_postgres(void **state)
{
    (void)state;
    for (unsigned seed = 101; seed <= 100 + HISTORIES / 3; seed++) {
        struct history h;
        cluster_reset();
        MEM_FREE_TEXT char *url = cluster_url(cluster.port, CLUSTER_DATABASE);
        open_history(&h, url, seed);
        play(&h);
        close_history(&h);
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
