/* SPDX-License-Identifier: MIT */
/* The live line of a run: what it says, and what stands on real pseudo terminals of 80 and 150
 * columns. */
#include "base/activity.h"
#include "base/log.h"
#include "run/progress.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { SHOWN_MAX = 64 * 1024, SCREEN_MAX = 256, DEADLINE_MS = 10 * 1000 };

/* --- the line ----------------------------------------------------------------------------------*/

static struct progress_view one_session(void)
{
    return (struct progress_view){
        .windows = 84,
        .done = 12,
        .rows = 23104,
        .now_ms = 28 * 1000,
        .sessions[0] = {.what = "general_reports 13/58", .since_ms = 14 * 1000, .bytes = 1234567},
    };
}

static struct progress_view four_sessions(void)
{
    struct progress_view view = one_session();

    for (size_t i = 1; i < JOBS_MAX; i++) {
        view.sessions[i] = view.sessions[0];
        snprintf(view.sessions[i].what, sizeof(view.sessions[i].what), "general_reports %zu/58",
                 13 + i);
    }
    view.sessions[2].bytes = 0;
    return view;
}

static void expect_line(struct progress_view view, size_t columns, const char *expected)
{
    BUF_DONE struct buf line = BUF_INIT(1024);

    progress_line(&view, columns, &line);
    assert_string_equal(buf_text(&line), expected);
    assert_true(line.len <= columns);
}

static void the_line_says_what_is_done_and_what_is_waited_for(void **state)
{
    (void)state;
    expect_line(one_session(), 149,
                "12/84 windows  23104 rows  825 rows/s  2 min 48 s left"
                " | general_reports 13/58 14 s 1.2 MB");
    expect_line(four_sessions(), 400,
                "12/84 windows  23104 rows  825 rows/s  2 min 48 s left"
                " | general_reports 13/58 14 s 1.2 MB | general_reports 14/58 14 s 1.2 MB"
                " | general_reports 15/58 14 s | general_reports 16/58 14 s 1.2 MB");
}

static void what_does_not_fit_is_left_out_the_least_important_first(void **state)
{
    (void)state;
    expect_line(one_session(), 79,
                "12/84 windows  23104 rows  2 min 48 s left | general_reports 13/58 14 s 1.2 MB");
    expect_line(one_session(), 70,
                "12/84 windows  2 min 48 s left | general_reports 13/58 14 s 1.2 MB");
    expect_line(four_sessions(), 149,
                "12/84 windows  2 min 48 s left | general_reports 13/58 14 s 1.2 MB"
                " | general_reports 14/58 14 s 1.2 MB | general_reports 15/58 14 s +1");
    expect_line(four_sessions(), 79,
                "12/84 windows  2 min 48 s left | general_reports 13/58 14 s 1.2 MB +3");
    expect_line(one_session(), 20, "12/84 windows  2 min");
}

static void before_the_first_window_nothing_is_guessed(void **state)
{
    struct progress_view view = one_session();

    (void)state;
    view.done = 0;
    view.rows = 0;
    expect_line(view, 149, "0/84 windows  0 rows | general_reports 13/58 14 s 1.2 MB");
    view = (struct progress_view){.now_ms = 3500, .main = {.what = "opening the database"}};
    expect_line(view, 149, "opening the database 3 s");
}

