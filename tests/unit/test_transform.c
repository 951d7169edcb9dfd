/* SPDX-License-Identifier: MIT */
/*
 * The transform of whole files, by golden folders and by texts.
 *
 * tests/golden/transform/CASE/ holds input.csv and the files that the transform must make of it:
 * expected.tsv (the rows), expected.rejects (line, reason, raw text) and expected.counts, or
 * expected.error where the file is refused. A file `added` lists columns by which the report has
 * grown. `make golden` writes the expected files anew; review the diff.
 */
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "model/report.h"
#include "simulator/pack.h"
#include "tests/support/unit.h"
#include "tests/support/visits.h"
#include "transform/transform.h"

#include <dirent.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN "tests/golden/transform"

static void add_escaped(struct buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char *escape = text[i] == '\\'   ? "\\\\"
                             : text[i] == '\t' ? "\\t"
                             : text[i] == '\n' ? "\\n"
                             : text[i] == '\r' ? "\\r"
                                               : NULL;
        if (escape)
            buf_add_text(out, escape);
        else
            buf_add_char(out, text[i]);
    }
}

static void show_rows(const struct report *report, const struct batch *batch, struct buf *out)
{
    for (size_t c = 0; c < report->column_count; c++)
        buf_addf(out, "%s%s", c ? "\t" : "", report->columns[c].name);
    buf_add_char(out, '\n');
    for (size_t r = 0; r < batch->row_count; r++) {
        if (batch->rows[r].superseded)
            continue;
        for (size_t c = 0; c < report->column_count; c++) {
            struct cell cell = batch_cell(batch, r, c);
            if (c)
                buf_add_char(out, '\t');
            if (cell.text)
                add_escaped(out, cell.text, cell.len);
            else
                buf_add_text(out, "\\N");
        }
        buf_add_char(out, '\n');
    }
}

static void show_rejects(const struct batch *batch, struct buf *out)
{
    for (size_t i = 0; i < batch->reject_count; i++) {
        const struct reject *reject = &batch->rejects[i];
        buf_addf(out, "%" PRIu64 "\t%s\t", reject->line, reject->reason);
        add_escaped(out, reject->raw, reject->raw_len);
        buf_add_char(out, '\n');
    }
}

static void show_counts(const struct batch *batch, const struct file_facts *facts, struct buf *out)
{
    const struct batch_counts *n = &batch->counts;

    buf_addf(out, "%s, separator '", facts->encoding);
    add_escaped(out, &facts->separator, 1);
    buf_addf(out, "', header on line %" PRIu64 "\n", facts->header_line);
    buf_addf(out, "missing: %s\nunknown: ", facts->missing);
    for (size_t i = 0; i < batch->unknown_count; i++)
        buf_addf(out, "%s%s%s", i ? ", " : "", batch->unknown[i].name,
                 batch->unknown[i].twice ? " (twice)" : "");
    buf_add_char(out, '\n');
    buf_addf(out,
             "read %" PRIu64 ", loaded %" PRIu64 ", duplicates %" PRIu64 ", boundary %" PRIu64
             ", rejected %" PRIu64 ", foreign %" PRIu64 ", unreadable cells %" PRIu64
             ", left out %" PRIu64 ", unread lines %zu\n",
             n->read, n->loaded, n->duplicates, n->boundary, n->rejected, n->foreign, n->unreadable,
             n->left_out, batch->unread_count);
}

static bool updating(void)
{
    return getenv("GOLDEN_UPDATE") != NULL;
}

/* Compares a text with the expected file. An absent file is an empty text. */
static void expect_file(const char *test, const char *name, const struct buf *got)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s/%s", GOLDEN, test, name);
    MEM_FREE_TEXT char *expected = NULL;
    struct error err;

    if (updating()) {
        remove(path);
        FILE *file = got->len ? fopen(path, "w") : NULL;
        if (file) {
            assert_int_equal(fwrite(got->data, 1, got->len, file), got->len);
            fclose(file);
        }
        return;
    }
    if (!file_read(path, 1 << 20, &expected, &err))
        expected = mem_copy("");
    if (strcmp(expected, buf_text(got)) != 0)
        fail_msg("%s:\n--- expected\n%s--- got\n%s", path, expected, buf_text(got));
}

