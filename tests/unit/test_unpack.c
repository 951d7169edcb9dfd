/* SPDX-License-Identifier: MIT */
/* Unpacking of gzip, zip and UTF-16 files, and the refusal of files that are cut, damaged or
 * malicious. */
#include "base/mem.h"
#include "simulator/pack.h"
#include "tests/support/unit.h"
#include "transform/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char text[] = "Medidor;Dia;Equipe\n1;05/03/2025;T\n2;06/03/2025;TT\n3;07/03/2025;U\n";

#define PACKED BUF_INIT((size_t)1 << 24)
#define MEMBER(called, content)                                                                    \
    {                                                                                              \
        .name = (called), .data = (content), .len = strlen(content), .method = PACK_DEFLATED       \
    }

/* Unpacks a file into "name=content|" for each part. Returns false if it is refused. */
static bool parts_of(const char *data, size_t len, struct unpack_limits limits, struct buf *out,
                     struct error *err)
{
    struct unpack unpack;
    struct part part;
    bool ok = true;

    buf_reset(out);
    if (!unpack_open(data, len, limits, &unpack, err))
        return false;
    for (size_t i = 0; ok && i < unpack.count; i++) {
        ok = unpack_part(&unpack, i, &part, err);
        if (ok) {
            buf_addf(out, "%s=", unpack_name(&unpack, i));
            buf_add(out, part.data, part.len);
            buf_add_char(out, '|');
        }
    }
    unpack_close(&unpack);
    return ok;
}

static void expect_parts(const struct buf *file, const char *expected)
{
    BUF_DONE struct buf got = PACKED;
    struct error err;

    if (!parts_of(file->data, file->len, UNPACK_LIMITS, &got, &err))
        fail_msg("refused: %s", err.message);
    assert_string_equal(buf_text(&got), expected);
}

static void expect_refusal(const struct buf *file, const char *words)
{
    BUF_DONE struct buf got = PACKED;
    struct error err;

    if (parts_of(file->data, file->len, UNPACK_LIMITS, &got, &err))
        fail_msg("not refused as '%s', but read: %s", words, buf_text(&got));
    assert_int_equal(err.kind, ERROR_DATA);
    if (!strstr(err.message, words))
        fail_msg("expected '%s' in '%s'", words, err.message);
}

static void zip_one(struct packed_file file, struct buf *out)
{
    buf_reset(out);
    pack_zip(&file, 1, out);
}

static void a_plain_file_is_not_copied(void **state)
{
    struct unpack unpack;
    struct part part;
    struct error err;

    (void)state;
    assert_true(unpack_open(text, sizeof(text) - 1, UNPACK_LIMITS, &unpack, &err));
    assert_int_equal(unpack.count, 1);
    assert_true(unpack_part(&unpack, 0, &part, &err));
    assert_ptr_equal(part.data, text);
    assert_int_equal(part.len, sizeof(text) - 1);
    assert_null(part.encoding);
    assert_string_equal(unpack_left_out(&unpack), "");
    unpack_close(&unpack);
}

static void add_parts(bool zip, struct buf *out)
{
    const struct packed_file files[] = {MEMBER("b.csv", text), MEMBER("a.csv", "x;y\n")};

    if (zip)
        pack_zip(files, COUNT(files), out);
    else
        pack_gzip(text, strlen(text), out);
}

static void a_file_that_was_cut_anywhere_is_refused(void **state)
{
    BUF_DONE struct buf got = PACKED;
    struct error err;

    (void)state;
    for (int zip = 0; zip < 2; zip++) {
        BUF_DONE struct buf file = PACKED;
        add_parts(zip, &file);
        for (size_t len = zip ? 4 : 2; len < file.len; len++) {
            /* An exact copy, so that the sanitizer reports reads after its end. */
            char *copy = mem_copy_n(file.data, len);
            if (parts_of(copy, len, UNPACK_LIMITS, &got, &err))
                fail_msg("%zu of %zu bytes are read as %s", len, file.len, buf_text(&got));
            free(copy);
        }
    }
}

/* A flipped bit may go unnoticed in a time, a name or an unused flag, but never changes the
 * content. */
