/* SPDX-License-Identifier: MIT */
/* The CSV reader: records and fields, however the file is cut into chunks. */
#include "base/buf.h"
#include "base/mem.h"
#include "transform/csv.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

/* Reads `text` in chunks of `chunk` bytes and writes the records as "line:[a][b]!flags\n". Each
 * chunk is a fresh copy that is freed when the reader asks for more: the sanitizer then reports the
 * use of an old view.
 */
static void read_in_chunks(const struct scan_implementation *way, const char *text, size_t len,
                           size_t chunk, size_t max, bool cr_ends, struct buf *out)
{
    struct csv_reader reader;
    struct csv_record record;
    struct buf scratch = BUF_INIT(1 << 20);
    char *piece = NULL;
    size_t fed = 0;

    csv_init(&reader, ';', cr_ends, max);
    reader.marks = way;
    for (;;) {
        enum csv_status status = csv_next(&reader, &record);
        if (status == CSV_END)
            break;
        if (status == CSV_MORE) {
            size_t take = len - fed < chunk ? len - fed : chunk;
            free(piece);
            piece = malloc(take ? take : 1);
            assert_non_null(piece);
            memcpy(piece, text + fed, take);
            fed += take;
            csv_feed(&reader, piece, take, fed == len);
            continue;
        }
        buf_addf(out, "%d:", (int)record.line);
        for (size_t i = 0; i < record.count; i++) {
            struct csv_field field = csv_unquote(record.fields[i], &scratch);
            buf_add_char(out, '[');
            buf_add(out, field.text, field.len);
            buf_add_char(out, ']');
        }
        if (record.bad_quote)
            buf_add_text(out, "!bad");
        if (record.open_quote)
            buf_addf(out, "!open<%.*s>", (int)record.raw_len, record.raw);
        if (record.too_long)
            buf_add_text(out, "!long");
        buf_add_char(out, '\n');
    }
    free(piece);
    buf_done(&scratch);
    csv_done(&reader);
}

static void expect_at_every_chunk_size(const char *text, size_t len, size_t max, bool cr_ends,
                                       const char *expected)
{
    for (const struct scan_implementation *way = scan_implementations(); way->list; way++) {
        for (size_t chunk = 1; chunk <= len + 1; chunk++) {
            struct buf out = BUF_INIT(1 << 20);
            read_in_chunks(way, text, len, chunk, max, cr_ends, &out);
            assert_string_equal(buf_text(&out), expected);
            buf_done(&out);
        }
    }
}

static void records_are_the_same_at_any_chunk_size(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", ""},
        {"a;b\n", "1:[a][b]\n"},
        {"a;b", "1:[a][b]\n"},
        {"a;b\r\nc;d\r\n", "1:[a][b]\n2:[c][d]\n"},
        {";\n", "1:[][]\n"},
        {"\n\nx\n", "1:[]\n2:[]\n3:[x]\n"},
        {"\"a;b\";\"c\"\n", "1:[a;b][c]\n"},
        {"\"a\nb\r\nc\";d\ne\n", "1:[a\nb\r\nc][d]\n4:[e]\n"},
        {"\"say \"\"hi\"\"\";x\n", "1:[say \"hi\"][x]\n"},
        {"\"\";\"\"\"\"\n", "1:[][\"]\n"},
        {"a\"b;c\"\n", "1:[a\"b][c\"]\n"},
        {"\"POSTE\" caido;x\ny\n", "1:[\"POSTE\" caido][x]!bad\n2:[y]\n"},
        {"\"A;B\" x;y\n", "1:[\"A;B\" x][y]!bad\n"},
        {"a;\"never closed\nb;c\n", "1:!open<a;\"never closed>\n2:[b][c]\n"},
        {"a;\"x", "1:!open<a;\"x>\n"},
        {"a;\"x\"", "1:[a][x]\n"},
        {"a\rb;c\n", "1:[a\rb][c]\n"},
        {"a;b\r", "1:[a][b]\n"},
        {"\"a\"\r\nb\n", "1:[a]\n2:[b]\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_at_every_chunk_size(cases[i].text, strlen(cases[i].text), 4096, false,
                                   cases[i].expected);
}

static void a_nul_is_a_byte_like_any_other(void **state)
{
    static const char text[] = "a;b\0c\nd\n";
    struct buf out = BUF_INIT(4096);

    (void)state;
    read_in_chunks(scan_implementations(), text, sizeof(text) - 1, 3, 4096, false, &out);
    assert_int_equal(out.len, strlen("1:[a][b") + 1 + strlen("c]\n2:[d]\n"));
    assert_memory_equal(out.data, "1:[a][b\0c]\n2:[d]\n", out.len);
    buf_done(&out);
}

static void a_lone_cr_ends_records_where_no_lf_does(void **state)
{
    static const char text[] = "a;b\r\"c\rd\";e\rf";

    (void)state;
    expect_at_every_chunk_size(text, sizeof(text) - 1, 4096, true,
                               "1:[a][b]\n2:[c\rd][e]\n4:[f]\n");
}

static void a_record_over_the_limit_is_named_and_skipped(void **state)
{
    static const char text[] = "ok;1\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;2\nok;3\n";

    (void)state;
    expect_at_every_chunk_size(text, sizeof(text) - 1, 16, false,
                               "1:[ok][1]\n2:!long\n3:[ok][3]\n");
}

