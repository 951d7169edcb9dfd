/* SPDX-License-Identifier: MIT */
/* The contract of destinations: what can be seen without writing. */
#include "tests/support/destination_contract_parts.h"

#include "load/history.h"
#include "load/destination_open.h"

static enum destination_state look(struct scene *scene, const struct report *report)
{
    enum destination_state state;

    expect_success(scene, destination_inspect(scene->dest, report, &state, &scene->err));
    return state;
}

static void looking_tells_what_a_load_would_find(void **state)
{
    struct report absent = scene_report;
    struct scene *scene = *state;

    absent.name = "absent";
    assert_int_equal(look(scene, NULL), DESTINATION_READY);
    assert_int_equal(look(scene, &scene_report), DESTINATION_READY);
    assert_int_equal(look(scene, &absent), DESTINATION_EMPTY);
    assert_int_equal(look(scene, &absent), DESTINATION_EMPTY); /* and it made none */
}

static void a_column_that_was_dropped_is_noted_by_migrating_only(void **state)
{
    struct scene *scene = *state;
    enum destination_state found;
    bool added;

    expect_success(scene, destination_add_column(scene->dest, &scene_report, "ZONE", &scene_run,
                                                 &added, &scene->err));
    assert_int_equal(look(scene, &scene_report), DESTINATION_READY);
    run_sql("ALTER TABLE visits DROP COLUMN \"ZONE\"");
    bool ok = destination_inspect(scene->dest, &scene_report, &found, &scene->err);
    expect_failure(scene, ok, "was dropped: `etl-sigos check`");
    expect_query("SELECT count(*) FROM etl_columns", "1");
    expect_success(scene, destination_migrate(scene->dest, &scene_report, &scene->err));
    assert_int_equal(look(scene, &scene_report), DESTINATION_READY);
}

static void what_was_opened_to_read_cannot_write(void **state)
{
    const struct run second = {.id = "run-2", .mode = "full", .started_at = 1772370000};
    struct scene *scene = *state;
    struct destination *reader = NULL;
    size_t rows = 0;

    first_load(scene);
    expect_success(scene,
                   destination_open_existing(scene->url, DESTINATION_READ, &reader, &scene->err));
    assert_non_null(reader);
    expect_success(
        scene, history_count_rows(reader, &scene_report, scene_window(1, 2), &rows, &scene->err));
    assert_int_equal(rows, 1);
    bool ok = destination_start_run(reader, &second, &scene->err);
    expect_failure(scene, ok, "read");
    destination_close(reader);
    expect_query("SELECT count(*) FROM etl_runs", "1");
}

int contract_of_looking(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT_TEST(looking_tells_what_a_load_would_find),
        CONTRACT_TEST(a_column_that_was_dropped_is_noted_by_migrating_only),
        CONTRACT_TEST(what_was_opened_to_read_cannot_write),
    };

    return cmocka_run_group_tests_name("looking", tests, NULL, NULL);
}
