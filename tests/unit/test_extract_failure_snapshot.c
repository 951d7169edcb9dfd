/* SPDX-License-Identifier: MIT */
/* Failure snapshots: the files that are kept of a failed page, and that they hold no password. */
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/failure_snapshot.h"
#include "extract/extractor.h"
#include "base/secret.h"
#include "tests/support/fault_portal.h"
#include "tests/support/unit.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ONE(where)                                                                                 \
    {                                                                                              \
        .any = {.items = (const char *const[]){where}, .count = 1 }                                \
    }
#define CANARY "c4n@rio <b>&\"+%41 \\ x" /* a password that every encoding changes */

static char *folder, *evidence;

static const struct step login_steps[] = {
    {.action = STEP_FILL, .at = ONE("#user"), .value = STEP_USER},
    {.action = STEP_FILL, .at = ONE("#password"), .value = STEP_PASSWORD},
    {.action = STEP_CLICK, .at = ONE("#enter")},
};

static const struct portal model = {
    .name = "evidence",
    .login = {.items = login_steps, .count = COUNT(login_steps)},
    .logged_in = ONE("#menu button"),
    .deadlines = {.browser = 20, .page = 5, .element = 1, .answer = 1, .silence = 1, .window = 10},
};

/* Logs in on a page whose button does nothing, and asserts the failure after one second. */
static void fail_to_enter(const char *path, const char *password, struct error *err)
{
    MEM_FREE_TEXT char *url = fault_portal_url(path);
    const struct settings settings = {.portal_url = url,
                                      .user = "ana",
                                      .password = password,
                                      .browser = getenv("CHROME_BIN"),
                                      .evidence = evidence,
                                      .headless = true};
    struct extractor *extractor = NULL;

    *err = (struct error){0};
    assert_false(extractor_open_portal(&model, &settings, folder, &extractor, err));
    assert_null(strstr(err->message, password));
}

/* Reads the only file of that kind, which must be private. Returns false if there is none. */
static bool read_only_one(const char *suffix, struct buf *out)
{
    DIR *dir = opendir(evidence);
    bool found = false;

    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        const char *dot = strrchr(entry->d_name, '.');
        MEM_FREE_TEXT char *path = mem_format("%s/%s", evidence, entry->d_name);
        struct file_map map;
        struct stat info;
        struct error err;
        if (!dot || strcmp(dot, suffix) != 0)
            continue;
        assert_false(found);
        found = true;
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        assert_true(file_map_open(path, &map, &err));
        buf_add(out, map.data, map.size);
        file_map_close(&map);
    }
    if (dir)
        closedir(dir);
    return found;
}

static void remove_snapshots(void)
{
    file_remove_tree(evidence);
}

/* -------------------------------------------------------------------------------------- tests */

static void a_failed_step_leaves_a_picture_and_the_page(void **state)
{
    BUF_DONE struct buf picture = BUF_INIT(8 << 20), page = BUF_INIT(8 << 20);
    struct error err;

    (void)state;
    fail_to_enter("/toggled", CANARY, &err);
    assert_true(read_only_one(".png", &picture));
    assert_true(read_only_one(".html", &page));
    assert_memory_equal(picture.data, "\x89PNG\r\n\x1a\n", 8);
    assert_non_null(strstr(buf_text(&page), "<title>Entrar</title>"));
    MEM_FREE_TEXT char *named = mem_format("; what the page showed: %s/", evidence);
    assert_non_null(strstr(err.message, named));
    assert_non_null(strstr(err.message, ".png and .html"));
}

/* The pictures of two different passwords must be equal: then neither of them is visible. */
static void no_password_is_in_the_picture_or_the_page(void **state)
{
    static const char *const pages[] = {"/toggled", "/attribute", "/frame"};
    static const char *const passwords[] = {CANARY, "outra, muito mais curta e mais longa"};

    (void)state;
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct buf pictures[2] = {BUF_INIT(8 << 20), BUF_INIT(8 << 20)};
        for (size_t j = 0; j < COUNT(passwords); j++) {
            BUF_DONE struct buf page = BUF_INIT(8 << 20);
            struct error err;
            fail_to_enter(pages[i], passwords[j], &err);
            assert_true(read_only_one(".png", &pictures[j]));
            assert_true(read_only_one(".html", &page));
            assert_false(secret_shows(page.data, page.len, passwords[j]));
            assert_null(strstr(buf_text(&page), "c4n@rio"));
            remove_snapshots();
        }
        assert_int_equal(pictures[0].len, pictures[1].len);
        assert_memory_equal(pictures[0].data, pictures[1].data, pictures[0].len);
        buf_done(&pictures[0]);
        buf_done(&pictures[1]);
    }
}

static void a_page_that_shows_the_password_elsewhere_is_not_kept(void **state)
{
    static const char *const pages[] = {"/echo", "/hidden"};
    BUF_DONE struct buf nothing = BUF_INIT(8 << 20);

    (void)state;
    for (size_t i = 0; i < COUNT(pages); i++) {
        struct error err;
        fail_to_enter(pages[i], CANARY, &err);
        assert_false(read_only_one(".png", &nothing));
        assert_false(read_only_one(".html", &nothing));
        assert_null(strstr(err.message, "what the page showed"));
    }
}