static void a_quote_left_open_costs_one_line_even_over_the_limit(void **state)
{
    static const char text[] = "a;\"open\nb;2\nc;3\nd;4\ne;5\nf;6\n";

    (void)state;
    expect_at_every_chunk_size(text, sizeof(text) - 1, 16, false,
                               "1:!open<a;\"open>\n2:[b][2]\n3:[c][3]\n4:[d][4]\n5:[e][5]\n"
                               "6:[f][6]\n");
}

static void a_record_taken_back_gives_its_other_lines_again(void **state)
{
    static const char text[] = "a;\"x\nb;1\nc;2\";z\nd;3\n";

    (void)state;
    for (size_t chunk = 1; chunk <= sizeof(text); chunk++) {
        struct csv_reader reader;
        struct csv_record record;
        struct buf seen = BUF_INIT(4096);
        size_t fed = 0;
        bool taken = false;

        csv_init(&reader, ';', false, 4096);
        for (;;) {
            enum csv_status status = csv_next(&reader, &record);
            if (status == CSV_END)
                break;
            if (status == CSV_MORE) {
                size_t left = sizeof(text) - 1 - fed, take = left < chunk ? left : chunk;
                csv_feed(&reader, text + fed, take, take == left);
                fed += take;
                continue;
            }
            if (record.lines > 1 && !taken) {
                csv_take_back(&reader, &record);
                taken = true;
            }
            buf_addf(&seen, "%d:%.*s|", (int)record.line, (int)record.raw_len, record.raw);
        }
        assert_string_equal(buf_text(&seen), "1:a;\"x|2:b;1|3:c;2\";z|4:d;3|");
        buf_done(&seen);
        csv_done(&reader);
    }
}

static void a_cell_of_a_megabyte_is_read_whole(void **state)
{
    const size_t size = 1 << 20;
    struct buf text = BUF_INIT(size + 64);
    struct csv_reader reader;
    struct csv_record record;

    (void)state;
    buf_add_text(&text, "a;\"");
    for (size_t i = 0; i < size; i++)
        buf_add_char(&text, i % 80 ? 'x' : '\n');
    buf_add_text(&text, "\"\nb;c\n");
    csv_init(&reader, ';', false, CSV_RECORD_MAX);
    size_t fed = 0;
    while (csv_next(&reader, &record) == CSV_MORE) {
        size_t left = text.len - fed, take = left < 4000 ? left : 4000;
        csv_feed(&reader, text.data + fed, take, take == left);
        fed += take;
    }
    assert_int_equal(record.count, 2);
    assert_int_equal(record.fields[1].len, size);
    assert_int_equal(record.lines, size / 80 + 2);
    csv_done(&reader);
    buf_done(&text);
}

/* One record has fifteen million fields; the reader keeps a limited number of them. */
static void fields_beyond_the_limit_cost_no_memory(void **state)
{
    enum { SEPARATORS = 15 * 1024 * 1024 };
    char *text = malloc(SEPARATORS + 3);
    struct csv_reader reader;
    struct csv_record record;

    (void)state;
    memset(text, ';', SEPARATORS);
    memcpy(text + SEPARATORS, "\na", 3);
    csv_init(&reader, ';', false, CSV_RECORD_MAX);
    csv_feed(&reader, text, SEPARATORS + 2, true);
    assert_int_equal(csv_next(&reader, &record), CSV_RECORD);
    assert_true(record.too_many);
    assert_int_equal(record.count, CSV_FIELDS_MAX);
    assert_int_equal(record.raw_len, SEPARATORS);
    assert_true(reader.field_room <= CSV_FIELDS_MAX);
    assert_int_equal(csv_next(&reader, &record), CSV_RECORD);
    assert_false(record.too_many);
    assert_int_equal(record.count, 1);
    csv_done(&reader);
    free(text);
}

/* All implementations find the same separators and quotes, at every length and place in a block. */
static void marks_are_listed_alike_in_every_way(void **state)
{
    static const char some[] = "a;\n\rb\"z\x00\xFF", rare[] = "abcdefgh;\"\n";
    static char bytes[SCAN_SPAN];
    static uint16_t expected[SCAN_ROOM], places[SCAN_ROOM];
    uint32_t random = 1;

    (void)state;
    for (size_t round = 0; round < 3000; round++) {
        const size_t len = round < 300 ? round : round % 7 ? round : SCAN_SPAN;
        const char *from = round % 2 ? some : rare;
        const size_t choices = (round % 2 ? sizeof(some) : sizeof(rare)) - 1;
        size_t count = 0;
        for (size_t i = 0; i < len; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = from[(random >> 16) % choices];
            if (bytes[i] == ';' || bytes[i] == '\n' || bytes[i] == '\r')
                expected[count++] = (uint16_t)i;
        }
        expected[count] = SCAN_END;
        for (const struct scan_implementation *way = scan_implementations(); way->list; way++) {
            assert_int_equal(way->list(bytes, len, ';', places), count);
            assert_memory_equal(places, expected, (count + 1) * sizeof(*places));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_beyond_the_limit_cost_no_memory),
        cmocka_unit_test(marks_are_listed_alike_in_every_way),
        cmocka_unit_test(records_are_the_same_at_any_chunk_size),
        cmocka_unit_test(a_nul_is_a_byte_like_any_other),
        cmocka_unit_test(a_lone_cr_ends_records_where_no_lf_does),
        cmocka_unit_test(a_record_over_the_limit_is_named_and_skipped),
        cmocka_unit_test(a_quote_left_open_costs_one_line_even_over_the_limit),
        cmocka_unit_test(a_record_taken_back_gives_its_other_lines_again),
        cmocka_unit_test(a_cell_of_a_megabyte_is_read_whole),
    };

    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
