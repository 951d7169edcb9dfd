/* SPDX-License-Identifier: MIT */
/* Exports by repeated requests instead of clicks, in a real browser. The log tells which windows
 * were clicked, and the simulator tells what was requested. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "extract/replay/strategy.h"
#include "tests/unit/test_extract_fixture.h"

#include <curl/curl.h>
#include <time.h>

#define CLICKED "portal.step action=click at=#btn-salvar-form"

static const char *const windows[][2] = {{"2026-08-01", "2026-08-31"},
                                         {"2026-08-31", "2026-09-30"},
                                         {"2026-09-30", "2026-10-20"},
                                         {"2026-10-20", "2026-11-10"}};

/* ------------------------------------------------------------------------------- the simulator */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *arg)
{
    buf_add(arg, bytes, size * count);
    return size * count;
}

static void ask_simulator(const char *path, bool post, struct buf *out)
{
    MEM_FREE_TEXT char *url =
        mem_format("%.*s/_sim/%s", (int)(strstr(sim.url, "/sigos/") - sim.url), sim.url, path);
    CURL *curl = curl_easy_init();
    long status = 0;

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
    if (post)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
    curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    if (status != 200)
        fail_msg("%s: HTTP %ld %s", path, status, buf_text(out));
}

static void control(const char *what)
{
    BUF_DONE struct buf answer = BUF_INIT(TEXT_MAX);

    ask_simulator(what, true, &answer);
}

static long count_in_state(const char *name)
{
    BUF_DONE struct buf state = BUF_INIT(TEXT_MAX);
    MEM_FREE_TEXT char *key = mem_format("\"%s\": ", name);

    ask_simulator("state", false, &state);
    const char *found = strstr(buf_text(&state), key);
    assert_non_null(found);
    return strtol(found + strlen(key), NULL, 10);
}

/* ------------------------------------------------------------------------------------- the log */

static struct {
    FILE *file;
    int kept;
} captured;

/* Keeps the log from here on, at debug, until it is read. */
static void open_log(void)
{
    fflush(stderr);
    captured.file = tmpfile();
    captured.kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(fileno(captured.file), STDERR_FILENO);
    log_setup(LOG_DEBUG, LOG_TEXT);
}

static void close_log(void)
{
    log_setup(LOG_WARN, LOG_TEXT);
    dup2(captured.kept, STDERR_FILENO);
    close(captured.kept);
    fclose(captured.file);
}

static size_t count_in_log(const char *words)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);
    char bytes[4096];
    size_t count = 0;
    ssize_t got;

    for (off_t at = 0; (got = pread(fileno(captured.file), bytes, sizeof(bytes), at)) > 0;
         at += got)
        buf_add(&text, bytes, (size_t)got);
    for (const char *at = buf_text(&text); (at = strstr(at, words)); at += strlen(words))
        count++;
    return count;
}

static void expect_logged(size_t times, const char *words, const char *fixture)
{
    size_t found = count_in_log(words);

    if (found != times)
        fail_msg("%s: '%s' was logged %zu times instead of %zu", fixture, words, found, times);
}

/* --------------------------------------------------------------------------------------- scenes */

static struct extractor *open_fixture(const char *const *flags, const struct portal *portal)
{
    static struct settings settings;
    struct extractor *extractor = NULL;
    struct error err = {0};

    start_simulator_with(flags);
    assert_true(file_make_temp_dir("test-strategy", &folder, &err));
    settings = demo_settings();
    open_log();
    if (!extractor_open_portal(portal, &settings, folder, &extractor, &err)) {
        close_log();
        fail_msg("%s", err.message);
    }
    return extractor;
}

static void close_fixture(struct extractor *extractor)
{
    close_log();
    extractor_close(extractor);
    tear_down(NULL);
}

static void export_days(struct extractor *extractor, const struct report *report, const char *from,
                        const char *to)
{
    struct export export = {0};
    struct error err = {0};

    if (!extractor_fetch(extractor, report, days(from, to), &export, &err)) {
        close_log();
        fail_msg("%s", err.message);
    }
    expect_same_as_portal(export.paths[0],
                          strcmp(report->name, "return_reports") == 0 ? "return" : "general", from,
                          to);
    unlink(export.paths[0]);
    export_done(&export);
    assert_int_equal(count_files(), 0);
}

