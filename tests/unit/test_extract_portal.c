/* SPDX-License-Identifier: MIT */
/* The portal extractor, with a real browser, against the simulator that SIGOS_SIM names. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "extract/extractor.h"
#include "tests/support/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASSWORD "s3nha-de-teste"
#define AT(...)                                                                                    \
    {                                                                                              \
        .any = {                                                                                   \
            .items = (const char *const[]){__VA_ARGS__},                                           \
            .count = COUNT(((const char *const[]){__VA_ARGS__})),                                  \
        }                                                                                          \
    }
#define STEPS(...)                                                                                 \
    {                                                                                              \
        .items = (const struct step[]){__VA_ARGS__},                                               \
        .count = COUNT(((const struct step[]){__VA_ARGS__})),                                      \
    }
#define CLICK(...)                                                                                 \
    {                                                                                              \
        .action = STEP_CLICK, .at = AT(__VA_ARGS__)                                                \
    }
#define SELECT(where, what)                                                                        \
    {                                                                                              \
        .action = STEP_SELECT, .at = AT(where), .text = what                                       \
    }
#define MENU "/html/body/div[1]/aside[1]/div/nav/ul/li[7]"
#define FORM "/html/body/form/div/div/div[2]/div[3]/div"
#define WINDOW_STEPS                                                                               \
    STEPS({.action = STEP_DATE, .at = AT("#data_inicio"), .value = STEP_FIRST},                    \
          {.action = STEP_DATE, .at = AT("#data_fim"), .value = STEP_LAST},                        \
          CLICK("#btn-salvar-form"))

enum { LINE_SIZE = 512, TEXT_MAX = 16 << 20 };

static const struct portal sigos = {
    .name = "sigos",
    .login = STEPS({.action = STEP_FILL, .at = AT(FORM "/div[1]/input"), .value = STEP_USER},
                   {.action = STEP_FILL, .at = AT(FORM "/div[2]/input"), .value = STEP_PASSWORD},
                   CLICK(FORM "/div[3]/div[2]/button")),
    .logged_in = AT(MENU "/a/i"),
    .login_error = AT(".alert-danger"),
    .page_error = AT(".alert-danger", ".alert-warning"),
    .deadlines =
        {.browser = 20, .page = 10, .element = 3, .answer = 20, .silence = 10, .window = 60},
};

static const struct report general = {
    .name = "general_reports",
    .open = STEPS(CLICK(MENU "/a/i"), CLICK(MENU "/ul/li[1]/a/i"), SELECT("#tp_relatorio", "tudo"),
                  SELECT("#periodo_todos", "data_execucao")),
    .window = WINDOW_STEPS,
    .files = {.items = (const char *const[]){"relatorio_prot_geral*.csv"}, .count = 1},
};

static const struct report returns = {
    .name = "return_reports",
    .open =
        STEPS(CLICK(MENU "/a/i"), CLICK(MENU "/ul/li[1]/a/i"), SELECT("#tp_relatorio", "retornos"),
              SELECT("//*[@id=\"div_stat_retorno\"]/div/select", "E"),
              SELECT("#periodo_ret", "data_execucao")),
    .window = WINDOW_STEPS,
    .files = {.items = (const char *const[]){"retorno*.csv"}, .count = 1},
};

/* ------------------------------------------------------------------------------- the simulator */

struct sim {
    pid_t pid;
    char url[LINE_SIZE];
};

static struct sim sim;
static char *folder;

