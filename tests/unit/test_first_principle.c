/* SPDX-License-Identifier: MIT */
/*
 * Broken lines of a file delete no row and change no other one: random files with random broken
 * lines are loaded over the good ones. More of them, or those of another seed:
 *
 *     FILES=10000000 EXPORTS=1000000 SEED=7 build/release/tests/test_first_principle
 */
#include "base/file.h"
#include "config/profile.h"
#include "tests/support/broken_file.h"
#include "tests/support/two_versions.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct profile profile;
static const struct report *report;
static struct transform *transform;

static void keep_file(const char *path, const struct buf *bytes)
{
    FILE *file = fopen(path, "w");

    if (file) {
        if (fwrite(bytes->data, 1, bytes->len, file) != bytes->len)
            print_error("%s could not be written\n", path);
        fclose(file);
    }
}

/* Fails the test, and keeps both files in /tmp. */
static void fail_on(const struct broken_file *s, const char *what, size_t line)
{
    keep_file("/tmp/first_principle_before.csv", &s->before);
    keep_file("/tmp/first_principle_after.csv", &s->after);
    for (size_t i = 0; i < s->file.count; i++)
        if (s->broken[i])
            print_error("record %zu: %s: %.*s\n", i + 1, breakage_names[s->how[i]],
                        s->changes[i].replaced ? (int)s->changes[i].bytes.len : 0,
                        buf_text(&s->changes[i].bytes));
    fail_msg(
        "%s (record %zu); again: FILES=%d EXPORTS=%d SEED=%llu; see /tmp/first_principle_*.csv",
        what, line, !s->is_real, 2 * s->is_real, (unsigned long long)s->seed);
}

/* Counts the cells of a row that differ from the record. */
static size_t differences(const struct broken_file *s, size_t record, const struct batch *batch,
                          size_t row)
{
    size_t count = 0;

    for (size_t c = 0; c < GOOD_COLUMNS; c++) {
        const struct cell cell = batch_cell(batch, row, c);
        const char *truth = s->file.cells[record][c];
        const size_t len = strlen(truth);
        count += cell.len != len || (len && memcmp(cell.text, truth, len) != 0);
    }
    return count;
}

/* Finds the row that equals the record. Returns row_count if there is none. */
static size_t find_right(const struct broken_file *s, size_t record, const struct batch *batch)
{
    for (size_t i = 0; i < batch->row_count; i++)
        if (!batch->rows[i].superseded && differences(s, record, batch, i) == 0)
            return i;
    return batch->row_count;
}

/* Whether one of the lines [line, end) is in a reject. A reject may have several lines. */
static bool is_in_reject(const struct batch *batch, uint64_t line, uint64_t end)
{
    for (size_t i = 0; i < batch->reject_count; i++) {
        const struct reject *reject = &batch->rejects[i];
        uint64_t lines = 1;
        for (size_t b = 0; b < reject->raw_len; b++)
            lines += reject->raw[b] == '\n';
        if (reject->line < end && reject->line + lines > line)
            return true;
    }
    return false;
}

static uint64_t count_lines(const struct buf *bytes)
{
    uint64_t count = 0;

    for (size_t i = 0; i < bytes->len; i++)
        count += bytes->data[i] == '\n';
    return count;
}

/* Whether the file may be read as one without quoting, because no more good lines have doubled
 * quotes than lines are broken. Quotes are text then: a line that lost a separator, and has another
 * one within a quoted cell, gets the right number of fields. */
static bool quotes_may_be_text(const struct broken_file *s)
{
    size_t doubled = 0, broken = 0;

    for (size_t r = 0; r < s->file.count; r++) {
        const struct buf *bytes = &s->file.lines[r].bytes;
        broken += s->broken[r];
        doubled += !s->broken[r] && memmem(buf_text(bytes), bytes->len, "\"\"", 2);
    }
    return doubled <= broken;
}