/* Windows [from, to) of the table above. */
static void export_windows(struct extractor *extractor, const struct report *report, size_t from,
                           size_t to)
{
    for (size_t i = from; i < to; i++)
        export_days(extractor, report, windows[i][0], windows[i][1]);
}

#define PLAIN ((const char *const[]){NULL})

/* ---------------------------------------------------------------------------------------- tests */

static void only_the_first_window_is_clicked(void **state)
{
    static const char *const variants[][3] = {
        {"--export", "form"},      {"--export", "fetch"},    {"--export", "newtab"},
        {"--dates", "text"},       {"--dates", "masked"},    {"--dates", "events"},
        {"--transfer", "chunked"}, {"--transfer", "close"},  {"--check-origin", "on"},
        {"--bind-agent", "on"},    {"--lock-session", "on"}, {"--single-session", "on"},
        {"--login", "scripted"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(variants); i++) {
        struct extractor *extractor = open_fixture(variants[i], &sigos);
        export_windows(extractor, &general, 0, 4);
        expect_logged(1, CLICKED, variants[i][1]);
        expect_logged(1, "replay.proven report=general_reports same=bytes", variants[i][1]);
        assert_int_equal(count_in_state("exports"), 5); /* the first window was requested twice */
        assert_int_equal(count_in_state("logins"), 1);
        close_fixture(extractor);
    }
}

static void every_report_has_its_own_way(void **state)
{
    struct extractor *extractor = open_fixture(PLAIN, &sigos);

    (void)state;
    export_windows(extractor, &general, 0, 3);
    export_days(extractor, &returns, "2026-01-01", "2026-06-01");
    export_days(extractor, &returns, "2026-06-01", "2026-11-24");
    expect_logged(2, CLICKED, "two reports");
    expect_logged(1, "replay.proven report=return_reports same=bytes", "two reports");
    assert_int_equal(count_in_state("exports"), 7);
    close_fixture(extractor);
}

static void a_run_of_one_window_asks_for_nothing_twice(void **state)
{
    struct extractor *extractor = open_fixture(PLAIN, &sigos);

    (void)state;
    export_windows(extractor, &general, 0, 1);
    assert_int_equal(count_in_state("exports"), 1);
    close_fixture(extractor);
}

static void a_single_day_is_clicked_until_the_way_is_known(void **state)
{
    struct extractor *extractor = open_fixture(PLAIN, &sigos);

    (void)state;
    export_days(extractor, &general, "2026-08-03", "2026-08-03");
    export_windows(extractor, &general, 0, 2);
    export_days(extractor, &general, "2026-08-04", "2026-08-04");
    expect_logged(2, CLICKED, "single day");
    close_fixture(extractor);
}

static void a_job_that_is_polled_is_clicked(void **state)
{
    struct extractor *extractor =
        open_fixture((const char *const[]){"--export", "job", NULL}, &sigos);

    (void)state;
    export_windows(extractor, &general, 0, 3);
    expect_logged(3, CLICKED, "job");
    expect_logged(1,
                  "replay.none report=general_reports why=\"the request with both days was "
                  "answered with application/json instead of a file\"",
                  "job");
    assert_int_equal(count_in_state("exports"), 3);
    close_fixture(extractor);
}

/* Each case has its own report: an extractor that stops repeating requests of a report does not
 * start again. */
static void whatever_else_comes_than_the_file_is_clicked_again(void **state)
{
    static const struct {
        const char *fault, *why;
    } cases[] = {
        {"http500", "HTTP 500"},
        {"http503", "HTTP 503"},
        {"http429", "HTTP 429"},
        {"cut", "bytes remaining to read"},
        {"cut:transfer=chunked", "transfer closed with outstanding read data remaining"},
        {"cut:reset=1", "why=\""}, /* the error of a reset depends on its moment */
        {"html", "a page that is called a file"},
        {"login-file", "a page that is called a file"},
        {"fatal:bytes=0", "a page that is called a file"},
        {"empty", "an empty file"},
        {"unnamed", "a file without a name"},
        {"misnamed", "a file called 'export.csv'"},
        {"report", "a file called 'retorno"},
        {"message", "text/html instead of a file"},
        {"dialog", "text/html instead of a file"},
    };
    struct extractor *extractor = open_fixture(PLAIN, &sigos);
    struct report reports[COUNT(cases)];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *fault = mem_format("fault?spec=%s@1", cases[i].fault);
        size_t clicks = count_in_log(CLICKED), left = count_in_log("replay.left");
        reports[i] = general;
        export_windows(extractor, &reports[i], 0, 2);
        control(fault);
        export_windows(extractor, &reports[i], 2, 4);
        control("fault/clear");
        expect_logged(clicks + 3, CLICKED, cases[i].fault);
        expect_logged(left + 1, "replay.left", cases[i].fault);
        if (count_in_log(cases[i].why) == 0)
            fail_msg("%s: '%s' was not logged", cases[i].fault, cases[i].why);
    }
    assert_int_equal(count_in_state("logins"), 1);
    close_fixture(extractor);
}