/* Starts the simulator with its standard output on *out. */
static pid_t run_simulator(const char *const *args, int *out)
{
    const char *program = getenv("SIGOS_SIM");
    const char *argv[16] = {program};
    int ends[2];

    if (!program || access(program, X_OK) != 0)
        fail_msg("set SIGOS_SIM to the simulator's program (make build/release/sigos-sim)");
    for (size_t i = 0; args[i]; i++)
        argv[i + 1] = args[i];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        setenv("SIM_SENHA", PASSWORD, 1);
        execv(program, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

static void start_simulator(const char *delay_ms)
{
    const char *args[] = {"serve",   "--port",     "0",          "--rows", "40",
                          "--today", "2026-11-23", "--delay-ms", delay_ms, NULL};
    int out;

    sim.pid = run_simulator(args, &out);
    FILE *lines = fdopen(out, "r");
    assert_int_equal(fscanf(lines, "listening %500s", sim.url), 1);
    fclose(lines);
}

static void stop_simulator(void)
{
    kill(sim.pid, SIGTERM);
    waitpid(sim.pid, NULL, 0);
}

static void read_all(int fd, struct buf *out)
{
    char bytes[4096];

    for (ssize_t got; (got = read(fd, bytes, sizeof(bytes))) > 0;)
        buf_add(out, bytes, (size_t)got);
    close(fd);
}

static void expect_same_as_portal(const char *path, const char *report, const char *from,
                                  const char *to)
{
    const char *args[] = {"export", "--report", report, "--from",  from,         "--to",
                          to,       "--rows",   "40",   "--today", "2026-11-23", NULL};
    BUF_DONE struct buf expected = BUF_INIT(TEXT_MAX);
    struct file_map map;
    struct error err;
    int out;

    pid_t pid = run_simulator(args, &out);
    read_all(out, &expected);
    waitpid(pid, NULL, 0);
    assert_true(expected.len > 100);
    assert_true(file_map_open(path, &map, &err));
    assert_int_equal(map.size, expected.len);
    assert_memory_equal(map.data, expected.data, expected.len);
    file_map_close(&map);
}

/* ------------------------------------------------------------------------------------ helpers */

static struct settings demo_settings(void)
{
    return (struct settings){.portal_url = sim.url,
                             .user = "demo",
                             .password = PASSWORD,
                             .browser = getenv("CHROME_BIN"),
                             .headless = true};
}

static struct window days(const char *from, const char *to)
{
    struct window window = {0};

    assert_true(date_parse_iso(from, strlen(from), &window.first));
    assert_true(date_parse_iso(to, strlen(to), &window.last));
    return window;
}

static struct extractor *open_demo(const struct settings *settings)
{
    struct extractor *extractor = NULL;
    struct error err = {0};

    if (!extractor_open_portal(&sigos, settings, folder, &extractor, &err))
        fail_msg("%s", err.message);
    return extractor;
}

static void fetch(struct extractor *extractor, const struct report *report, const char *from,
                  const char *to, struct export *out)
{
    struct error err = {0};

    *out = (struct export){0};
    if (!extractor_fetch(extractor, report, days(from, to), out, &err))
        fail_msg("%s", err.message);
}

static void expect_error(const struct error *err, enum error_kind kind, const char *words)
{
    if (err->kind != kind || !strstr(err->message, words))
        fail_msg("expected %s with '%s', got %s: %s", error_kind_name(kind), words,
                 error_kind_name(err->kind), err->message);
}

static size_t count_files(void)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

/* All processes below `pid`, itself not included. */
static size_t find_descendants(pid_t pid, pid_t *out, size_t max)
{
    MEM_FREE_TEXT char *path = mem_format("/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *children = fopen(path, "r");
    size_t count = 0;
    int child;

    if (!children)
        return 0;
    while (count < max && fscanf(children, "%d", &child) == 1) {
        out[count++] = child;
        count += find_descendants(child, out + count, max - count);
    }
    fclose(children);
    return count;
}

static bool holds(const char *path, const char *needle)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return false;
    read_all(fd, &text);
    return text.len && memmem(text.data, text.len, needle, strlen(needle));
}

/* -------------------------------------------------------------------------------------- tests */

static void a_window_is_exported_to_a_complete_file(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    struct export export;
    time_t before = clock_now();

    fetch(extractor, &general, "2026-10-24", "2026-11-23", &export);
    assert_int_equal(export.count, 1);
    assert_true(export.extracted_at >= before && export.extracted_at <= clock_now());
    MEM_FREE_TEXT char *path = mem_format("%s/general_reports_2026-10-24_2026-11-23.csv", folder);
    assert_string_equal(export.paths[0], path);
    expect_same_as_portal(path, "general", "2026-10-24", "2026-11-23");
    export_done(&export);
    extractor_close(extractor);
}

static void windows_follow_each_other_on_the_same_page(void **state)
{
    (void)state;
    static const char *const bounds[] = {"2026-08-01", "2026-08-31", "2026-09-30", "2026-10-30"};
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);

    for (size_t i = 0; i + 1 < COUNT(bounds); i++) {
        struct export export;
        fetch(extractor, &general, bounds[i], bounds[i + 1], &export);
        expect_same_as_portal(export.paths[0], "general", bounds[i], bounds[i + 1]);
        export_done(&export);
    }
    assert_int_equal(count_files(), 3);
    extractor_close(extractor);
}

static void both_reports_are_exported_in_one_session(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    struct export export;

    fetch(extractor, &general, "2026-11-01", "2026-11-10", &export);
    export_done(&export);
    fetch(extractor, &returns, "2026-06-01", "2026-11-24", &export);
    expect_same_as_portal(export.paths[0], "return", "2026-06-01", "2026-11-24");
    export_done(&export);
    fetch(extractor, &general, "2026-11-10", "2026-11-20", &export);
    expect_same_as_portal(export.paths[0], "general", "2026-11-10", "2026-11-20");
    export_done(&export);
    extractor_close(extractor);
}

static void a_failed_window_does_not_spoil_the_next(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    struct report other = general;
    struct export export = {0};
    struct error err = {0};

    other.files = (struct names){.items = (const char *const[]){"outro*.csv"}, .count = 1};
    assert_false(
        extractor_fetch(extractor, &other, days("2026-11-01", "2026-11-02"), &export, &err));
    expect_error(&err, ERROR_DATA,
                 "general_reports 2026-11-01..2026-11-02: step 3 "
                 "(click #btn-salvar-form): the portal sent 'relatorio_prot");
    assert_int_equal(count_files(), 0);
    assert_int_equal(export.count, 0);
    fetch(extractor, &general, "2026-11-01", "2026-11-02", &export);
    export_done(&export);
    extractor_close(extractor);
}

static void a_wrong_password_is_reported_in_the_portals_own_words_and_tried_once(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct error err = {0};

    settings.password = "outra-s3nha";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_LOGIN, "login: the portal refuses: ");
    assert_null(strstr(err.message, settings.password));
    assert_null(extractor);
}