/* Makes the report of a case: the profile's, grown by the lines of the file `added`, if there is
 * one. */
static void grow_report(const char *test, struct grown_report *out)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s/added", GOLDEN, test);
    MEM_FREE_TEXT char *names = NULL;
    struct error err;
    char *rest = NULL;

    grown_report_init(out, visits_report());
    if (!file_read(path, 1 << 20, &names, &err))
        return;
    for (char *name = strtok_r(names, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest))
        grown_report_add(out, name);
}

static void run_case(const char *test)
{
    struct grown_report grown;
    MEM_FREE_TEXT char *path = mem_format("%s/%s/input.csv", GOLDEN, test);
    BUF_DONE struct buf rows = BUF_INIT(1 << 20), rejects = BUF_INIT(1 << 20);
    BUF_DONE struct buf counts = BUF_INIT(1 << 20), error = BUF_INIT(1 << 20);
    struct scope scope = visits_march();
    struct file_facts facts = {0};
    struct batch batch;
    struct error err;

    grow_report(test, &grown);
    struct transform *transform = transform_new(&grown.report);
    batch_init(&batch, grown.report.column_count, 1 << 20);
    if (transform_file(transform, path, &scope, &batch, &facts, &err) &&
        transform_finish(transform, &batch, false, &err)) {
        const struct batch_counts *n = &batch.counts;
        assert_int_equal(n->read, n->loaded + n->duplicates + n->boundary + n->rejected);
        show_rows(&grown.report, &batch, &rows);
        show_rejects(&batch, &rejects);
        show_counts(&batch, &facts, &counts);
    } else {
        assert_true(err.kind == ERROR_DATA || err.kind == ERROR_HELD);
        buf_addf(&error, "%s\n", err.message);
    }
    expect_file(test, "expected.tsv", &rows);
    expect_file(test, "expected.rejects", &rejects);
    expect_file(test, "expected.counts", &counts);
    expect_file(test, "expected.error", &error);
    batch_done(&batch);
    transform_free(transform);
    grown_report_done(&grown);
}

static int is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "profile") != 0;
}

static void every_golden_case_comes_out_as_written(void **state)
{
    struct dirent **cases;
    int count = scandir(GOLDEN, &cases, is_case, alphasort);

    (void)state;
    assert_true(count >= 30);
    for (int i = 0; i < count; i++) {
        run_case(cases[i]->d_name);
        free(cases[i]);
    }
    free(cases);
}

/* A report that ignores new columns has no limit for their number. */
static void columns_that_are_ignored_may_be_many(void **state)
{
    struct report report = *visits_report();
    BUF_DONE struct buf text = BUF_INIT(1 << 16);
    struct batch batch;
    struct error err;

    (void)state;
    buf_add_text(&text, "Medidor;Dia;Equipe;Observa\xE7\xE3o;In\xED"
                        "cio;Fechado em");
    for (int i = 0; i < 50; i++)
        buf_addf(&text, ";Coluna %c%c", 'A' + i / 26, 'A' + i % 26);
    buf_add_text(&text, "\n1;05/03/2025;T;x;;");
    for (int i = 0; i < 50; i++)
        buf_add_text(&text, ";y");
    buf_add_char(&text, '\n');
    for (int ignored = 0; ignored < 2; ignored++) {
        report.new_columns = ignored ? NEW_COLUMNS_IGNORE : NEW_COLUMNS_ADD;
        struct transform *transform = transform_new(&report);
        assert_int_equal(visits_read(transform, &report, buf_text(&text), text.len, &batch, &err),
                         ignored);
        if (ignored)
            assert_int_equal(batch.row_count, 1);
        else
            assert_non_null(strstr(err.message, "max_new_columns"));
        batch_done(&batch);
        transform_free(transform);
    }
}

