/* SPDX-License-Identifier: MIT */
/* The bronze archive: what is kept once, what is never removed, two writers, damage, full disks. */
#include "bronze/bronze.h"

#include "base/file.h"
#include "base/mem.h"
#include "bronze/manifest.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60, FIRST_DAY = 20000 };

static char *folder, *dir, *path;
static struct error err;
static size_t kept_count;
static char kept_path[4096];

static int set_up(void **state)
{
    (void)state;
    kept_count = 0;
    if (!file_make_temp_dir("test-bronze", &folder, &err))
        return -1;
    dir = mem_format("%s/archive", folder);
    path = mem_format("%s/relatorio_prot_geral.csv", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    file_remove_tree(folder);
    free(folder);
    free(dir);
    free(path);
    return 0;
}

static void write_file(const char *to, const char *bytes, size_t len)
{
    const int fd = open(to, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
}

/* Counts the lines of the manifest that have the text. */
static size_t lines_with(const char *text)
{
    MEM_FREE_TEXT char *manifest = mem_format("%s/manifest.jsonl", dir), *all = NULL;
    size_t count = 0;

    assert_true(file_read(manifest, 64 * 1024 * 1024, &all, &err));
    for (char *line = all, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        count += strstr(line, text) != NULL;
    }
    return count;
}

static void note_kept(void *arg, const char *file)
{
    assert_ptr_equal(arg, &kept_count);
    kept_count++;
    snprintf(kept_path, sizeof(kept_path), "%s", file);
}

static struct bronze *open_archive(void)
{
    struct bronze *bronze;

    assert_true(bronze_open(dir, note_kept, &kept_count, &bronze, &err));
    return bronze;
}

static struct window days(int32_t first, int32_t last)
{
    return (struct window){.first = FIRST_DAY + first,
                           .last = FIRST_DAY + last,
                           .own_first = FIRST_DAY + first,
                           .own_last = FIRST_DAY + last - 1,
                           .complete = true};
}

static void sha256_of(const char *text, char hex[BRONZE_SHA256_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    EVP_Digest(text, strlen(text), digest, &len, EVP_sha256(), NULL);
    for (unsigned i = 0; i < len; i++)
        snprintf(hex + (size_t)i * 2, 3, "%02x", digest[i]);
}

/* Keeps `text` as the export of a window. */
static bool keep(struct bronze *bronze, const char *run, struct window window, const char *text,
                 time_t when)
{
    char hex[BRONZE_SHA256_SIZE] = "";

    sha256_of(text, hex);
    write_file(path, text, strlen(text));
    const struct bronze_source file = {path, hex, strlen(text)};
    const struct bronze_export export = {.run = run,
                                         .report = "general_reports",
                                         .window = window,
                                         .exported_at = when,
                                         .today = FIRST_DAY + 100,
                                         .rows = 3,
                                         .files = &file,
                                         .file_count = 1};
    return bronze_keep(bronze, &export, &err);
}

static struct manifest read_archive(void)
{
    struct manifest manifest;

    assert_true(manifest_open(dir, false, &manifest, &err));
    return manifest;
}

static size_t count_packed(void)
{
    struct manifest manifest = read_archive();
    size_t count = 0;

    for (size_t i = 0; i < manifest.count; i++) {
        if (manifest.entries[i].kind != BRONZE_EXPORT || !manifest.entries[i].stored)
            continue;
        MEM_FREE_TEXT char *file = mem_format("%s/%s", dir, manifest.entries[i].files[0].path);
        count += access(file, R_OK) == 0;
    }
    manifest_close(&manifest);
    return count;
}

static void what_is_kept_comes_out_as_it_was(void **state)
{
    struct bronze *bronze = open_archive();
    char *large = mem_alloc(3 * 1024 * 1024 + 1), *out = NULL;
    MEM_FREE_TEXT char *to = mem_format("%s/out.csv", folder);

    (void)state;
    for (size_t i = 0; i < 3 * 1024 * 1024; i++)
        large[i] = (char)('a' + (i * i / 7) % 23);
    assert_true(keep(bronze, "20260101T000000.001-0000000a", days(0, 10), large, 1772366401));
    assert_int_equal(kept_count, 1);
    assert_non_null(strstr(kept_path, "/general_reports/2026/20260101T000000.001-0000000a_"));
    assert_int_equal(access(kept_path, R_OK), 0);
    struct manifest manifest = read_archive();
    assert_int_equal(manifest.count, 1);
    const struct bronze_entry *entry = &manifest.entries[0];
    assert_string_equal(entry->run, "20260101T000000.001-0000000a");
    assert_string_equal(entry->files[0].name, "relatorio_prot_geral.csv");
    assert_int_equal(entry->exported_at, 1772366401);
    assert_int_equal(entry->today, FIRST_DAY + 100);
    assert_int_equal(entry->window.own_last, FIRST_DAY + 9);
    assert_int_equal(entry->rows, 3);
    assert_true(entry->window.complete && entry->stored && !entry->accepted);
    assert_true(bronze_unpack(dir, &entry->files[0], to, &err));
    assert_true(file_read(to, 4 * 1024 * 1024, &out, &err));
    assert_string_equal(out, large);
    manifest_close(&manifest);
    bronze_close(bronze);
    free(large);
    free(out);
}

static void an_equal_export_of_the_same_window_is_kept_once(void **state)
{
    struct bronze *bronze = open_archive();

    (void)state;
    assert_true(keep(bronze, "run-1", days(0, 10), "a;b\n", 1000));
    assert_true(keep(bronze, "run-2", days(0, 10), "a;b\n", 2000));
    assert_int_equal(kept_count, 1);
    assert_int_equal(count_packed(), 1);
    assert_int_equal(lines_with("\"stored\":false"), 1);
    /* Another window, and what came back after a change, are stored: only the newest counts. */
    assert_true(keep(bronze, "run-2", days(10, 20), "a;b\n", 2000));
    assert_true(keep(bronze, "run-3", days(0, 10), "c;d\n", 3000));
    assert_true(keep(bronze, "run-4", days(0, 10), "a;b\n", 4000));
    assert_int_equal(kept_count, 4);
    /* A file that was lost is stored again. */
    assert_int_equal(unlink(kept_path), 0);
    assert_true(keep(bronze, "run-5", days(0, 10), "a;b\n", 5000));
    assert_int_equal(kept_count, 5);
    bronze_close(bronze);
}

static void what_grew_old_is_removed_with_its_last_line(void **state)
{
    struct bronze *bronze = open_archive();
    size_t removed = 99;

    (void)state;
    assert_true(keep(bronze, "run-1", days(0, 10), "a;b\n", 1 * DAY));
    assert_true(keep(bronze, "run-2", days(0, 10), "a;b\n", 20 * DAY));
    assert_true(keep(bronze, "run-2", days(10, 20), "a;b\n", 2 * DAY));
    assert_true(bronze_sweep(bronze, "run-2", "general_reports", 0, &err));
    /* The first one goes; its file stays, because the second one is it. */
    assert_true(bronze_expire(bronze, 10 * DAY, &removed, &err));
    assert_int_equal(removed, 1);
    assert_int_equal(count_packed(), 2);
    assert_true(bronze_expire(bronze, 10 * DAY, &removed, &err));
    assert_int_equal(removed, 0);
    assert_true(keep(bronze, "run-3", days(0, 10), "c;d\n", 30 * DAY));
    assert_true(bronze_expire(bronze, 30 * DAY, &removed, &err));
    assert_int_equal(removed, 1);
    assert_int_equal(count_packed(), 2);
    bronze_close(bronze);
    struct manifest manifest = read_archive();
    assert_int_equal(manifest.count, 7);
    assert_true(manifest.entries[0].removed && manifest.entries[1].removed);
    assert_false(manifest.entries[2].removed || manifest.entries[5].removed);
    manifest_close(&manifest);
}

/* --- several processes, damage, disks ----------------------------------------------------------
 */

static void two_writers_never_mix_lines(void **state)
{
    enum { EACH = 40 };
    int code;
    const pid_t child = fork();

    (void)state;
    MEM_FREE_TEXT char *mine = mem_format("%s/%d.csv", folder, (int)getpid());
    free(path);
    path = mem_copy(mine); /* each process has an export of its own */
    struct bronze *bronze = open_archive();
    for (int i = 0; i < EACH; i++) {
        MEM_FREE_TEXT char *run = mem_format("%s-%d", child ? "parent" : "child", i);
        MEM_FREE_TEXT char *text = mem_format("%s\n", run);
        if (!keep(bronze, run, days(0, 10), text, 1000))
            _exit(1);
    }
    bronze_close(bronze);
    if (child == 0)
        _exit(0);
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    struct manifest manifest = read_archive();
    assert_int_equal(manifest.count, 2 * EACH);
    manifest_close(&manifest);
    assert_int_equal(count_packed(), 2 * EACH);
}

static void a_writer_sees_what_another_one_has_kept(void **state)
{
    struct bronze *one = open_archive(), *other = open_archive();

    (void)state;
    assert_true(keep(one, "run-1", days(0, 10), "a;b\n", 1000));
    assert_true(keep(other, "run-2", days(0, 10), "a;b\n", 2000));
    assert_int_equal(kept_count, 1);
    bronze_close(one);
    bronze_close(other);
}

static void the_rest_of_a_line_whose_writer_was_killed_goes(void **state)
{
    struct bronze *bronze = open_archive();
    MEM_FREE_TEXT char *file = mem_format("%s/manifest.jsonl", dir);

    (void)state;
    assert_true(keep(bronze, "run-1", days(0, 10), "a;b\n", 1000));
    bronze_close(bronze);
    const int fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_int_equal(write(fd, "{\"kind\":", 8), 8);
    close(fd);
    struct manifest manifest = read_archive();
    assert_int_equal(manifest.count, 1);
    manifest_close(&manifest);
    bronze = open_archive();
    assert_true(keep(bronze, "run-2", days(0, 10), "c;d\n", 1000));
    bronze_close(bronze);
    manifest = read_archive();
    assert_int_equal(manifest.count, 2);
    manifest_close(&manifest);
}

static void a_damaged_or_missing_file_is_named(void **state)
{
    struct bronze *bronze = open_archive();
    MEM_FREE_TEXT char *to = mem_format("%s/out.csv", folder), *packed = NULL;
    struct stat info;

    (void)state;
    assert_true(keep(bronze, "run-1", days(0, 10), "one;two;three\n", 1000));
    bronze_close(bronze);
    struct manifest manifest = read_archive();
    struct bronze_file *file = &manifest.entries[0].files[0];
    assert_int_equal(stat(kept_path, &info), 0);
    assert_int_equal(info.st_size, file->packed);
    packed = mem_alloc((size_t)info.st_size);
    const int fd = open(kept_path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, packed, (size_t)info.st_size), info.st_size);
    close(fd);
    /* Each byte changed, and each length that it may be cut to. */
    for (size_t i = 0; i < (size_t)info.st_size; i++) {
        packed[i] ^= 0x10;
        write_file(kept_path, packed, (size_t)info.st_size);
        packed[i] ^= 0x10;
        /* Bits of the frame's header that say nothing change nothing; else it is found. */
        if (!bronze_unpack(dir, file, to, &err)) {
            assert_int_equal(err.kind, ERROR_DATA);
            assert_non_null(strstr(err.message, kept_path));
            assert_non_null(strstr(err.message, "put the file back"));
            assert_int_not_equal(access(to, F_OK), 0);
        }
        write_file(kept_path, packed, i);
        assert_false(bronze_unpack(dir, file, to, &err));
        assert_int_equal(err.kind, ERROR_DATA);
    }
    /* A whole file that is another one. */
    write_file(kept_path, packed, (size_t)info.st_size);
    assert_true(bronze_unpack(dir, file, to, &err));
    file->sha256[0] = file->sha256[0] == '0' ? '1' : '0';
    assert_false(bronze_unpack(dir, file, to, &err));
    assert_non_null(strstr(err.message, "is not the file that was loaded"));
    assert_int_equal(unlink(kept_path), 0);
    assert_false(bronze_unpack(dir, file, to, &err));
    assert_non_null(strstr(err.message, "No such file"));
    manifest_close(&manifest);
}

static void a_line_that_cannot_be_read_is_named(void **state)
{
    static const struct {
        const char *line, *words;
    } cases[] = {
        {"nonsense", "manifest.jsonl:2: it is not JSON"},
        {"{}", "manifest.jsonl:2: \"report\" is missing"},
        {"{\"kind\":\"sweep\",\"run\":\"r\",\"report\":\"../x\",\"kept\":0}", "\"report\""},
        {"{\"kind\":\"sweep\",\"run\":\"r\",\"report\":\"x\",\"kept\":-1}", "\"kept\""},
        {"{\"kind\":\"other\",\"run\":\"r\",\"report\":\"x\"}", "\"kind\""},
        {"{\"kind\":\"removed\",\"run\":\"r\",\"report\":\"x\",\"first\":\"2026-02-30\"}",
         "\"first\""},
    };
    MEM_FREE_TEXT char *file = mem_format("%s/manifest.jsonl", dir);
    struct manifest manifest;

    (void)state;
    assert_true(file_make_dirs(dir, &err));
    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *text = mem_format(
            "{\"kind\":\"sweep\",\"run\":\"r\",\"report\":\"x\",\"kept\":0}\n%s\n", cases[i].line);
        write_file(file, text, strlen(text));
        assert_false(manifest_open(dir, false, &manifest, &err));
        assert_int_equal(err.kind, ERROR_DATA);
        assert_non_null(strstr(err.message, cases[i].words));
        assert_non_null(strstr(err.message, "put the file back from a copy"));
    }
}

static void no_path_leads_out_of_the_archive(void **state)
{
    static const char *const paths[] = {"/etc/passwd", "../x.zst", "a/../../x", "a//b", "./a", ""};
    MEM_FREE_TEXT char *file = mem_format("%s/manifest.jsonl", dir);
    struct manifest manifest;

    (void)state;
    assert_true(file_make_dirs(dir, &err));
    for (size_t i = 0; i < 2 * COUNT(paths); i++) {
        const char *bad = paths[i / 2];
        MEM_FREE_TEXT char *text = mem_format(
            "{\"kind\":\"export\",\"run\":\"r\",\"report\":\"x\",\"first\":\"2026-01-01\","
            "\"last\":\"2026-01-02\",\"own_first\":\"2026-01-01\",\"own_last\":\"2026-01-02\","
            "\"complete\":true,\"exported_at\":\"2026-01-01T00:00:00-03:00\","
            "\"today\":\"2026-01-01\",\"accepted\":false,\"rows\":0,\"rejected\":0,\"undated\":0,"
            "\"kept\":0,\"stored\":true,\"files\":[{\"name\":\"%s\",\"sha256\":\"%064d\","
            "\"bytes\":0,\"packed\":0,\"path\":\"%s\"}]}\n",
            i % 2 ? bad : "n", 0, i % 2 ? "p" : bad);
        write_file(file, text, strlen(text));
        assert_false(manifest_open(dir, false, &manifest, &err));
        assert_non_null(strstr(err.message, i % 2 ? "\"name\"" : "\"path\""));
    }
}

static void a_file_that_is_not_the_one_that_was_loaded_is_not_kept(void **state)
{
    struct bronze *bronze = open_archive();
    char zeros[BRONZE_SHA256_SIZE];

    (void)state;
    memset(zeros, '0', sizeof(zeros) - 1);
    zeros[sizeof(zeros) - 1] = '\0';
    write_file(path, "a;b\n", 4);
    const struct bronze_source files[] = {{path, zeros, 4}};
    const struct bronze_export export = {
        .run = "run-1", .report = "x", .window = days(0, 1), .files = files, .file_count = 1};
    assert_false(bronze_keep(bronze, &export, &err));
    assert_int_equal(err.kind, ERROR_DATA);
    assert_int_equal(lines_with("kind"), 0);
    assert_int_equal(kept_count, 0);
    bronze_close(bronze);
}

/* Runs as nobody: root may write everywhere. */
static void a_folder_without_rights_is_refused(void **state)
{
    int code;

    (void)state;
    assert_int_equal(chmod(folder, 0555), 0);
    const pid_t child = fork();
    if (child == 0) {
        struct bronze *bronze;
        if (getuid() == 0 && setuid(65534) < 0)
            _exit(9);
        _exit(bronze_open(dir, NULL, NULL, &bronze, &err) ? 1 : err.kind == ERROR_SYSTEM ? 0 : 2);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    chmod(folder, 0700);
    assert_int_equal(code, 0);
}

/* A limit on the size of files is met as a full disk is: in the middle of a write. */
static void a_full_disk_leaves_the_archive_as_it_was(void **state)
{
    struct bronze *bronze = open_archive();
    struct rlimit old, tight;

    (void)state;
    assert_true(keep(bronze, "run-1", days(0, 10), "a;b\n", 1000));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t limit = 1; limit < 700; limit += 23) {
        MEM_FREE_TEXT char *text = mem_format("%d\n", (int)limit);
        write_file(path, text, strlen(text));
        tight = old;
        tight.rlim_cur = limit;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
        char hex[BRONZE_SHA256_SIZE] = "";
        sha256_of(text, hex);
        const struct bronze_source file = {path, hex, strlen(text)};
        const struct bronze_export export = {.run = "run-2",
                                             .report = "general_reports",
                                             .window = days(0, 10),
                                             .files = &file,
                                             .file_count = 1};
        const bool ok = bronze_keep(bronze, &export, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        assert_false(ok);
        assert_int_equal(err.kind, ERROR_SYSTEM);
        struct manifest manifest = read_archive();
        assert_int_equal(manifest.count, 1);
        manifest_close(&manifest);
    }
    assert_true(keep(bronze, "run-3", days(0, 10), "c;d\n", 3000));
    assert_int_equal(lines_with("kind"), 2);
    assert_int_equal(count_packed(), 2);
    bronze_close(bronze);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_comes_out_as_it_was),
        TEST(an_equal_export_of_the_same_window_is_kept_once),
        TEST(what_grew_old_is_removed_with_its_last_line),
        TEST(two_writers_never_mix_lines),
        TEST(a_writer_sees_what_another_one_has_kept),
        TEST(the_rest_of_a_line_whose_writer_was_killed_goes),
        TEST(a_damaged_or_missing_file_is_named),
        TEST(a_line_that_cannot_be_read_is_named),
        TEST(no_path_leads_out_of_the_archive),
        TEST(a_file_that_is_not_the_one_that_was_loaded_is_not_kept),
        TEST(a_folder_without_rights_is_refused),
        TEST(a_full_disk_leaves_the_archive_as_it_was),
    };

    return cmocka_run_group_tests_name("bronze", tests, NULL, NULL);
}