static void a_portal_that_is_not_there_fails_before_the_deadline(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct error err = {0};
    int64_t began = clock_ms();

    settings.portal_url = "http://127.0.0.1:9/sigos/";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_PORTAL, "http://127.0.0.1:9/sigos/: the network says net::ERR_");
    assert_true(clock_ms() - began < 8000);
    MEM_FREE_TEXT char *missing = mem_format("%snowhere/at/all", sim.url);
    settings.portal_url = missing;
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_PORTAL, "the server answered HTTP 404");
}

static void missing_credentials_are_named_before_a_browser_starts(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct error err = {0};

    settings.browser = "/nowhere/chromium";
    settings.password = NULL;
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_CONFIG, "set SIGOS_SENHA");
    settings.user = "";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_CONFIG, "set SIGOS_USUARIO and SIGOS_SENHA");
}

static void a_browser_that_does_not_start_says_why(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct error err = {0};

    settings.browser = "/nowhere/chromium";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_CONFIG, "CHROME_BIN: cannot run /nowhere/chromium: No such file");
    settings.browser = "/bin/false";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_SYSTEM, "/bin/false ended at once with status 1");
    expect_error(&err, ERROR_SYSTEM, "apt install chromium-headless-shell");
    settings.browser = "/bin/ls";
    assert_false(extractor_open_portal(&sigos, &settings, folder, &extractor, &err));
    expect_error(&err, ERROR_SYSTEM, "saying: ");
}

