/* SPDX-License-Identifier: MIT */
/* The progress line on a terminal, read through a pseudo terminal. */
#include "base/date.h"
#include "base/log.h"
#include "run/progress.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { SHOWN_MAX = 8192 };

/* A pseudo terminal as standard error, which passes bytes on unchanged. */
struct terminal {
    int ours, kept; /* the terminal's other end; the former standard error */
    char shown[SHOWN_MAX];
};

static int open_terminal(void **state)
{
    struct terminal *terminal = calloc(1, sizeof(*terminal));
    struct termios raw = {0};
    int theirs;

    cfmakeraw(&raw);
    if (!terminal || openpty(&terminal->ours, &theirs, NULL, &raw, NULL) != 0)
        return -1;
    fcntl(terminal->ours, F_SETFL, O_NONBLOCK);
    terminal->kept = dup(STDERR_FILENO);
    dup2(theirs, STDERR_FILENO);
    close(theirs);
    *state = terminal;
    return 0;
}

static int close_terminal(void **state)
{
    struct terminal *terminal = *state;

    log_live(NULL);
    dup2(terminal->kept, STDERR_FILENO);
    close(terminal->kept);
    close(terminal->ours);
    free(terminal);
    return 0;
}

/* Returns what was written to the terminal since the last call. */
static const char *look(struct terminal *terminal)
{
    const ssize_t got = read(terminal->ours, terminal->shown, sizeof(terminal->shown) - 1);

    terminal->shown[got > 0 ? got : 0] = '\0';
    return terminal->shown;
}

static struct window february(void)
{
    return (struct window){.first = date_from_civil(2023, 2, 24),
                           .last = date_from_civil(2023, 3, 26)};
}

static void the_first_window_is_announced_without_a_guess(void **state)
{
    struct progress progress = {0};

    progress_init(&progress, true);
    progress_start_report(&progress, "general_reports", 58);
    progress_start_window(&progress, february());
    assert_string_equal(look(*state),
                        "general_reports  window 1/58  2023-02-24..2023-03-26  0 rows");
    progress_done(&progress);
    assert_string_equal(look(*state), "\r\033[K");
    progress_done(&progress); /* no line is left to clear */
    assert_string_equal(look(*state), "");
}

/* Returns the line of a run after four of eight windows, `seconds` and `rows` rows. */
static const char *halfway(struct terminal *terminal, int seconds, uint64_t rows)
{
    struct progress progress = {0};

    progress_init(&progress, true);
    progress_start_report(&progress, "r", 8);
    for (int i = 0; i < 4; i++)
        progress_end_window(&progress, rows / 4);
    progress.started_ms -= (int64_t)seconds * 1000 + 100; /* a slow machine may add 0.8 s */
    progress_done(&progress);                             /* clears the line of an earlier case */
    look(terminal);
    progress_start_window(&progress, february());
    return look(terminal);
}

static void the_time_left_is_told_as_people_do(void **state)
{
    static const char begin[] = "r  window 5/8  2023-02-24..2023-03-26  ";
    static const struct {
        int seconds;
        uint64_t rows;
        const char *said;
    } cases[] = {
        {9, 0, "0 rows  0 rows/s  9 s left"},
        {59, 0, "0 rows  0 rows/s  59 s left"},
        {60, 0, "0 rows  0 rows/s  1 min 0 s left"},
        {1000, 8200, "8200 rows  8 rows/s  16 min 40 s left"},
        {3600, 7200 * 4, "28800 rows  7 rows/s  1 h 0 min left"},
        {3 * 3600 + 61 * 60, 0, "0 rows  0 rows/s  4 h 1 min left"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *line = halfway(*state, cases[i].seconds, cases[i].rows);
        assert_memory_equal(line, begin, sizeof(begin) - 1);
        assert_string_equal(line + sizeof(begin) - 1, cases[i].said);
    }
}

/* No millisecond has passed, so a speed would divide by zero. */
static void a_window_that_took_no_time_tells_nothing_of_the_others(void **state)
{
    struct progress progress = {0};

    progress_init(&progress, true);
    progress_start_report(&progress, "r", 2);
    progress_end_window(&progress, 100);
    progress.started_ms += 60 * 1000;
    progress_start_window(&progress, february());
    assert_string_equal(look(*state), "r  window 2/2  2023-02-24..2023-03-26  100 rows");
    progress_done(&progress);
}

/* The next window rewrites the progress line. A log line takes its place, and the progress line
 * comes again below it. */
static void a_log_line_stands_where_the_live_line_stood(void **state)
{
    struct progress progress = {0};

    progress_init(&progress, true);
    progress_start_report(&progress, "r", 2);
    progress_start_window(&progress, february());
    look(*state);
    progress_start_window(&progress, february());
    assert_memory_equal(look(*state), "\r\033[Kr  window 1/2", 16);
    log_info("window.loaded", log_text("report", "r"));
    const char *shown = look(*state);
    assert_memory_equal(shown, "\r\033[K", 4);
    assert_non_null(strstr(shown, "info  window.loaded report=r\n"));
    progress_start_window(&progress, february());
    assert_memory_equal(look(*state), "r  window 1/2", 13);
    progress_done(&progress);
}

static void the_next_report_begins_at_nothing(void **state)
{
    struct progress progress = {0};

    progress_init(&progress, true);
    progress_start_report(&progress, "one", 1);
    progress_end_window(&progress, 100);
    progress_start_report(&progress, "two", 3);
    progress_start_window(&progress, february());
    assert_string_equal(look(*state), "two  window 1/3  2023-02-24..2023-03-26  0 rows");
    progress_done(&progress);
}

static void without_a_terminal_nothing_is_written(void **state)
{
    struct progress progress = {0};

    progress_init(&progress, false);
    progress_start_report(&progress, "r", 2);
    progress_start_window(&progress, february());
    progress_end_window(&progress, 100);
    progress_start_window(&progress, february());
    progress_done(&progress);
    assert_string_equal(look(*state), "");
}

int main(void)
{
#define ON_TERMINAL(test) cmocka_unit_test_setup_teardown(test, open_terminal, close_terminal)
    const struct CMUnitTest tests[] = {
        ON_TERMINAL(the_first_window_is_announced_without_a_guess),
        ON_TERMINAL(the_time_left_is_told_as_people_do),
        ON_TERMINAL(a_window_that_took_no_time_tells_nothing_of_the_others),
        ON_TERMINAL(a_log_line_stands_where_the_live_line_stood),
        ON_TERMINAL(the_next_report_begins_at_nothing),
        ON_TERMINAL(without_a_terminal_nothing_is_written),
    };

    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
