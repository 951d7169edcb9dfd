/* SPDX-License-Identifier: MIT */
/* The PostgreSQL destination on a server whose disk fills up: see tests/shim/disk_full.c. */
#include "load/postgres/client.h"

#include "base/file.h"
#include "base/mem.h"
#include "tests/support/destination_postgres.h"
#include "tests/support/postgres_process.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fill_disk(const char *kind)
{
    MEM_FREE_TEXT char *name = mem_format("full.%s", kind);

    process_write_file(name, "");
}

static void make_room(const char *kind)
{
    MEM_FREE_TEXT char *name = mem_format("full.%s", kind), *path = process_path(name);

    assert_int_equal(unlink(path), 0);
}

/* Loads more rows than fit on the table's pages. */
static bool load_much(struct stage *stage)
{
    static char text[2000];

    memset(text, 'x', sizeof(text) - 1);
    work_done(&stage->work);
    work_init(&stage->work);
    for (uint64_t i = 0; i < 200; i++)
        work_add_logged(&stage->work, (struct line){text, "OPEN", 4, NULL, 100 + i, 40});
    return fixture_load(stage->dest, fixture_window(1, 9), &stage->work, &stage->err);
}

static void a_full_disk_is_told_and_leaves_the_old_window(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    fill_disk("base");
    assert_false(load_much(stage));
    stage_failed(&stage->err, ERROR_DATABASE, false, "No space left on device");
    stage_failed(&stage->err, ERROR_DATABASE, false, "make room on the database's disk");
    destination_rollback(stage->dest);
    stage_expect_old();
    assert_false(load_much(stage)); /* a second try fails in the same way */
    destination_rollback(stage->dest);
    make_room("base");
    stage_succeeded(stage, load_much(stage));
    stage_expect("SELECT count(*) FROM visits", "203");
    stage_expect("SELECT count(*) FROM etl_changes", "200");
}

static void a_first_load_onto_a_full_disk_can_be_repeated(void **state)
{
    struct stage *stage = *state;

    fill_disk("base");
    assert_null(fixture_open(stage->url, &stage->err)); /* there is no room for the tables */
    stage_failed(&stage->err, ERROR_DATABASE, false, "make room on the database's disk");
    make_room("base");
    stage_expect("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace", "0");
    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_recovers(stage);
}

static void expect_in_log(const char *words)
{
    MEM_FREE_TEXT char *path = process_path("log"), *log = NULL;
    struct error err;

    assert_true(file_read(path, 1024 * 1024, &log, &err));
    assert_non_null(strstr(log, words));
}

/* Without room for its write-ahead log a server stops at once, and the connection is lost. */
static void a_server_that_ends_for_want_of_room_leaves_the_old_window(void **state)
{
    struct stage *stage = *state;

    stage_open(stage, stage->url);
    stage_load_old(stage);
    stage_arm(AT_INSERT, "pg_switch_wal()");
    postgres_of(stage->dest)->timeouts.resolve = 300;
    fill_disk("pg_wal");
    assert_false(stage_load_new(stage));
    stage_failed(&stage->err, ERROR_DATABASE, true, "");
    expect_in_log("PANIC:  could not write to file \"pg_wal/xlogtemp");
    make_room("pg_wal");
    cluster_restart();
    stage_disarm();
    stage_recovers(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_full_disk_is_told_and_leaves_the_old_window),
        STAGE_TEST(a_first_load_onto_a_full_disk_can_be_repeated),
        STAGE_TEST(a_server_that_ends_for_want_of_room_leaves_the_old_window),
    };
    char self[4096] = "";

    if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || !strrchr(self, '/'))
        return 1;
    *strrchr(self, '/') = '\0';
    MEM_FREE_TEXT char *shim = mem_format("%s/../disk_full.so", self);
    cluster.preload = shim;
    cluster_start();
    const int failed = cmocka_run_group_tests_name("destination_postgres_disk", tests, NULL, NULL);
    cluster_stop();
    return failed;
}