static void a_file_with_a_wrong_bit_is_refused_or_read_as_it_was(void **state)
{
    BUF_DONE struct buf got = PACKED, whole = PACKED;
    struct error err;

    (void)state;
    for (int zip = 0; zip < 2; zip++) {
        BUF_DONE struct buf file = PACKED;
        add_parts(zip, &file);
        assert_true(parts_of(file.data, file.len, UNPACK_LIMITS, &whole, &err));
        for (size_t bit = 8 * (zip ? 4 : 2); bit < file.len * 8; bit++) {
            file.data[bit / 8] = (char)(file.data[bit / 8] ^ 1 << bit % 8);
            if (parts_of(file.data, file.len, UNPACK_LIMITS, &got, &err) &&
                (!strstr(buf_text(&got), text) || (zip && !strstr(buf_text(&got), "x;y\n"))))
                fail_msg("with bit %zu of byte %zu turned, it is read as %s", bit % 8, bit / 8,
                         buf_text(&got));
            file.data[bit / 8] = (char)(file.data[bit / 8] ^ 1 << bit % 8);
        }
    }
}

static void large_files_come_out_whole(void **state)
{
    enum { ROWS = 100000 };
    BUF_DONE struct buf rows = PACKED, file = PACKED, got = PACKED;
    struct error err;

    (void)state;
    for (int i = 0; i < ROWS; i++)
        buf_addf(&rows, "%d;05/03/2025;%d\n", i, i * 7919 % 1000);
    pack_gzip(rows.data, rows.len, &file);
    assert_true(parts_of(file.data, file.len, UNPACK_LIMITS, &got, &err));
    assert_int_equal(got.len, rows.len + 2);
    assert_memory_equal(got.data + 1, rows.data, rows.len);
    zip_one((struct packed_file){"a.csv", rows.data, rows.len, PACK_DEFLATED, 0, 0, 0}, &file);
    assert_true(parts_of(file.data, file.len, UNPACK_LIMITS, &got, &err));
    assert_int_equal(got.len, rows.len + 7);
    assert_memory_equal(got.data + 6, rows.data, rows.len);
}

static void what_stands_behind_the_end_is_blank_or_refused(void **state)
{
    (void)state;
    for (int zip = 0; zip < 2; zip++) {
        BUF_DONE struct buf file = PACKED;
        add_parts(zip, &file);
        MEM_FREE_TEXT char *expected =
            zip ? mem_format("a.csv=x;y\n|b.csv=%s|", text) : mem_format("=%s|", text);
        buf_add(&file, "\r\n\0\0", 4);
        expect_parts(&file, expected);
        buf_add_text(&file, "Fatal error");
        expect_refusal(&file, "15 bytes stand behind the end of what is packed (\"Fatal error\")");
    }
}

static void too_much_is_refused_with_both_limits(void **state)
{
    static const struct unpack_limits small = {.bytes = 2 << 20, .ratio = 100, .small = 1 << 20};
    BUF_DONE struct buf zeros = PACKED, noise = PACKED, got = PACKED;
    struct error err;

    (void)state;
    for (int i = 0; i < 3 << 20; i++) {
        buf_add_char(&zeros, 'x');
        buf_add_char(&noise, (char)((unsigned)rand() >> 7));
    }
    for (int zip = 0; zip < 2; zip++) {
        for (int bomb = 0; bomb < 2; bomb++) {
            BUF_DONE struct buf file = PACKED;
            const char *data = bomb ? zeros.data : noise.data;
            const size_t len = bomb ? small.bytes - 100 : noise.len; /* each case tests one limit */
            const struct packed_file files[] = {{"a.csv", data, len / 2, PACK_DEFLATED, 0, 0, 0},
                                                {"b.csv", data, len / 2, PACK_DEFLATED, 0, 0, 0}};
            if (zip)
                pack_zip(files, COUNT(files), &file);
            else
                pack_gzip(data, len, &file);
            assert_false(parts_of(file.data, file.len, small, &got, &err));
            assert_int_equal(err.kind, ERROR_DATA);
            assert_non_null(strstr(err.message, bomb ? "an export's ever did" : "in memory"));
            assert_non_null(strstr(err.message, "at most 2 MiB, and 100 times the packed size"));
            assert_non_null(strstr(err.message, "unpack it and load the CSV"));
        }
    }
}

static void little_may_be_packed_as_well_as_it_can(void **state)
{
    BUF_DONE struct buf zeros = PACKED, file = PACKED, got = PACKED;
    struct error err;

    (void)state;
    for (int i = 0; i < 1 << 20; i++)
        buf_add_char(&zeros, 'x');
    pack_gzip(zeros.data, zeros.len, &file);
    assert_true(zeros.len / file.len > UNPACK_LIMITS.ratio);
    assert_true(parts_of(file.data, file.len, UNPACK_LIMITS, &got, &err));
}

