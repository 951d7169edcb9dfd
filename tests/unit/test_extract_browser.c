/* SPDX-License-Identifier: MIT */
/* The browser process: its arguments and environment, its end, and the files that it leaves. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "extract/browser/chromium.h"
#include "tests/support/processes.h"
#include "tests/unit/test_extract_fixture.h"

#include <poll.h>
#include <sys/syscall.h>

static void the_password_is_in_no_log_error_or_argument_list(void **state)
{
    (void)state;
    struct settings settings = demo_settings();
    MEM_FREE_TEXT char *log = mem_format("%s/log", folder);
    pid_t family[64];
    int kept = dup(STDERR_FILENO), file = open(log, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    setenv("SIGOS_SENHA", PASSWORD, 1); /* the browser must not inherit it */
    log_setup(LOG_DEBUG, LOG_TEXT);
    dup2(file, STDERR_FILENO);
    struct extractor *extractor = open_demo(&settings);
    struct export export;
    fetch(extractor, &general, "2026-11-01", "2026-11-02", &export);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(file);
    log_setup(LOG_WARN, LOG_TEXT);

    size_t count = processes_below(getpid(), family, COUNT(family)), browsers = 0;
    for (size_t i = 0; i < count; i++) {
        if (family[i] == sim.pid)
            continue; /* the simulator must know the password */
        browsers += processes_hold(family[i], "cmdline", "chrom");
        assert_false(processes_hold(family[i], "cmdline", PASSWORD));
        assert_false(processes_hold(family[i], "environ", PASSWORD));
        assert_false(processes_hold(family[i], "environ", "SIGOS"));
    }
    assert_true(browsers >= 2);
    assert_true(processes_file_holds(log, "portal.step"));
    assert_false(processes_file_holds(log, PASSWORD));
    unsetenv("SIGOS_SENHA");
    export_done(&export);
    extractor_close(extractor);
}

enum { GONE_MS = 3000 };

/* Runs `body` in a child process. Sets *log to a descriptor to read its debug log from. */
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

/* Reads the child's log until `words` come; the rest stays readable. */
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

    setenv("TMPDIR", folder, 1); /* a killed process leaves its browser's profile here */
    open_demo(&settings);
    log_write(LOG_INFO, "test.open", log_fields({0}));
    for (;;)
        pause();
}

/* The folders of browsers in `folder`. */
static size_t count_profiles(void)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    for (const struct dirent *entry; (entry = readdir(dir));)
        count += strncmp(entry->d_name, "etl-sigos-browser", 17) == 0;
    closedir(dir);
    return count;
}

static void what_a_killed_run_leaves_is_removed_by_the_next_one(void **state)
{
    int killed_log, living_log;
    struct settings settings = demo_settings();

    (void)state;
    pid_t living = fork_logging(open_and_wait, &living_log);
    read_until(living_log, "test.open");
    pid_t killed = fork_logging(open_and_wait, &killed_log);
    read_until(killed_log, "test.open");
    assert_int_equal(count_profiles(), 2);
    kill(killed, SIGKILL);
    waitpid(killed, NULL, 0);
    setenv("TMPDIR", folder, 1);
    struct extractor *extractor = open_demo(&settings);
    unsetenv("TMPDIR");
    assert_int_equal(count_profiles(), 2); /* of the live process, and of this one */
    extractor_close(extractor);
    assert_int_equal(count_profiles(), 1);
    assert_int_equal(kill(living, 0), 0);
    kill(living, SIGKILL);
    waitpid(living, NULL, 0);
    close(living_log);
    close(killed_log);
}

static void no_browser_outlives_us(void **state)
{
    (void)state;
    pid_t family[64];
    int fds[64], log;
    pid_t pid = fork_logging(open_and_wait, &log);

    read_until(log, "test.open");
    size_t count = processes_below(pid, family, COUNT(family));
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++)
        fds[i] = (int)syscall(SYS_pidfd_open, family[i], 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(log);
    for (int64_t until = clock_ms() + GONE_MS, i = 0; i < (int64_t)count; i++) {
        struct pollfd ended = {.fd = fds[i], .events = POLLIN};
        int64_t left = until - clock_ms();
        if (fds[i] >= 0 && poll(&ended, 1, left > 0 ? (int)left : 0) != 1)
            fail_msg("process %d outlives us", (int)family[i]);
        close(fds[i]);
    }
}

static bool has_flag(const struct chromium *chromium, const char *flag)
{
    for (size_t i = 0; chromium->argv[i]; i++)
        if (strcmp(chromium->argv[i], flag) == 0)
            return true;
    return false;
}

static void the_command_line_is_that_of_a_careful_guest(void **state)
{
    static const char *const never[] = {"--ignore-certificate-errors", "--disable-web-security",
                                        "--remote-debugging-port=0", "--single-process"};
    const struct settings settings = {.headless = true}, seen = {.browser = "/bin/true"};
    struct chromium chromium;
    struct error err;

    (void)state;
    assert_true(chromium_find(&settings, "/profile", true, &chromium, &err));
    assert_non_null(strstr(chromium.program, "headless-shell"));
    assert_int_equal(has_flag(&chromium, "--no-sandbox"), geteuid() == 0);
    assert_true(has_flag(&chromium, "--headless"));
    assert_true(has_flag(&chromium, "--disable-dev-shm-usage"));
    assert_true(has_flag(&chromium, "--user-data-dir=/profile"));
    for (size_t i = 0; i < COUNT(never); i++)
        assert_false(has_flag(&chromium, never[i]));
    chromium_done(&chromium);

    setenv("DISPLAY", ":99", 1);
    assert_true(chromium_find(&seen, "/profile", true, &chromium, &err)); /* HEADLESS=false */
    assert_string_equal(chromium.program, "/bin/true");
    assert_false(has_flag(&chromium, "--headless"));
    assert_false(has_flag(&chromium, "--headless=new"));
    chromium_done(&chromium);
    unsetenv("DISPLAY");
    assert_false(chromium_find(&seen, "/profile", true, &chromium, &err));
    assert_non_null(strstr(err.message, "HEADLESS=false needs a screen"));
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
    assert_int_equal(processes_below(getpid(), family, COUNT(family)), 1);
    assert_int_equal(family[0], sim.pid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_password_is_in_no_log_error_or_argument_list),
        TEST(a_stop_signal_ends_the_wait),
        TEST(no_browser_outlives_us),
        TEST(what_a_killed_run_leaves_is_removed_by_the_next_one),
        cmocka_unit_test(the_command_line_is_that_of_a_careful_guest),
        TEST(no_trace_of_a_browser_remains),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_browser", tests, NULL, NULL);
}
