/* SPDX-License-Identifier: MIT */
/* Errors that the portal extractor reports for a misbehaving portal, in a real browser with
 * hand-made pages. */
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "extract/extractor.h"
#include "tests/support/fault_portal.h"
#include "tests/support/unit.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define ONE(where)                                                                                 \
    {                                                                                              \
        .any = {.items = (const char *const[]){where}, .count = 1 }                                \
    }

/* ------------------------------------------------------------------------------------ helpers */

static const struct step login_steps[] = {
    {.action = STEP_FILL, .at = ONE("#user"), .value = STEP_USER},
    {.action = STEP_FILL, .at = ONE("#password"), .value = STEP_PASSWORD},
    {.action = STEP_CLICK, .at = ONE("#enter")},
};

static const struct step window_steps[] = {
    {.action = STEP_DATE, .at = ONE("#first"), .value = STEP_FIRST},
    {.action = STEP_DATE, .at = ONE("#last"), .value = STEP_LAST},
    {.action = STEP_CLICK, .at = ONE("#export")},
};

static const struct deadlines far_away = {
    .browser = FAR, .page = FAR, .element = FAR, .answer = FAR, .silence = FAR, .window = 2 * FAR};

static struct portal model = {
    .name = "faults",
    .login = {.items = login_steps, .count = COUNT(login_steps)},
    .logged_in = ONE("#menu button"),
    .login_error = ONE(".alert"),
    .page_error = ONE(".alert"),
};

static char *folder;
static enum export_mode mode = EXPORT_MODE_CLICK;

static bool open_with(const char *address, const char *proxy, struct extractor **out,
                      struct error *err)
{
    static struct settings settings;
    static char url[64], by[64];

    snprintf(url, sizeof(url), "%s", address);
    snprintf(by, sizeof(by), "%s", proxy ? proxy : "");
    settings = (struct settings){.portal_url = url,
                                 .user = "ana",
                                 .password = "s@nha",
                                 .browser = getenv("CHROME_BIN"),
                                 .proxy = proxy ? by : NULL,
                                 .mode = mode,
                                 .headless = true};
    *err = (struct error){0};
    *out = NULL;
    return extractor_open_portal(&model, &settings, folder, out, err);
}

static bool open_at(const char *path, struct extractor **out, struct error *err)
{
    MEM_FREE_TEXT char *url = fault_portal_url(path);

    return open_with(url, NULL, out, err);
}

static void expect_error(const struct error *err, enum error_kind kind, const char *words)
{
    if (err->kind != kind || !strstr(err->message, words))
        fail_msg("expected %s with '%s', got %s: %s", error_kind_name(kind), words,
                 error_kind_name(err->kind), err->message);
}

/* Each call uses another report, because the extractor stays on its page while the report is the
 * same. */
struct fault_report {
    char button[32];
    const char *locators[1];
    struct step open[1];
    struct report report;
};

static const struct report *make_report(const char *fault)
{
    static const char *const patterns[] = {"relatorio*.csv"};
    static struct fault_report pool[96];
    static size_t used;

    assert_true(used < COUNT(pool));
    struct fault_report *made = &pool[used++];
    snprintf(made->button, sizeof(made->button), "#%s", fault);
    made->locators[0] = made->button;
    made->open[0] =
        (struct step){.action = STEP_CLICK, .at = {.any = {.items = made->locators, .count = 1}}};
    made->report = (struct report){
        .name = fault,
        .open = {.items = made->open, .count = 1},
        .window = {.items = window_steps, .count = COUNT(window_steps)},
        .files = {.items = patterns, .count = 1},
    };
    return &made->report;
}

static bool fetch(struct extractor *extractor, const char *fault, struct export *out,
                  struct error *err)
{
    const struct window window = {.first = date_from_civil(2026, 2, 3),
                                  .last = date_from_civil(2026, 3, 4)};