/* Asserts that each row without a good record comes from a broken record and has at most the
 * damaged cells wrong. Marks those records in `loaded`. */
static void check_strange_rows(const struct broken_file *s, const struct batch *batch,
                               const bool *known, bool *loaded)
{
    const size_t wrong = quotes_may_be_text(s) ? 2 : 1;

    for (size_t i = 0; i < batch->row_count; i++) {
        size_t best = s->file.count, least = wrong + 1;
        for (size_t r = 0; r < s->file.count && !known[i]; r++) {
            const size_t count = s->broken[r] ? differences(s, r, batch, i) : least;
            if (count < least) {
                least = count;
                best = r;
            }
        }
        if (best < s->file.count)
            loaded[best] = true;
        else if (!known[i])
            fail_on(s, "a row is loaded that is no record's", batch->rows[i].at);
    }
}

/* Asserts that every broken line is loaded, a reject, or empty. */
static void check_broken(const struct broken_file *s, const struct batch *batch, const bool *loaded)
{
    uint64_t line = 2;

    for (size_t r = 0; r < s->file.count; r++) {
        const struct good_change *change = &s->changes[r];
        const struct buf *bytes = change->replaced ? &change->bytes : &s->file.lines[r].bytes;
        if (change->gone)
            continue;
        const uint64_t end = line + count_lines(bytes) + 1;
        if (s->broken[r] && !loaded[r] && bytes->len && !is_in_reject(batch, line, end))
            fail_on(s, "a broken line is neither a row nor a reject", r + 1);
        line = end;
    }
}

static bool is_removed(const struct plan *plan, struct hash128 key)
{
    for (size_t i = 0; i < plan->removed_count; i++)
        if (hash128_equal(plan->removed[i].key, key))
            return true;
    return false;
}

static void check(const struct broken_file *s, const struct version *held,
                  const struct version *next, const struct plan *plan)
{
    const struct batch *batch = &next->batch;
    bool loaded[GOOD_ROWS_MAX] = {false};
    bool *known = calloc(batch->row_count + 1, sizeof(*known));

    assert_non_null(known);
    for (size_t r = 0; r < s->file.count; r++) {
        if (s->broken[r])
            continue;
        const size_t row = find_right(s, r, batch);
        if (row == batch->row_count)
            fail_on(s, "a good line is not loaded as it is", r + 1);
        if (plan->actions[row] != ROW_SAME)
            fail_on(s, "a good line's row is written again", r + 1);
        known[row] = true;
    }
    check_strange_rows(s, batch, known, loaded);
    check_broken(s, batch, loaded);
    free(known);
    for (size_t r = 0; r < s->file.count; r++)
        if (is_removed(plan, held->batch.rows[find_right(s, r, &held->batch)].key))
            fail_on(s, "the row of a line goes", r + 1);
    assert_int_equal(plan->removed_count, 0);
}

/* Asserts that the good file is read as its records say. */
static void check_held(const struct broken_file *s, const struct version *held)
{
    if (!held->read || held->batch.row_count != s->file.count)
        fail_on(s, held->read ? "a good file has rejects" : held->error.message, 0);
    for (size_t r = 0; r < s->file.count && !s->is_real; r++)
        if (find_right(s, r, &held->batch) == held->batch.row_count)
            fail_on(s, "a line of the good file is not loaded as it is", r + 1);
}

static size_t find_key(const struct batch *batch, struct hash128 key)
{
    for (size_t i = batch->row_count; i-- > 0;)
        if (!batch->rows[i].superseded && hash128_equal(batch->rows[i].key, key))
            return i;
    return batch->row_count;
}

/* Compares the broken file with the good one as the program reads it, because the cells of real
 * files are unknown. Row and record have the same number: the good file has no rejects.
 */
