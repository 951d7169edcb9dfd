/* SPDX-License-Identifier: MIT */
/* The keys, fingerprints and reject ids that the transform makes, and the rows and lines whose key
 * it doubts. */
#include "base/buf.h"
#include "base/mem.h"
#include "model/report.h"
#include "tests/support/unit.h"
#include "tests/support/visits.h"
#include "transform/transform.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void equal_content_has_equal_numbers_however_it_is_written(void **state)
{
    static const char *const spellings[] = {
        VISITS_HEADER "7;05/03/2025;Time;Nota;08:30;\n",
        VISITS_HEADER " 7 ;5/3/2025;TIME;nota ;8:30:00;NULL\n",
        VISITS_HEADER "\"7\";2025-03-05;time;\"NOTA\";08:30;00/00/0000\n",
        "Fechado em;Inicio;Observacao;Equipe;Dia;Medidor\n;08:30;Nota;Time;05/03/2025;7\n",
    };
    struct batch first, other;
    struct error err;

    (void)state;
    assert_true(visits_read_text(spellings[0], strlen(spellings[0]), &first, &err));
    for (size_t i = 1; i < COUNT(spellings); i++) {
        assert_true(visits_read_text(spellings[i], strlen(spellings[i]), &other, &err));
        assert_int_equal(other.row_count, 1);
        assert_true(hash128_equal(first.rows[0].key, other.rows[0].key));
        assert_true(hash128_equal(first.rows[0].fingerprint, other.rows[0].fingerprint));
        batch_done(&other);
    }
    batch_done(&first);
}

static void any_difference_changes_the_fingerprint_and_only_the_key_columns_the_key(void **state)
{
    static const struct {
        const char *line;
        bool same_key;
    } others[] = {
        {"8;05/03/2025;T;N;08:30;\n", false},  {"7;06/03/2025;T;N;08:30;\n", false},
        {"7;05/03/2025;U;N;08:30;\n", true},   {"7;05/03/2025;T;N2;08:30;\n", true},
        {"7;05/03/2025;T;N;08:31;\n", true},   {"7;05/03/2025;T;N;08:30;05/03/2025\n", true},
        {"7;05/03/2025;TN;;08:30;\n", true},   {"7;05/03/2025;T;N;;\n", true},
        {"7;05/03/2025;PEL;N;08:30;\n", true}, {"7;00/00/0000;T;N;08:30;\n", false},
    };
    static const char base[] = VISITS_HEADER "7;05/03/2025;T;N;08:30;\n";
    struct batch first, other;
    struct error err;

    (void)state;
    assert_true(visits_read_text(base, strlen(base), &first, &err));
    for (size_t i = 0; i < COUNT(others); i++) {
        MEM_FREE_TEXT char *text = mem_format("%s%s", VISITS_HEADER, others[i].line);
        assert_true(visits_read_text(text, strlen(text), &other, &err));
        assert_false(hash128_equal(first.rows[0].fingerprint, other.rows[0].fingerprint));
        assert_int_equal(hash128_equal(first.rows[0].key, other.rows[0].key), others[i].same_key);
        batch_done(&other);
    }
    batch_done(&first);
}

/* The numbers are stored in databases, so a new definition would rewrite every row of every table.
 * The expected numbers come from xxh128sum over the bytes that row_hash.h describes. */
static void the_numbers_of_a_row_never_change(void **state)
{
    static const char text[] = VISITS_HEADER "7;05/03/2025;T;Medi\xE7\xE3o;08:30;\n";
    struct batch batch;
    struct error err;
    char shown[80];

    (void)state;
    assert_true(visits_read_text(text, strlen(text), &batch, &err));
    snprintf(shown, sizeof(shown), "%016" PRIx64 "%016" PRIx64, batch.rows[0].key.high,
             batch.rows[0].key.low);
    assert_string_equal(shown, "44da23956ff59a467f6a27060477f72a");
    snprintf(shown, sizeof(shown), "%016" PRIx64 "%016" PRIx64, batch.rows[0].fingerprint.high,
             batch.rows[0].fingerprint.low);
    assert_string_equal(shown, "3b66b111793bb3ab73052137eac595b6");
    batch_done(&batch);
}

/* Returns the fingerprint of the only row of a text. Asserts the unknown name in its header; NULL:
 * none. */
static struct hash128 print_of(struct transform *transform, const struct grown_report *grown,
                               const char *text, const char *unknown)
{
    struct batch batch;
    struct error err;

    if (!visits_read(transform, &grown->report, text, strlen(text), &batch, &err))
        fail_msg("%s", err.message);
    assert_int_equal(batch.unknown_count, unknown ? 1 : 0);
    if (unknown)
        assert_string_equal(batch.unknown[0].name, unknown);
    struct hash128 print = batch.rows[0].fingerprint;
    batch_done(&batch);
    return print;
}