    *out = (struct export){0};
    *err = (struct error){0};
    return extractor_fetch(extractor, make_report(fault), window, out, err);
}

static void expect_file(const struct export *export, const char *expected)
{
    struct file_map map;
    struct error err;

    assert_int_equal(export->count, 1);
    assert_true(file_map_open(export->paths[0], &map, &err));
    assert_int_equal(map.size, strlen(expected));
    assert_memory_equal(map.data, expected, map.size);
    file_map_close(&map);
    unlink(export->paths[0]);
}

static bool is_empty(const char *path)
{
    DIR *dir = opendir(path);
    size_t count = 0;

    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count == 0;
}

/* Waits for the folder to be empty: the browser reports a canceled download shortly before it
 * removes the file. */
static void expect_empty_folder(void)
{
    struct pollfd changes = {.fd = inotify_init1(IN_CLOEXEC), .events = POLLIN};
    char event[4096];

    inotify_add_watch(changes.fd, folder, IN_DELETE | IN_MOVED_FROM);
    while (!is_empty(folder)) {
        if (poll(&changes, 1, 5000) != 1)
            fail_msg("a file is left in %s", folder);
        assert_true(read(changes.fd, event, sizeof(event)) > 0);
    }
    close(changes.fd);
}

/* -------------------------------------------------------------------------------------- tests */

#define OK "first=2026-02-03&last=2026-03-04"

/* Remedies for a failure; several of them may apply. */
enum { AGAIN = 1, SMALLER = 2 };

static void expect_advice(const char *fault, const struct error *err, int advice)
{
    int got = (err->transient ? AGAIN : 0) | (err->divisible ? SMALLER : 0);

    if (got != advice)
        fail_msg("%s: advice %d instead of %d: %s", fault, got, advice, err->message);
}

/* All cases run in one session: a failed window must not harm the next one. None waits for a
 * deadline. */