/* A person finds the line by the name of the downloaded file and of the CSV in it. */
static void a_reject_of_a_packed_file_names_both_files(void **state)
{
    static const char path[] = GOLDEN "/csvs_in_a_zip_are_parts_by_name_and_number/input.csv";
    const struct scope scope = visits_march();
    unsigned char sha256[32];
    char digits[SHA256_HEX_SIZE];
    struct file_facts facts;
    struct file_map map;
    struct batch batch;
    struct error err;

    (void)state;
    struct transform *transform = transform_new(visits_report());
    batch_init(&batch, visits_report()->column_count, 1 << 20);
    assert_true(transform_file(transform, path, &scope, &batch, &facts, &err));
    assert_int_equal(batch.reject_count, 1);
    assert_string_equal(batch.rejects[0].file, "input.csv: parte 9.csv");
    assert_int_equal(batch.rejects[0].line, 3);
    assert_string_equal(facts.left_out, "leia-me.txt");
    assert_int_equal(facts.end, FILE_END_LINE);
    assert_true(file_map_open(path, &map, &err));
    assert_int_equal(EVP_Digest(map.data, map.size, sha256, NULL, EVP_sha256(), NULL), 1);
    for (size_t i = 0; i < sizeof(sha256); i++)
        snprintf(digits + i * 2, 3, "%02x", sha256[i]);
    assert_int_equal(facts.bytes, map.size);
    assert_string_equal(facts.sha256, digits);
    file_map_close(&map);
    batch_done(&batch);
    transform_free(transform);
}

static enum file_end end_of(struct transform *transform, const struct buf *file)
{
    char path[] = "/tmp/etl-transform.XXXXXX";
    const struct scope scope = visits_march();
    struct file_facts facts = {0};
    struct batch batch;
    struct error err;
    FILE *out = fdopen(mkstemp(path), "w");

    assert_int_equal(fwrite(file->data, 1, file->len, out), file->len);
    fclose(out);
    batch_init(&batch, visits_report()->column_count, 1 << 20);
    if (!transform_file(transform, path, &scope, &batch, &facts, &err))
        fail_msg("%s", err.message);
    batch_done(&batch);
    remove(path);
    return facts.end;
}

static void any_part_that_may_have_been_cut_is_told(void **state)
{
    static const char whole[] = VISITS_HEADER "1;05/03/2025;T;x;;\n",
                      open[] = VISITS_HEADER "2;05/03/2025;T;x;;";
    struct transform *transform = transform_new(visits_report());

    (void)state;
    for (unsigned which = 0; which < 4; which++) {
        const char *texts[] = {which & 1 ? open : whole, which & 2 ? open : whole};
        const struct packed_file files[] = {
            {"a.csv", texts[0], strlen(texts[0]), PACK_DEFLATED, 0, 0, 0},
            {"b.csv", texts[1], strlen(texts[1]), PACK_DEFLATED, 0, 0, 0}};
        BUF_DONE struct buf file = BUF_INIT(1 << 20);
        pack_zip(files, COUNT(files), &file);
        assert_int_equal(end_of(transform, &file), which ? FILE_END_OPEN : FILE_END_LINE);
    }
    transform_free(transform);
}

static void a_cell_of_a_megabyte_is_a_cell(void **state)
{
    struct buf text = BUF_INIT(1 << 22);
    struct batch batch;
    struct error err;

    (void)state;
    buf_add_text(&text, VISITS_HEADER "1;05/03/2025;T;\"");
    for (int i = 0; i < 1 << 20; i++)
        buf_add_char(&text, i % 100 ? 'y' : '\n');
    buf_add_text(&text, "z\";;\n2;05/03/2025;T;x;;\n");
    assert_true(visits_read_text(text.data, text.len, &batch, &err));
    assert_int_equal(batch.counts.loaded, 2);
    assert_int_equal(batch_cell(&batch, 0, 3).len, 1 << 20);
    batch_done(&batch);
    buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_golden_case_comes_out_as_written),
        cmocka_unit_test(columns_that_are_ignored_may_be_many),
        cmocka_unit_test(a_reject_of_a_packed_file_names_both_files),
        cmocka_unit_test(any_part_that_may_have_been_cut_is_told),
        cmocka_unit_test(a_cell_of_a_megabyte_is_a_cell),
    };

    return cmocka_run_group_tests_name("transform", tests, visits_open, visits_close);
}
