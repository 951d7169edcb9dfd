/* SPDX-License-Identifier: MIT */
/* Entries of the change log: their columns and their JSON. */
#include "load/change_log.h"
#include "tests/support/destination_fixture.h"
#include "tests/support/unit.h"

#include <string.h>

enum {
    COLUMNS = 6
}; /* of fixture_report: UC / MD, STATUS, DATA_EXECUCAO, HORA, DATA_EXTRACAO, … */

struct texts {
    const char *of[COLUMNS];
};

static const struct texts plain = {{"1", "A", "2026-03-02", "08:00:00", "2026-03-20 08:30:00", ""}};

static void cells_of(const struct texts *texts, struct cell cells[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] =
            (struct cell){.text = texts->of[i], .len = texts->of[i] ? strlen(texts->of[i]) : 0};
}

/* And the time of the export that the replaced version came with: the history needs it. */
static void an_update_has_the_columns_that_differ(void **state)
{
    static const struct {
        struct texts after;
        const char *old, *new;
    } cases[] = {
        {{{"1", "B", "2026-03-02", "08:00:00", "2026-03-20 08:30:00", ""}},
         "{\"STATUS\":\"A\",\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\"}",
         "{\"STATUS\":\"B\"}"},
        {{{"1", "A", "2026-03-02", "08:00:00", "2099-12-31 23:59:59", ""}},
         "{\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\"}",
         "{}"},
        {{{"1", "", "2026-03-02", NULL, "2026-03-20 08:30:00", NULL}},
         "{\"STATUS\":\"A\",\"HORA\":\"08:00:00\",\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\",\"SAY "
         "\\\"HI\\\"\":\"\"}",
         "{\"STATUS\":\"\",\"HORA\":null,\"SAY \\\"HI\\\"\":null}"},
        {{{"1", "AB", "2026-03-02", "08:00:00", NULL, ""}},
         "{\"STATUS\":\"A\",\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\"}",
         "{\"STATUS\":\"AB\"}"},
    };
    struct cell before[COLUMNS], after[COLUMNS];
    struct change change = CHANGE_INIT;

    (void)state;
    cells_of(&plain, before);
    for (size_t i = 0; i < COUNT(cases);
         i++) { /* one struct for all cases: no case leaves anything in it */
        cells_of(&cases[i].after, after);
        change_update(&change, &fixture_report, fixture_hash(1), before, after);
        assert_string_equal(change.op, "update");
        assert_string_equal(buf_text(&change.before), cases[i].old);
        assert_string_equal(buf_text(&change.after), cases[i].new);
        assert_string_equal(buf_text(&change.key),
                            "{\"UC / MD\":\"1\",\"DATA_EXECUCAO\":\"2026-03-02\"}");
    }
    change_done(&change);
}

static void an_insert_and_a_delete_have_the_whole_row_on_one_side(void **state)
{
    static const struct texts odd = {
        {"a\"\\\n\x01", "\xC3\x87\xFF", NULL, NULL, "2026-03-20 08:30:00", ""}};
    static const char row[] =
        "{\"UC / MD\":\"a\\\"\\\\\\n\\u0001\",\"STATUS\":\"\xC3\x87\xEF\xBF\xBD\","
        "\"DATA_EXECUCAO\":null,\"HORA\":null,\"DATA_EXTRACAO\":\"2026-03-20 08:30:00\","
        "\"SAY \\\"HI\\\"\":\"\"}";
    struct cell cells[COLUMNS];
    struct change change = CHANGE_INIT;

    (void)state;
    cells_of(&odd, cells);
    change_insert(&change, &fixture_report, fixture_hash(1), cells);
    assert_string_equal(change.op, "insert");
    assert_int_equal(change.before.len, 0);
    assert_string_equal(buf_text(&change.after), row);
    assert_null(change.date.text);
    change_delete(&change, &fixture_report, fixture_hash(2), cells);
    assert_string_equal(change.op, "delete");
    assert_string_equal(buf_text(&change.before), row);
    assert_int_equal(change.after.len, 0);
    assert_true(hash128_equal(change.row_key, fixture_hash(2)));
    assert_true(change_fits(&change));
    change_done(&change);
}

static void a_change_that_was_cut_does_not_fit(void **state)
{
    struct cell cells[COLUMNS];
    struct change change = CHANGE_INIT;

    (void)state;
    cells_of(&plain, cells);
    change.after.max = 20;
    change_insert(&change, &fixture_report, fixture_hash(1), cells);
    assert_false(change_fits(&change));
    change_delete(&change, &fixture_report, fixture_hash(1), cells);
    assert_true(change_fits(&change));
    change_done(&change);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_has_the_columns_that_differ),
        cmocka_unit_test(an_insert_and_a_delete_have_the_whole_row_on_one_side),
        cmocka_unit_test(a_change_that_was_cut_does_not_fit),
    };

    return cmocka_run_group_tests_name("destination_change", tests, NULL, NULL);
}