static void a_portal_that_does_not_go_on_is_not_waited_for_without_end(void **state)
{
    static const struct {
        const char *fault, *why;
    } cases[] = {
        {"hang", "no answer came for 1 s"},
        {"stall", "the transfer stood still for 1 s"},
        {"slow:rate=1000", "the export was not finished for 4 s"},
    };
    struct portal impatient = sigos;

    (void)state;
    impatient.deadlines.answer = impatient.deadlines.silence = 1;
    impatient.deadlines.window = 4;
    struct extractor *extractor = open_fixture(PLAIN, &impatient);
    struct report reports[COUNT(cases)];
    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *fault = mem_format("fault?spec=%s@1", cases[i].fault);
        reports[i] = general;
        export_windows(extractor, &reports[i], 0, 2);
        control(fault);
        export_windows(extractor, &reports[i], 2, 3);
        expect_logged(1, cases[i].why, cases[i].fault);
    }
    close_fixture(extractor);
}

static void a_proof_that_fails_is_no_way(void **state)
{
    static const struct {
        const char *fault, *why;
    } cases[] = {
        {"http500@1", "replay.left report=general_reports why=\"HTTP 500\""},
        {"expired@1",
         "replay.left report=general_reports why=\"HTTP 302, the way to another page\""},
        {"header@1", "replay.differs report=general_reports"},
        {"period@1", "replay.differs report=general_reports"},
    };
    struct extractor *extractor = open_fixture(PLAIN, &sigos);
    struct report reports[COUNT(cases)];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        MEM_FREE_TEXT char *fault = mem_format("fault?spec=%s", cases[i].fault);
        size_t clicks = count_in_log(CLICKED), told = count_in_log(cases[i].why);
        reports[i] = general;
        export_windows(extractor, &reports[i], 0, 1);
        control(fault);
        export_windows(extractor, &reports[i], 1, 2);
        expect_logged(clicks + 2, CLICKED, cases[i].fault);
        expect_logged(told + 1, cases[i].why, cases[i].fault);
    }
    close_fixture(extractor);
}

static void a_portal_whose_rows_change_is_tried_twice(void **state)
{
    struct extractor *extractor = open_fixture(PLAIN, &sigos);
    struct report once = general, twice = general;

    (void)state;
    export_windows(extractor, &once, 0, 1);
    control("fault?spec=header@1");
    export_windows(extractor, &once, 1, 4);
    expect_logged(2, CLICKED, "once");
    export_windows(extractor, &twice, 0, 1);
    control("fault?spec=header@1");
    export_windows(extractor, &twice, 1, 2);
    control("fault?spec=header@1");
    export_windows(extractor, &twice, 2, 4);
    expect_logged(2 + 4, CLICKED, "twice");
    expect_logged(1, "the repeated request brings another file than the click did", "twice");
    close_fixture(extractor);
}