static void times_and_sizes_are_told_as_people_do(void **state)
{
    static const struct {
        int64_t seconds, bytes;
        const char *said;
    } cases[] = {
        {0, 1, "r 1/2 0 s 1 kB"},
        {59, 999999, "r 1/2 59 s 1000 kB"},
        {60, 1000000, "r 1/2 1 min 0 s 1.0 MB"},
        {3600, 123456789, "r 1/2 1 h 0 min 123.5 MB"},
        {4 * 3600 + 61, 0, "r 1/2 4 h 1 min"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct progress_view view = {
            .now_ms = cases[i].seconds * 1000,
            .sessions[1] = {.what = "r 1/2", .bytes = cases[i].bytes},
        };
        expect_line(view, 149, cases[i].said);
    }
}

/* --- the terminal ------------------------------------------------------------------------------*/

/* Standard error is a terminal; what it shows is worked out as a terminal does. */
static struct {
    int ours, kept; /* its other end; what standard error was */
    size_t columns;
    char shown[SHOWN_MAX]; /* the bytes since the test began */
    size_t len;
} terminal;

static void open_terminal(unsigned short columns)
{
    struct termios raw = {0};
    int theirs;

    memset(&terminal, 0, sizeof(terminal));
    cfmakeraw(&raw);
    terminal.columns = columns;
    assert_int_equal(openpty(&terminal.ours, &theirs, NULL, &raw,
                             &(struct winsize){.ws_row = 24, .ws_col = columns}),
                     0);
    fcntl(terminal.ours, F_SETFL, O_NONBLOCK);
    terminal.kept = dup(STDERR_FILENO);
    dup2(theirs, STDERR_FILENO);
    close(theirs);
}

static void close_terminal(void)
{
    dup2(terminal.kept, STDERR_FILENO);
    close(terminal.kept);
    close(terminal.ours);
}

/* Returns the last line of the screen, and the line above it in `above`. A line that is longer than
 * the terminal is wide fails the test: it would stand on two lines, and only one would be cleared.
 */
static const char *bottom_line(char above[SCREEN_MAX])
{
    static char line[SCREEN_MAX];
    size_t at = 0;

    line[0] = above[0] = '\0';
    for (size_t i = 0; i < terminal.len; i++) {
        const char c = terminal.shown[i];
        if (c == '\n') {
            memcpy(above, line, SCREEN_MAX);
            at = 0;
        } else if (c == '\r') {
            at = 0;
        } else if (c == '\033') {
            assert_memory_equal(terminal.shown + i, "\033[K", 3);
            i += 2;
        } else {
            assert_true(at < terminal.columns && at + 1 < SCREEN_MAX);
            line[at++] = c;
        }
        line[at] = '\0';
    }
    return line;
}

/* Reads what is shown until the bottom line has one text and the line above it the other; fails
 * after ten seconds without news. */
static const char *wait_for(const char *text, const char *text_above)
{
    char above[SCREEN_MAX];
    const char *line;

    while (!strstr(line = bottom_line(above), text) || !strstr(above, text_above)) {
        struct pollfd more = {.fd = terminal.ours, .events = POLLIN};
        const bool told = poll(&more, 1, DEADLINE_MS) == 1;
        const ssize_t got = !told ? 0
                                  : read(terminal.ours, terminal.shown + terminal.len,
                                         sizeof(terminal.shown) - terminal.len);
        if (got <= 0) {
            close_terminal();
            fail_msg("the terminal shows '%s' below '%s', not '%s' below '%s'", line, above, text,
                     text_above);
        }
        terminal.len += (size_t)got;
    }
    return line;
}

static void a_run_is_shown_on_a_terminal_of(unsigned short columns)
{
    struct progress progress;

    open_terminal(columns);
    progress_init(&progress, true);
    progress_main(&progress, "logging in", 0, 0);
    wait_for("logging in 0 s", "");
    progress_start(&progress, 84);
    progress_main(&progress, "", 0, 0);
    for (size_t worker = 0; worker < JOBS_MAX; worker++)
        progress_session(&progress, worker, "general_reports", worker + 1, 58);
    activity_use(progress_activity(&progress, 0));
    activity_received(5 * 1000 * 1000);
    assert_memory_equal(wait_for("general_reports 1/58", ""), "0/84 windows", 12);
    wait_for("5.0 MB", "");
    /* A log line stands above it, and it comes back at once. */
    log_info("window.loaded", log_text("report", "general_reports"));
    wait_for("0/84 windows", "window.loaded report=general_reports");
    progress_end_window(&progress, 1000);
    progress_session_idle(&progress, 0);
    wait_for("1/84 windows", "");
    assert_null(strstr(wait_for("general_reports 2/58", ""), "general_reports 1/58"));
    activity_use(NULL);
    progress_done(&progress);
    progress_done(&progress);
    log_info("run.ended", log_int("exit_code", 0));
    log_live("x");
    assert_string_equal(wait_for("x", "run.ended exit_code=0"), "x"); /* nothing else is left */
    /* No thread draws any more: the log itself puts the line below what it writes. */
    log_info("schedule.next", log_text("mode", "full"));
    assert_string_equal(wait_for("x", "schedule.next mode=full"), "x");
    log_live(NULL);
    close_terminal();
}

static void a_run_is_shown_on_a_terminal_of_80_columns(void **state)
{
    (void)state;
    a_run_is_shown_on_a_terminal_of(80);
}

static void a_run_is_shown_on_a_terminal_of_150_columns(void **state)
{
    (void)state;
    a_run_is_shown_on_a_terminal_of(150);
}

static void without_a_terminal_nothing_is_written(void **state)
{
    struct progress progress;
    char none;

    (void)state;
    open_terminal(80);
    progress_init(&progress, false);
    progress_start(&progress, 2);
    progress_main(&progress, "logging in", 0, 0);
    progress_session(&progress, 0, "r", 1, 2);
    progress_end_window(&progress, 100);
    assert_null(progress_activity(&progress, 0));
    progress_done(&progress);
    progress_session(NULL, 0, "r", 1, 2);
    assert_int_equal(read(terminal.ours, &none, 1), -1);
    close_terminal();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_says_what_is_done_and_what_is_waited_for),
        cmocka_unit_test(what_does_not_fit_is_left_out_the_least_important_first),
        cmocka_unit_test(before_the_first_window_nothing_is_guessed),
        cmocka_unit_test(times_and_sizes_are_told_as_people_do),
        cmocka_unit_test(a_run_is_shown_on_a_terminal_of_80_columns),
        cmocka_unit_test(a_run_is_shown_on_a_terminal_of_150_columns),
        cmocka_unit_test(without_a_terminal_nothing_is_written),
    };

    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