static void a_column_that_comes_changes_only_the_rows_that_have_something_in_it(void **state)
{
    static const char plain[] = "Medidor;Dia;Equipe\n7;05/03/2025;T\n";
    static const char empty[] = "Medidor;Dia;Equipe;Priorid\xE1"
                                "de\n7;05/03/2025;T; \n";
    static const char full[] = "Medidor;Dia;Equipe;prioridade\n7;05/03/2025;T;alta\n";
    static const char other[] = "Medidor;Dia;Equipe;prioridade\n7;05/03/2025;T;baixa\n";
    struct grown_report grown;

    (void)state;
    grown_report_init(&grown, visits_report());
    struct transform *transform = transform_new(&grown.report);
    struct hash128 before = print_of(transform, &grown, plain, NULL);
    assert_true(hash128_equal(print_of(transform, &grown, full, "PRIORIDADE"), before));
    grown_report_add(&grown, "PRIORIDADE");
    transform_free(transform);
    transform = transform_new(&grown.report);
    assert_true(hash128_equal(print_of(transform, &grown, plain, NULL), before));
    assert_true(hash128_equal(print_of(transform, &grown, empty, NULL), before));
    struct hash128 after = print_of(transform, &grown, full, NULL);
    assert_false(hash128_equal(after, before));
    assert_false(hash128_equal(print_of(transform, &grown, other, NULL), after));
    transform_free(transform);
    grown_report_done(&grown);
}

static void the_order_in_which_columns_came_makes_no_difference(void **state)
{
    static const char text[] = "Medidor;Dia;Equipe;B;A;C\n7;05/03/2025;T;2;1;\n";
    static const char swapped[] = "Medidor;Dia;Equipe;B;A;C\n7;05/03/2025;T;1;2;\n";
    static const char *const orders[][3] = {{"A", "B", "C"}, {"C", "B", "A"}, {"B", "A", "D"}};
    struct hash128 prints[COUNT(orders)], other = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(orders); i++) {
        struct grown_report grown;
        grown_report_init(&grown, visits_report());
        for (size_t c = 0; c < COUNT(orders[i]); c++)
            grown_report_add(&grown, orders[i][c]);
        struct transform *transform = transform_new(&grown.report);
        prints[i] = print_of(transform, &grown, text, i == 2 ? "C" : NULL);
        other = print_of(transform, &grown, swapped, i == 2 ? "C" : NULL);
        transform_free(transform);
        grown_report_done(&grown);
    }
    assert_true(hash128_equal(prints[0], prints[1]));
    assert_true(hash128_equal(prints[0], prints[2]));
    assert_false(hash128_equal(prints[0], other));
}

/* The expected number comes from xxh128sum over the bytes that row_hash.h describes. */
static void the_numbers_of_a_row_with_an_added_column_never_change(void **state)
{
    static const char text[] = "Medidor;Dia;Equipe;Observacao;Inicio;Fechado em;Prioridade;Nada\n"
                               "7;05/03/2025;Time;Medi\xE7\xE3o;08:30;;alta;\n";
    struct grown_report grown;
    char shown[80];

    (void)state;
    grown_report_init(&grown, visits_report());
    grown_report_add(&grown, "NADA");
    grown_report_add(&grown, "PRIORIDADE");
    struct transform *transform = transform_new(&grown.report);
    struct hash128 print = print_of(transform, &grown, text, NULL);
    snprintf(shown, sizeof(shown), "%016" PRIx64 "%016" PRIx64, print.high, print.low);
    assert_string_equal(shown, "9973f2b960ebda0dc005bee6fc200446");
    transform_free(transform);
    grown_report_done(&grown);
}

static void the_same_bad_record_is_the_same_reject_wherever_it_stands(void **state)
{
    static const char one[] = VISITS_HEADER "bad;1\n1;05/03/2025;T;x;;\n";
    static const char two[] =
        VISITS_HEADER "1;05/03/2025;T;x;;\nbad;1\nbad;1\nbad;2\n2;05/03/2025;T;x;;\n";
    struct batch a, b;
    struct error err;

    (void)state;
    assert_true(visits_read_text(one, strlen(one), &a, &err));
    assert_true(visits_read_text(two, strlen(two), &b, &err));
    assert_int_equal(b.reject_count, 3);
    assert_true(hash128_equal(a.rejects[0].id, b.rejects[0].id));
    assert_false(hash128_equal(b.rejects[0].id, b.rejects[1].id));
    assert_false(hash128_equal(b.rejects[0].id, b.rejects[2].id));
    batch_done(&a);
    batch_done(&b);
}

/* Lines with a stray separator after, between and before the columns of the key, an open quote, and
 * lost fields. */
