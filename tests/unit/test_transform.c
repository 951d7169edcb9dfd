/* SPDX-License-Identifier: MIT */
/*
 * The transform against golden folders: tests/golden/transform/CASE/ holds input.csv and what must
 * come of it, in a report that has grown by the columns listed in `added`, if there is such a file:
 * expected.tsv (the rows), expected.rejects (line, reason, raw text), expected.counts,
 * or expected.error where the file is refused. `make golden` writes them anew, to be reviewed as a
 * diff.
 */
#include "base/file.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/mem.h"
#include "config/profile.h"
#include "model/report.h"
#include "simulator/pack.h"
#include "tests/support/unit.h"
#include "transform/transform.h"

#include <dirent.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN "tests/golden/transform"

static struct profile profile;

static int32_t day(const char *iso)
{
    int32_t date = 0;

    assert_true(date_parse_iso(iso, strlen(iso), &date));
    return date;
}

/* A window that asks for March and owns all of it but its last day. */
static struct scope march(void)
{
    return (struct scope){
        .window = {.first = day("2025-03-01"),
                   .last = day("2025-03-31"),
                   .own_first = day("2025-03-01"),
                   .own_last = day("2025-03-30"),
                   .complete = true},
        .extracted_at = 1743500000,
    };
}

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

/* An absent file and an empty text are the same. */
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