static void a_member_that_is_not_what_it_announces_is_refused(void **state)
{
    BUF_DONE struct buf file = PACKED;
    struct packed_file member = MEMBER("a.csv", text);

    (void)state;
    member.spoil = 1;
    zip_one(member, &file);
    expect_refusal(&file, "damaged in the zip file");
    for (unsigned method = PACK_STORED; method <= PACK_DEFLATED; method += PACK_DEFLATED) {
        member = (struct packed_file)MEMBER("a.csv", text);
        member.method = method;
        member.less = 20;
        zip_one(member, &file);
        expect_refusal(&file, "damaged in the zip file");
    }
    member = (struct packed_file)MEMBER("a.csv", text);
    member.flags = 1;
    zip_one(member, &file);
    expect_refusal(&file, "protected by a password; unpack it and load the CSV");
    member.flags = 0;
    member.method = 9;
    zip_one(member, &file);
    expect_refusal(&file, "packed by a method that is not read here (9");
}

static void the_csvs_of_a_zip_are_told_by_their_names(void **state)
{
    const struct packed_file files[] = {
        MEMBER("dados/", ""),
        MEMBER("dados/parte 10.csv", "10"),
        MEMBER("dados/parte 9.CSV", "9"),
        MEMBER("../../etc/parte.csv", "up"),
        MEMBER(".DS_Store", "x"),
        MEMBER("__MACOSX/dados/._parte 9.csv", "x"),
        MEMBER("THUMBS.DB", "x"),
        MEMBER("leia-me.txt", "x"),
        MEMBER("foto.jpg", "x"),
    };
    BUF_DONE struct buf file = PACKED;
    struct unpack unpack;
    struct error err;

    (void)state;
    pack_zip(files, COUNT(files), &file);
    expect_parts(&file, "../../etc/parte.csv=up|dados/parte 9.CSV=9|dados/parte 10.csv=10|");
    assert_true(unpack_open(file.data, file.len, UNPACK_LIMITS, &unpack, &err));
    assert_string_equal(unpack_left_out(&unpack), "leia-me.txt, foto.jpg");
    unpack_close(&unpack);
}

static void a_name_is_shown_as_it_was_meant(void **state)
{
    static const char *const cases[][2] = {
        {"relat\xA2rio_mar\x87o_\xC6\xE4.csv", "relatório_março_ãõ.csv"}, /* CP850 */
        {"relat\xC3\xB3rio.csv", "relatório.csv"},
        {"a\x1B[2J\n.csv", "a?[2J?.csv"},
        {"\x80\xFF\xF0.csv", "Ç\u00A0\u00AD.csv"},
    };
    BUF_DONE struct buf file = PACKED;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        zip_one((struct packed_file)MEMBER(cases[i][0], "x"), &file);
        MEM_FREE_TEXT char *expected = mem_format("%s=x|", cases[i][1]);
        expect_parts(&file, expected);
    }
    char long_name[600];
    memset(long_name, '\x82', sizeof(long_name)); /* é, which is two bytes in UTF-8 */
    memcpy(long_name + sizeof(long_name) - 5, ".csv", 5);
    zip_one((struct packed_file)MEMBER(long_name, "x"), &file);
    BUF_DONE struct buf got = PACKED;
    struct error err;
    assert_true(parts_of(file.data, file.len, UNPACK_LIMITS, &got, &err));
    assert_int_equal(got.len, ZIP_NAME_MAX + 3);
}