static void a_line_that_cannot_be_read_tells_its_key_all_the_same(void **state)
{
    static const char good[] = VISITS_HEADER "1;05/03/2025;T;x;08:30;\n";
    static const char *const broken[] = {
        VISITS_HEADER "1;05/03/2025;T;a; b;08:30;\n2;05/03/2025;T;x;08:30;\n",
        VISITS_HEADER "1;;05/03/2025;T;x;08:30;\n2;05/03/2025;T;x;08:30;\n",
        VISITS_HEADER ";1;05/03/2025;T;x;08:30;\n2;05/03/2025;T;x;08:30;\n",
        VISITS_HEADER "1;05/03/2025;T;\"open;08:30;\n2;05/03/2025;T;x;08:30;\n",
        VISITS_HEADER "1;05/03/2025;T\n2;05/03/2025;T;x;08:30;\n",
    };
    struct batch row, batch;
    struct error err;

    (void)state;
    assert_true(visits_read_text(good, strlen(good), &row, &err));
    for (size_t i = 0; i < COUNT(broken); i++) {
        bool found = false;
        assert_true(visits_read_text(broken[i], strlen(broken[i]), &batch, &err));
        assert_int_equal(batch.unread_count, 1);
        for (size_t k = 0; k < batch.unread[0].key_count; k++)
            found = found || hash128_equal(batch.unread_keys[batch.unread[0].first_key + k],
                                           row.rows[0].key);
        if (!found)
            fail_msg("the key is not found in: %s", broken[i]);
        batch_done(&batch);
    }
    batch_done(&row);
}

static size_t doubted_rows(const struct batch *batch)
{
    size_t count = 0;

    for (size_t i = 0; i < batch->unread_count; i++)
        count += batch->unread[i].reject == UNREAD_ROW;
    return count;
}

/* A broken byte may become a letter, which makes the row another row. */
static void an_odd_byte_in_a_key_is_doubted_where_other_keys_have_none(void **state)
{
    static const struct {
        const char *odd;
        int rows, odd_rows;
        size_t doubted;
    } cases[] = {
        {"\xC7", 40, 1, 1},     {"\x01", 40, 2, 2},    {"\x7F", 3, 1, 1},     {"~", 40, 1, 0},
        {"\xC7", 40, 10, 10},   {"\xC7", 40, 11, 11},  {"\xC7", 120, 30, 30}, {"\xC7", 120, 31, 0},
        {"\xC7", 1000, 50, 50}, {"\xC7", 2000, 51, 0}, {"\xDF", 40, 1, 1},    {"\xAD", 40, 1, 1},
        {"|", 40, 1, 1},
    };
    struct batch batch;
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf text = BUF_INIT(1 << 20);
        buf_add_text(&text, VISITS_HEADER);
        for (int row = 0; row < cases[i].rows; row++)
            buf_addf(&text, "%d%s;05/03/2025;T;x;08:30;\n", row,
                     row < cases[i].odd_rows ? cases[i].odd : "");
        assert_true(visits_read_text(buf_text(&text), text.len, &batch, &err));
        assert_int_equal(batch.row_count, cases[i].rows);
        assert_int_equal(doubted_rows(&batch), cases[i].doubted);
        for (size_t d = 0; d < cases[i].doubted; d++)
            assert_true(hash128_equal(batch.unread[d].id, batch.rows[d].key));
        batch_done(&batch);
    }
}

/* A name with an accent is in many keys, a text with a broken byte only in one. */
static void an_odd_text_that_several_keys_have_is_not_doubted(void **state)
{
    struct batch batch;
    struct error err;

    (void)state;
    for (int rows = 1; rows <= 6; rows++) {
        BUF_DONE struct buf text = BUF_INIT(1 << 16);
        buf_add_text(&text, VISITS_HEADER);
        for (int row = 0; row < rows; row++)
            buf_addf(&text, "A\xC7U;%02d/03/2025;T;x;08:30;\n", row + 1);
        buf_add_text(&text, "A\xC8U;09/03/2025;T;x;08:30;\n");
        assert_true(visits_read_text(buf_text(&text), text.len, &batch, &err));
        assert_int_equal(doubted_rows(&batch), rows < 4 ? rows + 1 : 1);
        batch_done(&batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_content_has_equal_numbers_however_it_is_written),
        cmocka_unit_test(any_difference_changes_the_fingerprint_and_only_the_key_columns_the_key),
        cmocka_unit_test(the_numbers_of_a_row_never_change),
        cmocka_unit_test(a_column_that_comes_changes_only_the_rows_that_have_something_in_it),
        cmocka_unit_test(the_order_in_which_columns_came_makes_no_difference),
        cmocka_unit_test(the_numbers_of_a_row_with_an_added_column_never_change),
        cmocka_unit_test(the_same_bad_record_is_the_same_reject_wherever_it_stands),
        cmocka_unit_test(a_line_that_cannot_be_read_tells_its_key_all_the_same),
        cmocka_unit_test(an_odd_byte_in_a_key_is_doubted_where_other_keys_have_none),
        cmocka_unit_test(an_odd_text_that_several_keys_have_is_not_doubted),
    };

    return cmocka_run_group_tests_name("transform_keys", tests, visits_open, visits_close);
}