static void check_real(const struct broken_file *s, const struct version *held,
                       const struct version *next, const struct plan *plan)
{
    for (size_t r = 0; r < s->file.count; r++) {
        const struct row *row = &held->batch.rows[r];
        const size_t now = find_key(&next->batch, row->key);
        if (is_removed(plan, row->key))
            fail_on(s, "the row of a line goes", r + 1);
        /* Of two lines with one key, the later one makes the row. */
        if (!s->broken[r] && !row->superseded &&
            (now == next->batch.row_count || plan->actions[now] != ROW_SAME))
            fail_on(s, "a good line is not loaded as it is", r + 1);
    }
}

/* Runs one scenario. Returns false if the broken file is refused as a whole. */
static bool run_scenario(const struct report *of, struct transform *with,
                         const struct real_file *real, uint64_t seed)
{
    static struct broken_file s;
    struct version held, next;
    struct plan plan = {0};

    broken_file_make(seed, real, &s);
    version_read(with, of, s.before.data, s.before.len, &held);
    version_read(with, of, s.after.data, s.after.len, &next);
    check_held(&s, &held);
    if (next.read) {
        version_load_over(of, &held, &next, &plan);
        if (real)
            check_real(&s, &held, &next, &plan);
        else
            check(&s, &held, &next, &plan);
    }
    const bool read = next.read;
    plan_done(&plan);
    version_done(&held);
    version_done(&next);
    broken_file_done(&s);
    return read;
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);

    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void broken_lines_change_no_other_row_and_delete_none(void **state)
{
    const uint64_t files = number_of("FILES", 100000), seed = number_of("SEED", 1);
    uint64_t refused = 0;

    (void)state;
    for (uint64_t i = 0; i < files; i++)
        refused += !run_scenario(report, transform, NULL, seed + i);
    print_message("%llu files with broken lines, %llu of them refused as a whole\n",
                  (unsigned long long)files, (unsigned long long)refused);
    assert_true(refused * 4 <= files || files < 100);
}

static void load_bytes(const char *path, struct buf *out)
{
    char *text = NULL;
    struct error err;

    if (!file_read(path, BROKEN_FILE_BYTES_MAX, &text, &err))
        fail_msg("%s", err.message);
    *out = BUF_INIT(BROKEN_FILE_BYTES_MAX);
    buf_add_text(out, text);
    free(text);
}

static void broken_lines_of_real_reports_delete_no_row(void **state)
{
    static struct real_file files[] = {
        {.report = "general_reports", .path = "tests/cases/sim_general.csv", .day = 8},
        {.report = "return_reports", .path = "tests/cases/sim_return.csv", .day = 3},
    };
    const uint64_t count = number_of("EXPORTS", 10000), seed = number_of("SEED", 1);
    struct profile sigos;
    struct error err;
    uint64_t refused = 0;

    (void)state;
    if (!profile_load("profiles/sigos", &sigos, &err))
        fail_msg("%s", err.message);
    for (size_t f = 0; f < COUNT(files); f++) {
        const struct report *of = report_find(sigos.reports, sigos.report_count, files[f].report);
        struct transform *with = transform_new(of);
        load_bytes(files[f].path, &files[f].bytes);
        for (uint64_t i = 0; i < count / COUNT(files); i++)
            refused += !run_scenario(of, with, &files[f], seed + i);
        buf_done(&files[f].bytes);
        transform_free(with);
    }
    profile_done(&sigos);
    print_message("%llu exports with broken lines, %llu of them refused as a whole\n",
                  (unsigned long long)count, (unsigned long long)refused);
    assert_true(refused * 4 <= count || count < 100);
}

static int setup(void **state)
{
    struct error err;

    (void)state;
    if (!profile_load("tests/golden/transform/profile", &profile, &err))
        fail_msg("%s", err.message);
    report = &profile.reports[0];
    transform = transform_new(report);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    transform_free(transform);
    profile_done(&profile);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_lines_change_no_other_row_and_delete_none),
        cmocka_unit_test(broken_lines_of_real_reports_delete_no_row),
    };

    return cmocka_run_group_tests_name("first_principle", tests, setup, teardown);
}