static void a_select_without_the_option_names_the_options(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    const struct report wrong = {
        .name = "wrong",
        .open =
            STEPS(CLICK(MENU "/a/i"), CLICK(MENU "/ul/li[1]/a/i"), SELECT("#tp_relatorio", "nada")),
        .window = WINDOW_STEPS,
    };
    struct export export = {0};
    struct error err = {0};

    assert_false(
        extractor_fetch(extractor, &wrong, days("2026-11-01", "2026-11-02"), &export, &err));
    expect_error(&err, ERROR_PORTAL,
                 "opening: step 3 (select #tp_relatorio): there is no option "
                 "'nada'; it offers ");
    expect_error(&err, ERROR_PORTAL, "'retornos' (");
    extractor_close(extractor);
}

static void an_element_that_never_comes_is_named(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    struct extractor *extractor = open_demo(&settings);
    const struct report wrong = {
        .name = "wrong",
        .open = STEPS(CLICK("#nao-existe")),
        .window = WINDOW_STEPS,
    };
    const struct report malformed = {
        .name = "malformed",
        .open = STEPS(CLICK("//a[")),
        .window = WINDOW_STEPS,
    };
    struct export export = {0};
    struct error err = {0};

    assert_false(
        extractor_fetch(extractor, &wrong, days("2026-11-01", "2026-11-02"), &export, &err));
    expect_error(&err, ERROR_PORTAL, "step 1 (click #nao-existe): there is no such element");
    assert_false(
        extractor_fetch(extractor, &malformed, days("2026-11-01", "2026-11-02"), &export, &err));
    expect_error(&err, ERROR_PORTAL, "step 1 (click //a[): the page's script failed: ");
    extractor_close(extractor);
}

static void the_password_is_in_no_log_error_or_argument_list(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    MEM_FREE_TEXT char *log = mem_format("%s/log", folder);
    pid_t family[64];
    int kept = dup(STDERR_FILENO), file = open(log, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    setenv("SIGOS_SENHA", PASSWORD, 1); /* it must not be handed on */
    log_setup(LOG_DEBUG, LOG_TEXT);
    dup2(file, STDERR_FILENO);
    struct extractor *extractor = open_demo(&settings);
    struct export export;
    fetch(extractor, &general, "2026-11-01", "2026-11-02", &export);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(file);
    log_setup(LOG_WARN, LOG_TEXT);

    size_t count = find_descendants(getpid(), family, COUNT(family)), browsers = 0;
    for (size_t i = 0; i < count; i++) {
        if (family[i] == sim.pid)
            continue; /* it has to know */
        MEM_FREE_TEXT char *args = mem_format("/proc/%d/cmdline", (int)family[i]);
        MEM_FREE_TEXT char *env = mem_format("/proc/%d/environ", (int)family[i]);
        browsers += holds(args, "chrom");
        assert_false(holds(args, PASSWORD));
        assert_false(holds(env, PASSWORD));
        assert_false(holds(env, "SIGOS"));
    }
    assert_true(browsers >= 2);
    assert_true(holds(log, "portal.step"));
    assert_false(holds(log, PASSWORD));
    unsetenv("SIGOS_SENHA");
    export_done(&export);
    extractor_close(extractor);
}

/* Runs `body` in a child whose log, at debug, can be read from the descriptor returned. */
static pid_t fork_logging(void (*body)(void), int *log)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        log_setup(LOG_DEBUG, LOG_TEXT);
        body();
        _exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    *log = ends[0];
    return pid;
}