static void every_fault_is_told_and_the_next_window_works(void **state)
{
    static const struct {
        const char *fault;
        enum error_kind kind; /* ERROR_NONE: an export is expected */
        int advice;
        const char *words; /* of the message, or the content of the file */
    } cases[] = {
        {"ok", ERROR_NONE, 0, OK},
        {"http500", ERROR_PORTAL, AGAIN | SMALLER,
         "step 3 (click #export): the portal answered HTTP 500"},
        {"ok", ERROR_NONE, 0, OK},
        {"busy", ERROR_PORTAL, AGAIN, "the portal answered HTTP 429, to be asked again in 7 s"},
        {"loggedout", ERROR_PORTAL, AGAIN, "the portal logged us out"},
        {"ok", ERROR_NONE, 0, OK},
        {"loginfile", ERROR_PORTAL, AGAIN, "it sent its login page as the file"},
        {"ok", ERROR_NONE, 0, OK},
        {"pagefile", ERROR_DATA, AGAIN | SMALLER,
         "the portal sent a page as the file: 'Erro interno'"},
        {"wrongname", ERROR_DATA, 0, "the portal sent 'login.php', and not relatorio*.csv"},
        {"capitals", ERROR_NONE, 0, "a;b\r\n"},
        {"cut", ERROR_PORTAL, AGAIN | SMALLER, "5000 bytes announced: the transfer was cut after "},
        {"chunkcut", ERROR_PORTAL, AGAIN | SMALLER, "(click #export): the transfer was cut after "},
        {"chunked", ERROR_NONE, 0, "a;b\r\n"},
        {"text", ERROR_NONE, 0, "a;b\r\npre\xE7o;\xE3\r\n"},
        {"ok", ERROR_NONE, 0, OK},
        {"texttab", ERROR_NONE, 0, "a;b\r\npre\xE7o;\xE3\r\n"},
        {"textnamed", ERROR_NONE, 0, "a;b\r\npre\xE7o;\xE3\r\n"},
        {"textwrong", ERROR_DATA, 0, "the portal sent 'aviso.txt', and not relatorio*.csv"},
        {"text500", ERROR_PORTAL, AGAIN | SMALLER, "the portal answered HTTP 500"},
        {"reset", ERROR_PORTAL, AGAIN, "the connection failed: net::ERR_EMPTY_RESPONSE"},
        {"formagain", ERROR_PORTAL, AGAIN | SMALLER, "the portal shows its form again"},
        {"newtab", ERROR_NONE, 0, OK},
        {"newtab500", ERROR_PORTAL, AGAIN | SMALLER, "the portal answered HTTP 500"},
        {"newtab", ERROR_NONE, 0, OK},
        {"newtabwords", ERROR_PORTAL, SMALLER, "in a new tab: the portal refuses: Sem dados"},
        {"dialog", ERROR_PORTAL, SMALLER, "the portal refuses in a dialog: Período inválido"},
        {"confirm", ERROR_NONE, 0, OK},
        {"message", ERROR_PORTAL, SMALLER, "the portal refuses: Período muito longo"},
        {"ajax500", ERROR_PORTAL, AGAIN | SMALLER, "the portal answered HTTP 500"},
        {"notyet", ERROR_NONE, 0, OK},
        {"two", ERROR_PORTAL, 0, "downloads instead of one"},
        {"textdate", ERROR_NONE, 0, "first=03%2F02%2F2026&last=04%2F03%2F2026"},
        {"stubborn", ERROR_PORTAL, 0,
         "step 1 (date #first): the field holds '2001-01-01' instead of '2026-02-03' (on http://"},
        {"meddling", ERROR_PORTAL, 0,
         "step 1 (date #first): the field holds '2001-01-01' instead of '2026-02-03' (on http://"},
        {"late", ERROR_NONE, 0, OK},
        {"ok", ERROR_NONE, 0, OK},
    };
    struct extractor *extractor;
    struct error err;

    (void)state;
    model.deadlines = far_away;
    if (!open_at("/", &extractor, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct export export;
        int64_t began = clock_ms();
        bool good = fetch(extractor, cases[i].fault, &export, &err);
        if (good != (cases[i].kind == ERROR_NONE))
            fail_msg("%s: %s", cases[i].fault, good ? "exported" : err.message);
        if (clock_ms() - began >= FAR_MS)
            fail_msg("%s: told only after %d ms", cases[i].fault, (int)(clock_ms() - began));
        if (good) {
            expect_file(&export, cases[i].words);
        } else {
            expect_error(&err, cases[i].kind, cases[i].words);
            expect_advice(cases[i].fault, &err, cases[i].advice);
            assert_int_equal(err.retry_after_s, strcmp(cases[i].fault, "busy") == 0 ? 7 : 0);
        }
        export_done(&export);
        expect_empty_folder();
    }
    extractor_close(extractor);
}

static void what_never_ends_is_ended_by_its_own_deadline(void **state)
{
    static const struct {
        const char *fault;
        int *deadline, seconds;
        const char *words;
    } cases[] = {
        {"stall", &model.deadlines.silence, 1, "the transfer stood still for 1 s after 5 bytes"},
        {"hang", &model.deadlines.answer, 2, "no file and no message within 2 s of the click"},
        {"html", &model.deadlines.page, 2, "the portal sent a page instead of a file: 'Aviso'"},
    };
    struct extractor *extractor;
    struct error err;

    (void)state;
    model.deadlines = far_away;
    if (!open_at("/", &extractor, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct export export;
        *cases[i].deadline = cases[i].seconds;
        int64_t began = clock_ms();
        assert_false(fetch(extractor, cases[i].fault, &export, &err));
        int64_t took = clock_ms() - began, least = (int64_t)cases[i].seconds * 1000;
        expect_error(&err, ERROR_PORTAL, cases[i].words);
        assert_true(err.transient);
        if (took < least || took >= FAR_MS)
            fail_msg("%s: told after %d ms", cases[i].fault, (int)took);
        *cases[i].deadline = FAR;
        expect_empty_folder();
    }
    struct export export;
    if (!fetch(extractor, "ok", &export, &err))
        fail_msg("%s", err.message);
    expect_file(&export, OK);
    export_done(&export);
    extractor_close(extractor);
}

static void every_way_of_refusing_a_login_is_told(void **state)
{
    static const struct {
        const char *path;
        enum error_kind kind;
        const char *words;
    } cases[] = {
        {"/refuse", ERROR_LOGIN, "login: the portal refuses: Usuário bloqueado"},
        {"/silent", ERROR_LOGIN, "the portal shows its login page again"},
        {"/alert", ERROR_LOGIN, "the portal refuses: Senha expirada"},
        {"/nothing", ERROR_PORTAL, "neither #menu button nor a refusal appeared within 1 s"},
        {"/down", ERROR_PORTAL, "step 3 (click #enter): the server answered HTTP 503"},
        {"/missing", ERROR_PORTAL, "the server answered HTTP 404"},
        {"/stranger", ERROR_LOGIN,
         "login: step 1 (fill #user): the page belongs to http://localhost:"},
        {"/report/ok", ERROR_PORTAL, "neither the login form (#password) nor #menu button"},
    };

    (void)state;
    model.deadlines = far_away;
    model.deadlines.element = 1; /* of /nothing */
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct extractor *extractor;
        struct error err;
        if (open_at(cases[i].path, &extractor, &err))
            fail_msg("%s: logged in", cases[i].path);
        expect_error(&err, cases[i].kind, cases[i].words);
        assert_null(strstr(err.message, "s@nha"));
    }
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    return file_make_temp_dir("test-faults", &folder, &err) && fault_portal_open() ? 0 : -1;
}

/* Exports of one report: the second one proves that the request can be repeated. */
static void text_that_the_browser_would_show_is_also_repeated_without_it(void **state)
{
    const struct report *report = make_report("text");
    struct extractor *extractor;
    struct error err;

    (void)state;
    model.deadlines = far_away;
    mode = EXPORT_MODE_AUTO;
    if (!open_at("/", &extractor, &err))
        fail_msg("%s", err.message);
    for (int i = 0; i < 4; i++) {
        const struct window window = {.first = date_from_civil(2026, 2, 3 + i),
                                      .last = date_from_civil(2026, 3, 4 + i)};
        struct export export = {0};
        if (!extractor_fetch(extractor, report, window, &export, &err))
            fail_msg("%s", err.message);
        expect_file(&export, "a;b\r\npre\xE7o;\xE3\r\n");
        export_done(&export);
    }
    extractor_close(extractor);
    mode = EXPORT_MODE_CLICK;
}

/* No name server knows the host, so only the proxy reaches it. */
static void a_portal_behind_a_proxy_is_reached_by_it(void **state)
{
    MEM_FREE_TEXT char *proxy = fault_portal_url("");
    struct extractor *extractor;
    struct export export;
    struct error err;

    (void)state;
    model.deadlines = far_away;
    if (!open_with("http://portal.test/", proxy, &extractor, &err) ||
        !fetch(extractor, "ok", &export, &err))
        fail_msg("%s", err.message);
    expect_file(&export, OK);
    export_done(&export);
    extractor_close(extractor);
}

static int tear_down(void **state)
{
    (void)state;
    fault_portal_close();
    file_remove_tree(folder);
    free(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_told_and_the_next_window_works),
        cmocka_unit_test(what_never_ends_is_ended_by_its_own_deadline),
        cmocka_unit_test(every_way_of_refusing_a_login_is_told),
        cmocka_unit_test(text_that_the_browser_would_show_is_also_repeated_without_it),
        cmocka_unit_test(a_portal_behind_a_proxy_is_reached_by_it),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_faults", tests, set_up, tear_down);
}