static void a_zip_of_something_else_is_refused_by_what_it_is(void **state)
{
    const struct {
        struct packed_file files[2];
        size_t count;
        const char *words;
    } cases[] = {
        {{MEMBER("", "")}, 0, "holds no CSV: it is empty"},
        {{MEMBER("pasta/", "")}, 1, "holds no CSV: it is empty"},
        {{MEMBER("a.pdf", "x"), MEMBER("b.jpg", "y")}, 2, "holds no CSV, but a.pdf, b.jpg"},
        {{MEMBER("a.dat", "x"), MEMBER("b.dat", "y")}, 2, "holds no CSV, but b.dat"},
        {{MEMBER("a.csv", "x"), MEMBER("b.txt", "y")}, 2, "holds 'b.txt' beside its CSVs"},
        {{MEMBER("[Content_Types].xml", "x"), MEMBER("a.csv", "y")}, 2, "an Excel or Libre"},
        {{MEMBER("mimetype", "x"), MEMBER("META-INF/manifest.xml", "y")}, 2, "an Excel or Libre"},
        {{MEMBER("a.csv.gz", "x")}, 1, "holds 'a.csv.gz', which is packed itself"},
        {{MEMBER("a.csv", "x"), MEMBER("b.ZIP", "y")}, 2, "holds 'b.ZIP', which is packed itself"},
        {{MEMBER("a.csv", "PK\3\4...")}, 1, "what is packed in it is a zip"},
        {{MEMBER("export", "\x1F\x8B\b...")}, 1, "what is packed in it is a gzip file"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf file = PACKED;
        pack_zip(cases[i].files, cases[i].count, &file);
        expect_refusal(&file, cases[i].words);
    }
}

static void many_members_are_refused_before_they_are_looked_at(void **state)
{
    enum { MANY = 10001 };
    struct packed_file *files = mem_array(MANY, sizeof(*files));
    BUF_DONE struct buf file = PACKED;

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        files[i] = (struct packed_file){.name = "a.csv", .data = "", .method = PACK_STORED};
    pack_zip(files, MANY, &file);
    expect_refusal(&file, "holds 10001 files, at most 10000 are looked at");
    free(files);
}

/* Adds ASCII as UTF-16 in either byte order. */
static void add_utf16(const char *ascii, bool high_first, struct buf *out)
{
    for (; *ascii; ascii++) {
        if (high_first)
            buf_add_char(out, '\0');
        buf_add_char(out, *ascii);
        if (!high_first)
            buf_add_char(out, '\0');
    }
}

static void utf16_without_a_mark_needs_a_whole_line_of_it(void **state)
{
    MEM_FREE_TEXT char *expected = mem_format("=%s|", text);
    struct error err;

    (void)state;
    for (int high_first = 0; high_first < 2; high_first++) {
        BUF_DONE struct buf file = PACKED, got = PACKED;
        add_utf16(text, high_first, &file);
        expect_parts(&file, expected);
        const size_t odd = high_first ? 20 : 21; /* the tenth character is not in Latin-1 */
        file.data[odd] = '\x20';
        assert_true(parts_of(file.data, file.len, UNPACK_LIMITS, &got, &err));
        assert_int_equal(got.len, file.len + 2); /* unchanged */
        assert_true(parts_of(file.data, 14, UNPACK_LIMITS, &got, &err));
        assert_int_equal(got.len, 14 + 2);
    }
}

static void utf16_is_read_character_by_character(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *text; /* NULL: the file is refused, */
        const char *words;
    } cases[] = {
        {"\xFF\xFE", 2, "", NULL},
        {"\xFF\xFEK\0\xE7\0\xAC\x20\x3D\xD8\x00\xDE", 12, "Kç€😀", NULL},
        {"\xFE\xFF\0K\0\xE7\x20\xAC\xD8\x3D\xDE\x00", 12, "Kç€😀", NULL},
        {"\xFF\xFE\n\0\n\0\x3D\xD8", 8, NULL, "line 3: half of a character in text"},
        {"\xFF\xFEK\0\x3D\xD8K\0", 8, NULL, "line 1: half of a character in text"},
        {"\xFF\xFEK\0\x00\xDEK\0", 8, NULL, "(behind \"…K\")"},
        {"\xFF\xFEK\0\x3D\xD8\x3D\xD8", 8, NULL, "half of a character"},
        {"\xFF\xFEK\0K", 5, NULL, "half of a character, at the end,"},
        {"\xFF\xFEK\0\xFE\xFFK\0", 8, NULL, "bytes in another order"},
        {"\xFF\xFEMedidor;Dia", 13, NULL, "what follows is not UTF-16"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        BUF_DONE struct buf file = PACKED;
        buf_add(&file, cases[i].bytes, cases[i].len);
        if (!cases[i].text) {
            expect_refusal(&file, cases[i].words);
            continue;
        }
        MEM_FREE_TEXT char *expected = mem_format("=%s|", cases[i].text);
        expect_parts(&file, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_file_is_not_copied),
        cmocka_unit_test(a_file_that_was_cut_anywhere_is_refused),
        cmocka_unit_test(a_file_with_a_wrong_bit_is_refused_or_read_as_it_was),
        cmocka_unit_test(large_files_come_out_whole),
        cmocka_unit_test(what_stands_behind_the_end_is_blank_or_refused),
        cmocka_unit_test(too_much_is_refused_with_both_limits),
        cmocka_unit_test(little_may_be_packed_as_well_as_it_can),
        cmocka_unit_test(a_member_that_is_not_what_it_announces_is_refused),
        cmocka_unit_test(the_csvs_of_a_zip_are_told_by_their_names),
        cmocka_unit_test(a_name_is_shown_as_it_was_meant),
        cmocka_unit_test(a_zip_of_something_else_is_refused_by_what_it_is),
        cmocka_unit_test(many_members_are_refused_before_they_are_looked_at),
        cmocka_unit_test(utf16_without_a_mark_needs_a_whole_line_of_it),
        cmocka_unit_test(utf16_is_read_character_by_character),
    };

    return cmocka_run_group_tests_name("unpack", tests, NULL, NULL);
}