static void a_session_that_ended_is_renewed_and_its_way_learned_again(void **state)
{
    struct extractor *extractor = open_fixture(PLAIN, &sigos);

    (void)state;
    export_windows(extractor, &general, 0, 2);
    control("sessions/expire");
    export_windows(extractor, &general, 2, 4);
    expect_logged(2, CLICKED, "renewed");
    expect_logged(2, "replay.proven", "renewed");
    expect_logged(1, "replay.renewed", "renewed");
    assert_int_equal(count_in_state("logins"), 2);
    close_fixture(extractor);
}

static void sessions_that_keep_ending_are_clicked(void **state)
{
    struct extractor *extractor =
        open_fixture((const char *const[]){"--expire-exports", "3", NULL}, &sigos);

    (void)state;
    export_windows(extractor, &general, 0, 2); /* the verdict holds for the next sessions too */
    for (size_t i = 0; i < REPLAY_RENEWALS; i++)
        export_windows(extractor, &general, 0, 3);
    expect_logged(3, "replay.renewed", "short sessions");
    expect_logged(0, "replay.left", "short sessions");
    export_windows(extractor, &general, 0, 1);
    expect_logged(3, "replay.renewed", "short sessions");
    expect_logged(1, "replay.left", "short sessions");
    close_fixture(extractor);
}

static void nothing_secret_is_logged(void **state)
{
    static const char *const secrets[] = {PASSWORD, "PHPSESSID", "csrf", "data_inicio=", "Mozilla"};
    struct extractor *extractor = open_fixture(PLAIN, &sigos);

    (void)state;
    export_windows(extractor, &general, 0, 2);
    control("fault?spec=http500@1");
    export_windows(extractor, &general, 2, 3);
    for (size_t i = 0; i < COUNT(secrets); i++)
        expect_logged(0, secrets[i], "secrets");
    expect_logged(1, "replay.left", "secrets");
    close_fixture(extractor);
}

static void stop_in(int ms)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGTERM};
    const struct itimerspec when = {.it_value = {.tv_nsec = (long)ms * 1000000}};
    timer_t timer;

    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &when, NULL);
}

/* Exits with 42 if a stop ends an export at once. Runs in a child process, because a stop cannot be
 * undone. */
static void wait_until_stopped(void)
{
    struct extractor *extractor = open_fixture(PLAIN, &sigos);
    struct export export = {0};
    struct error err = {0};

    if (!stop_install(&err))
        _exit(2);
    export_windows(extractor, &general, 0, 2);
    control("fault?spec=hang@1");
    int64_t began = clock_ms();
    stop_in(300);
    bool good =
        extractor_fetch(extractor, &general, days(windows[2][0], windows[2][1]), &export, &err);
    bool at_once = clock_ms() - began < 2000;
    bool empty = count_files() == 0;
    close_fixture(extractor);
    _exit(!good && err.kind == ERROR_STOPPED && at_once && empty ? 42 : 3);
}

static void a_stop_signal_ends_the_wait(void **state)
{
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0)
        wait_until_stopped();
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_first_window_is_clicked),
        cmocka_unit_test(every_report_has_its_own_way),
        cmocka_unit_test(a_run_of_one_window_asks_for_nothing_twice),
        cmocka_unit_test(a_single_day_is_clicked_until_the_way_is_known),
        cmocka_unit_test(a_job_that_is_polled_is_clicked),
        cmocka_unit_test(whatever_else_comes_than_the_file_is_clicked_again),
        cmocka_unit_test(a_portal_that_does_not_go_on_is_not_waited_for_without_end),
        cmocka_unit_test(a_proof_that_fails_is_no_way),
        cmocka_unit_test(a_portal_whose_rows_change_is_tried_twice),
        cmocka_unit_test(a_session_that_ended_is_renewed_and_its_way_learned_again),
        cmocka_unit_test(sessions_that_keep_ending_are_clicked),
        cmocka_unit_test(nothing_secret_is_logged),
        cmocka_unit_test(a_stop_signal_ends_the_wait),
    };

    signal(SIGPIPE, SIG_IGN);
    log_setup(LOG_WARN, LOG_TEXT);
    return cmocka_run_group_tests_name("extract_strategy", tests, NULL, NULL);
}