/* Reads the child's log until `words` came; the rest of it stays readable. */
static void read_until(int log, const char *words)
{
    BUF_DONE struct buf seen = BUF_INIT(TEXT_MAX);
    char c;

    while (read(log, &c, 1) == 1) {
        buf_add_char(&seen, c);
        if (strstr(buf_text(&seen), words))
            return;
    }
    fail_msg("the child never said '%s' but: %s", words, buf_text(&seen));
}

static void export_until_stopped(void)
{
    struct settings settings = demo_settings();
    struct extractor *extractor = NULL;
    struct export export = {0};
    struct error err = {0};

    if (!stop_install(&err) || !extractor_open_portal(&sigos, &settings, folder, &extractor, &err))
        _exit(2);
    bool good =
        extractor_fetch(extractor, &general, days("2026-11-01", "2026-11-02"), &export, &err);
    extractor_close(extractor);
    _exit(!good && err.kind == ERROR_STOPPED ? 42 : 3);
}

static void a_stop_signal_ends_the_wait(void **state)
{
    (void)state;
    int log, status;

    stop_simulator();
    start_simulator("60000");
    pid_t pid = fork_logging(export_until_stopped, &log);
    read_until(log, "at=#btn-salvar-form");
    int64_t asked = clock_ms();
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    close(log);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
    assert_true(clock_ms() - asked < 4000);
    assert_int_equal(count_files(), 0);
}

static void open_and_wait(void)
{
    struct settings settings = demo_settings();

    setenv("TMPDIR", folder, 1); /* whoever is killed leaves the browser's profile behind */
    open_demo(&settings);
    log_write(LOG_INFO, "test.open", log_fields({0}));
    for (;;)
        pause();
}

static void no_browser_outlives_us(void **state)
{
    (void)state;
    pid_t family[64];
    int fds[64], log;
    pid_t pid = fork_logging(open_and_wait, &log);

    read_until(log, "test.open");
    size_t count = find_descendants(pid, family, COUNT(family));
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++)
        fds[i] = (int)syscall(SYS_pidfd_open, family[i], 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(log);
    for (size_t i = 0; i < count; i++) {
        struct pollfd ended = {.fd = fds[i], .events = POLLIN};
        if (fds[i] >= 0 && poll(&ended, 1, 5000) != 1)
            fail_msg("process %d outlives us", (int)family[i]);
        close(fds[i]);
    }
}

static void no_trace_of_a_browser_remains(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    pid_t family[64];
    MEM_FREE_TEXT char *temp = mem_format("%s/temp", folder);
    struct error err;

    assert_true(file_make_dirs(temp, &err));
    setenv("TMPDIR", temp, 1);
    extractor_close(open_demo(&settings));
    unsetenv("TMPDIR");
    assert_int_equal(rmdir(temp), 0); /* empty */
    assert_int_equal(find_descendants(getpid(), family, COUNT(family)), 1);
    assert_int_equal(family[0], sim.pid);
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    if (!file_make_temp_dir("test-extract", &folder, &err))
        return -1;
    start_simulator("0");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stop_simulator();
    file_remove_tree(folder);
    free(folder);
    folder = NULL;
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_window_is_exported_to_a_complete_file),
        TEST(windows_follow_each_other_on_the_same_page),
        TEST(both_reports_are_exported_in_one_session),
        TEST(a_failed_window_does_not_spoil_the_next),
        TEST(a_wrong_password_is_reported_in_the_portals_own_words_and_tried_once),
        TEST(a_portal_that_is_not_there_fails_before_the_deadline),
        TEST(missing_credentials_are_named_before_a_browser_starts),
        TEST(a_browser_that_does_not_start_says_why),
        TEST(a_select_without_the_option_names_the_options),
        TEST(an_element_that_never_comes_is_named),
        TEST(the_password_is_in_no_log_error_or_argument_list),
        TEST(a_stop_signal_ends_the_wait),
        TEST(no_browser_outlives_us),
        TEST(no_trace_of_a_browser_remains),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_portal", tests, NULL, NULL);
}