/* The report of a case: the profile's, grown by the lines of the file `added`, if there is one. */
static void grow_report(const char *test, struct grown_report *out)
{
    MEM_FREE_TEXT char *path = mem_format("%s/%s/added", GOLDEN, test);
    MEM_FREE_TEXT char *names = NULL;
    struct error err;
    char *rest = NULL;

    grown_report_init(out, &profile.reports[0]);
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
    struct scope scope = march();
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

/* Writes `text` to a file and reads it in; the caller ends the batch. */
static bool read_text(struct transform *transform, const struct report *report, const char *text,
                      size_t len, struct batch *batch, struct error *err)
{
    char path[] = "/tmp/etl-transform.XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    struct scope scope = march();
    struct file_facts facts;

    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
    batch_init(batch, report->column_count, 1 << 24);
    bool ok = transform_file(transform, path, &scope, batch, &facts, err) &&
              transform_finish(transform, batch, false, err);
    remove(path);
    return ok;
}

static bool transform_text(const char *text, size_t len, struct batch *batch, struct error *err)
{
    struct transform *transform = transform_new(&profile.reports[0]);
    bool ok = read_text(transform, &profile.reports[0], text, len, batch, err);

    transform_free(transform);
    return ok;
}

#define HEADER "Medidor;Dia;Equipe;Observacao;Inicio;Fechado em\n"

static void equal_content_has_equal_numbers_however_it_is_written(void **state)
{
    static const char *const spellings[] = {
        HEADER "7;05/03/2025;Time;Nota;08:30;\n",
        HEADER " 7 ;5/3/2025;TIME;nota ;8:30:00;NULL\n",
        HEADER "\"7\";2025-03-05;time;\"NOTA\";08:30;00/00/0000\n",
        "Fechado em;Inicio;Observacao;Equipe;Dia;Medidor\n;08:30;Nota;Time;05/03/2025;7\n",
    };
    struct batch first, other;
    struct error err;

    (void)state;
    assert_true(transform_text(spellings[0], strlen(spellings[0]), &first, &err));
    for (size_t i = 1; i < COUNT(spellings); i++) {
        assert_true(transform_text(spellings[i], strlen(spellings[i]), &other, &err));
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
    static const char base[] = HEADER "7;05/03/2025;T;N;08:30;\n";
    struct batch first, other;
    struct error err;

    (void)state;
    assert_true(transform_text(base, strlen(base), &first, &err));
    for (size_t i = 0; i < COUNT(others); i++) {
        MEM_FREE_TEXT char *text = mem_format("%s%s", HEADER, others[i].line);
        assert_true(transform_text(text, strlen(text), &other, &err));
        assert_false(hash128_equal(first.rows[0].fingerprint, other.rows[0].fingerprint));
        assert_int_equal(hash128_equal(first.rows[0].key, other.rows[0].key), others[i].same_key);
        batch_done(&other);
    }
    batch_done(&first);
}

/* They are stored in databases: a change of their definition would rewrite every row of every
 * table. The expected numbers are those of xxh128sum over the bytes that row_hash.h describes. */
static void the_numbers_of_a_row_never_change(void **state)
{
    static const char text[] = HEADER "7;05/03/2025;T;Medi\xE7\xE3o;08:30;\n";
    struct batch batch;
    struct error err;
    char shown[80];

    (void)state;
    assert_true(transform_text(text, strlen(text), &batch, &err));
    snprintf(shown, sizeof(shown), "%016" PRIx64 "%016" PRIx64, batch.rows[0].key.high,
             batch.rows[0].key.low);
    assert_string_equal(shown, "44da23956ff59a467f6a27060477f72a");
    snprintf(shown, sizeof(shown), "%016" PRIx64 "%016" PRIx64, batch.rows[0].fingerprint.high,
             batch.rows[0].fingerprint.low);
    assert_string_equal(shown, "3b66b111793bb3ab73052137eac595b6");
    batch_done(&batch);
}

/* The fingerprint of the one row of a text, and the names in its header that nobody knows. */
static struct hash128 print_of(struct transform *transform, const struct grown_report *grown,
                               const char *text, const char *unknown)
{
    struct batch batch;
    struct error err;

    if (!read_text(transform, &grown->report, text, strlen(text), &batch, &err))
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
    grown_report_init(&grown, &profile.reports[0]);
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
        grown_report_init(&grown, &profile.reports[0]);
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

/* As the_numbers_of_a_row_never_change: the bytes of row_hash.h, through xxh128sum. */
static void the_numbers_of_a_row_with_an_added_column_never_change(void **state)
{
    static const char text[] = "Medidor;Dia;Equipe;Observacao;Inicio;Fechado em;Prioridade;Nada\n"
                               "7;05/03/2025;Time;Medi\xE7\xE3o;08:30;;alta;\n";
    struct grown_report grown;
    char shown[80];

    (void)state;
    grown_report_init(&grown, &profile.reports[0]);
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
    static const char one[] = HEADER "bad;1\n1;05/03/2025;T;x;;\n";
    static const char two[] =
        HEADER "1;05/03/2025;T;x;;\nbad;1\nbad;1\nbad;2\n2;05/03/2025;T;x;;\n";
    struct batch a, b;
    struct error err;

    (void)state;
    assert_true(transform_text(one, strlen(one), &a, &err));
    assert_true(transform_text(two, strlen(two), &b, &err));
    assert_int_equal(b.reject_count, 3);
    assert_true(hash128_equal(a.rejects[0].id, b.rejects[0].id));
    assert_false(hash128_equal(b.rejects[0].id, b.rejects[1].id));
    assert_false(hash128_equal(b.rejects[0].id, b.rejects[2].id));
    batch_done(&a);
    batch_done(&b);
}

/* A stray separator behind, between and before the columns of the key. */
static void a_line_that_cannot_be_read_tells_its_key_all_the_same(void **state)
{
    static const char good[] = HEADER "1;05/03/2025;T;x;08:30;\n";
    static const char *const broken[] = {
        HEADER "1;05/03/2025;T;a; b;08:30;\n2;05/03/2025;T;x;08:30;\n",
        HEADER "1;;05/03/2025;T;x;08:30;\n2;05/03/2025;T;x;08:30;\n",
        HEADER ";1;05/03/2025;T;x;08:30;\n2;05/03/2025;T;x;08:30;\n",
        HEADER "1;05/03/2025;T;\"open;08:30;\n2;05/03/2025;T;x;08:30;\n",
        HEADER "1;05/03/2025;T\n2;05/03/2025;T;x;08:30;\n",
    };
    struct batch row, batch;
    struct error err;

    (void)state;
    assert_true(transform_text(good, strlen(good), &row, &err));
    for (size_t i = 0; i < COUNT(broken); i++) {
        bool found = false;
        assert_true(transform_text(broken[i], strlen(broken[i]), &batch, &err));
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

/* A byte that broke may make a letter, and the row another row. */
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
        buf_add_text(&text, HEADER);
        for (int row = 0; row < cases[i].rows; row++)
            buf_addf(&text, "%d%s;05/03/2025;T;x;08:30;\n", row,
                     row < cases[i].odd_rows ? cases[i].odd : "");
        assert_true(transform_text(buf_text(&text), text.len, &batch, &err));
        assert_int_equal(batch.row_count, cases[i].rows);
        assert_int_equal(doubted_rows(&batch), cases[i].doubted);
        for (size_t d = 0; d < cases[i].doubted; d++)
            assert_true(hash128_equal(batch.unread[d].id, batch.rows[d].key));
        batch_done(&batch);
    }
}

/* A name with an accent stands in many keys; a byte that broke makes a text that is nowhere else.
 */
static void an_odd_text_that_several_keys_have_is_not_doubted(void **state)
{
    struct batch batch;
    struct error err;

    (void)state;
    for (int rows = 1; rows <= 6; rows++) {
        BUF_DONE struct buf text = BUF_INIT(1 << 16);
        buf_add_text(&text, HEADER);
        for (int row = 0; row < rows; row++)
            buf_addf(&text, "A\xC7U;%02d/03/2025;T;x;08:30;\n", row + 1);
        buf_add_text(&text, "A\xC8U;09/03/2025;T;x;08:30;\n");
        assert_true(transform_text(buf_text(&text), text.len, &batch, &err));
        assert_int_equal(doubted_rows(&batch), rows < 4 ? rows + 1 : 1);
        batch_done(&batch);
    }
}

/* Whoever leaves new columns out need not be told how many there are. */
static void columns_that_are_ignored_may_be_many(void **state)
{
    struct report report = profile.reports[0];
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
        assert_int_equal(read_text(transform, &report, buf_text(&text), text.len, &batch, &err),
                         ignored);
        if (ignored)
            assert_int_equal(batch.row_count, 1);
        else
            assert_non_null(strstr(err.message, "max_new_columns"));
        batch_done(&batch);
        transform_free(transform);
    }
}

/* What a person looks for is the file that came, and in it the CSV. */
static void a_reject_of_a_packed_file_names_both_files(void **state)
{
    static const char path[] = GOLDEN "/csvs_in_a_zip_are_parts_by_name_and_number/input.csv";
    const struct scope scope = march();
    unsigned char sha256[32];
    char digits[SHA256_HEX_SIZE];
    struct file_facts facts;
    struct file_map map;
    struct batch batch;
    struct error err;

    (void)state;
    struct transform *transform = transform_new(&profile.reports[0]);
    batch_init(&batch, profile.reports[0].column_count, 1 << 20);
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
    const struct scope scope = march();
    struct file_facts facts = {0};
    struct batch batch;
    struct error err;
    FILE *out = fdopen(mkstemp(path), "w");

    assert_int_equal(fwrite(file->data, 1, file->len, out), file->len);
    fclose(out);
    batch_init(&batch, profile.reports[0].column_count, 1 << 20);
    if (!transform_file(transform, path, &scope, &batch, &facts, &err))
        fail_msg("%s", err.message);
    batch_done(&batch);
    remove(path);
    return facts.end;
}

static void any_part_that_may_have_been_cut_is_told(void **state)
{
    static const char whole[] = HEADER "1;05/03/2025;T;x;;\n", open[] = HEADER "2;05/03/2025;T;x;;";
    struct transform *transform = transform_new(&profile.reports[0]);

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
    buf_add_text(&text, HEADER "1;05/03/2025;T;\"");
    for (int i = 0; i < 1 << 20; i++)
        buf_add_char(&text, i % 100 ? 'y' : '\n');
    buf_add_text(&text, "z\";;\n2;05/03/2025;T;x;;\n");
    assert_true(transform_text(text.data, text.len, &batch, &err));
    assert_int_equal(batch.counts.loaded, 2);
    assert_int_equal(batch_cell(&batch, 0, 3).len, 1 << 20);
    batch_done(&batch);
    buf_done(&text);
}

static int open_profile(void **state)
{
    struct error err;

    (void)state;
    if (!profile_load(GOLDEN "/profile", &profile, &err) ||
        !clock_set_zone(profile.portal.zone, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    return 0;
}

static int close_profile(void **state)
{
    (void)state;
    profile_done(&profile);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_golden_case_comes_out_as_written),
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
        cmocka_unit_test(columns_that_are_ignored_may_be_many),
        cmocka_unit_test(a_reject_of_a_packed_file_names_both_files),
        cmocka_unit_test(any_part_that_may_have_been_cut_is_told),
        cmocka_unit_test(a_cell_of_a_megabyte_is_a_cell),
    };

    return cmocka_run_group_tests_name("transform", tests, open_profile, close_profile);
}