static void there_is_no_picture_of_a_page_that_fills_its_password_in_again(void **state)
{
    BUF_DONE struct buf page = BUF_INIT(8 << 20);
    struct error err;

    (void)state;
    fail_to_enter("/stubborn", CANARY, &err);
    assert_false(read_only_one(".png", &page));
    read_only_one(".html", &page);
    assert_null(strstr(buf_text(&page), "c4n@rio"));
}

static void only_what_was_made_here_is_removed(void **state)
{
    static const char *const own[] = {
        "20261123T183001-login-012345678.html",
        "20261123T183001-general_reports-012345678.png",
        "20261123T183001-a-b_c--012345678.png",
    };
    static const char *const others[] = {
        "2026T1-notes-1.txt", /* a name that an earlier pattern matched by mistake */
        "1T2-a-3.html",
        "20261123T183001-login-012345678.txt",
        "20261123T183001-login-012345678.png.bak",
        "20261123T183001-login-012345678.html~",
        "20261123T183001-login-01234567.png",
        "20261123T183001-login-0123456789",
        "20261123T183001--012345678.png",
        "20261123T183001-with blanks-012345678.png",
        "20261123T183001-ends.here-012345678.png",
        "20261123T183001-012345678.png",
        "20261123-183001-login-012345678.png",
        "20261123T18300-login-012345678.png",
        "x20261123T183001-login-012345678.png",
        "report.html",
        ".png",
        "",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(own); i++)
        if (!failure_snapshot_is_own(own[i]))
            fail_msg("%s is not known", own[i]);
    for (size_t i = 0; i < COUNT(others); i++)
        if (failure_snapshot_is_own(others[i]))
            fail_msg("%s would be removed", others[i]);
}

/* A folder with files of a person and more snapshots than are kept. */
static void of_many_failures_the_oldest_go_and_a_persons_files_stay(void **state)
{
    MEM_FREE_TEXT char *persons = mem_format("%s/2026T1-notes-1.txt", evidence);
    struct error err;
    int own = 0;

    (void)state;
    assert_true(file_make_dirs(evidence, &err));
    for (int i = 0; i < 2 * FAILURE_SNAPSHOT_KEPT + 1; i++) {
        MEM_FREE_TEXT char *name =
            i ? mem_format("%s/20250101T000000-login-%09d.png", evidence, i) : mem_copy(persons);
        FILE *file = fopen(name, "w");
        assert_non_null(file);
        fclose(file);
    }
    fail_to_enter("/toggled", CANARY, &err);
    DIR *dir = opendir(evidence);
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));)
        own += failure_snapshot_is_own(entry->d_name);
    closedir(dir);
    assert_int_equal(own, 2 * FAILURE_SNAPSHOT_KEPT);
    assert_int_equal(access(persons, F_OK), 0);
}

static void a_folder_that_others_may_write_to_gets_nothing(void **state)
{
    BUF_DONE struct buf nothing = BUF_INIT(8 << 20);
    struct error err;

    (void)state;
    assert_true(file_make_dirs(evidence, &err));
    assert_int_equal(chmod(evidence, 0777), 0);
    fail_to_enter("/toggled", CANARY, &err);
    assert_false(read_only_one(".html", &nothing));
    assert_null(strstr(err.message, "what the page showed"));
}

static void a_secret_is_found_in_whatever_way_it_is_written(void **state)
{
    static const struct {
        const char *text;
        bool shows;
    } cases[] = {
        {"<p>a&b<\"c d</p>", true},
        {"<p>a&amp;b&lt;\"c d</p>", true},
        {"<p id=\"a&amp;b<&quot;c d\">", true},
        {"href=\"?x=a%26b%3C%22c%20d\"", true},
        {"href=\"?x=a%26b%3c%22c+d&amp;y\"", true},
        {"<p>a&amp;b&lt;\"c  d</p>", false},
        {"%2", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (secret_shows(cases[i].text, strlen(cases[i].text), "a&b<\"c d") != cases[i].shows)
            fail_msg("%s", cases[i].text);
    assert_false(secret_shows("text", 4, ""));
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    if (!file_make_temp_dir("test-evidence", &folder, &err) || !fault_portal_open())
        return -1;
    evidence = mem_format("%s/evidence", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fault_portal_close();
    file_remove_tree(folder);
    free(folder);
    free(evidence);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_failed_step_leaves_a_picture_and_the_page),
        TEST(no_password_is_in_the_picture_or_the_page),
        TEST(a_page_that_shows_the_password_elsewhere_is_not_kept),
        TEST(there_is_no_picture_of_a_page_that_fills_its_password_in_again),
        TEST(a_folder_that_others_may_write_to_gets_nothing),
        cmocka_unit_test(only_what_was_made_here_is_removed),
        TEST(of_many_failures_the_oldest_go_and_a_persons_files_stay),
        cmocka_unit_test(a_secret_is_found_in_whatever_way_it_is_written),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_ERROR, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_failure_snapshot", tests, NULL, NULL);
}
