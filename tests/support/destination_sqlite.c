/* SPDX-License-Identifier: MIT */
/* A SQLite database in a folder of its own. */
#include "tests/support/destination_sqlite.h"

#include "base/file.h"
#include "base/mem.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct bench contract; /* the state of the running test */

static void make_place(struct bench *bench)
{
    struct error err;

    umask(022);
    if (!file_make_temp_dir("test-sqlite", &bench->folder, &err))
        fail_msg("%s", err.message);
    bench->path = mem_format("%s/sigos.db", bench->folder);
    bench->url = mem_format("sqlite:%s", bench->path);
}

static void remove_place(struct bench *bench)
{
    file_remove_tree(bench->folder);
    free(bench->folder);
    free(bench->path);
    free(bench->url);
}

/* Returns the first column of the last statement's first row. */
static int keep_first(void *arg, int columns, char **values, char **names)
{
    char **text = arg;

    (void)columns;
    (void)names;
    if (!*text)
        *text = mem_copy(values[0]);
    return 0;
}

static char *query_file(const char *path, const char *sql)
{
    sqlite3 *db;
    char *text = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, keep_first, &text, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
    return text;
}

static const char *contract_create(void)
{
    make_place(&contract);
    return contract.url;
}

static char *contract_query(const char *sql)
{
    return query_file(contract.path, sql);
}

static void contract_remove(void)
{
    remove_place(&contract);
}

const struct contract_database sqlite_database = {
    .newer_schema = "PRAGMA user_version = 999",
    .create = contract_create,
    .query = contract_query,
    .remove = contract_remove,
};

int bench_start(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    make_place(bench);
    work_init(&bench->work);
    *state = bench;
    return 0;
}

int bench_end(void **state)
{
    struct bench *bench = *state;

    work_done(&bench->work);
    destination_close(bench->dest);
    remove_place(bench);
    free(bench);
    return 0;
}

void bench_open(struct bench *bench)
{
    bench->dest = fixture_open(bench->url, &bench->err);
    if (!bench->dest || !destination_start_run(bench->dest, &fixture_run, &bench->err))
        fail_msg("%s", bench->err.message);
}

void bench_close(struct bench *bench)
{
    destination_close(bench->dest);
    bench->dest = NULL;
}

void bench_sql(struct bench *bench, const char *sql)
{
    free(query_file(bench->path, sql));
}

void bench_expect(struct bench *bench, const char *sql, const char *expected)
{
    MEM_FREE_TEXT char *found = query_file(bench->path, sql);

    assert_non_null(found);
    assert_string_equal(found, expected);
}

void expect_error(const struct error *err, enum error_kind kind, const char *words)
{
    assert_int_equal(err->kind, kind);
    if (!strstr(err->message, words))
        fail_msg("\"%s\" is not in \"%s\"", words, err->message);
}
