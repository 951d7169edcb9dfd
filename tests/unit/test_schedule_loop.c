/* SPDX-License-Identifier: MIT */
/* The loop that waits for the starts of the timetable: clocks that jump, machines that sleep,
 * signals. */
#include "base/reload.h"
#include "base/stop.h"
#include "run/schedule.h"
#include "tests/unit/test_timetable.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The clock and the waiting of the program: its time() and poll() are these. */

enum { STARTS_MAX = 8 };

static struct {
    time_t now;             /* 0: the machine's clock */
    time_t hangup_at;       /* SIGHUP comes then, while the loop waits; 0: never */
    time_t stop_at;         /* the time of a signal, while the loop waits; 0: none */
    time_t sleep_at, awake; /* the machine is suspended from the first time to the second */
    int longest_wait;       /* in milliseconds */
} world;

time_t time(time_t *out)
{
    struct timespec real;

    clock_gettime(CLOCK_REALTIME, &real);
    const time_t now = world.now ? world.now : real.tv_sec;
    if (out)
        *out = now;
    return now;
}

/* Waits as the loop does: lets time pass, or makes `stop` readable as a signal does. */
int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    assert_int_equal(count, 2);
    assert_int_equal(fds->fd, stop_fd());
    assert_int_equal(fds->events, POLLIN);
    assert_int_equal(fds[1].fd, reload_fd());
    assert_true(timeout > 0);
    if (timeout > world.longest_wait)
        world.longest_wait = timeout;
    const time_t then = world.now + (timeout + 999) / 1000;
    if (world.hangup_at && then >= world.hangup_at) {
        world.now = world.hangup_at;
        world.hangup_at = 0;
        raise(SIGHUP);
        fds[1].revents = POLLIN;
        return 1;
    }
    if (world.stop_at && then >= world.stop_at) {
        world.now = world.stop_at;
        raise(SIGTERM);
        return 1;
    }
    world.now = world.sleep_at && then >= world.sleep_at ? world.awake : then;
    if (world.now == world.awake)
        world.sleep_at = 0;
    return 0;
}

/* The cycles of a test. Each takes `minutes`. After `most` of them the timetable is emptied, which
 * ends the loop. */
struct cycles {
    struct timetable timetable;
    const struct timetable *reloaded; /* what SIGHUP brings */
    struct decided decided;           /* by earlier processes; 0: nothing before now */
    int minutes, most, count, reloads;
    bool stopped_in_cycle;
    struct due starts[STARTS_MAX];
};

static const struct timetable *timetable_of(void *arg)
{
    struct cycles *cycles = arg;

    if (reload_take()) {
        cycles->reloads++;
        cycles->timetable = *cycles->reloaded;
    }
    return &cycles->timetable;
}

static void run_cycle(enum cycle_mode mode, void *arg)
{
    struct cycles *cycles = arg;

    cycles->starts[cycles->count++] = (struct due){.at = world.now, .mode = mode};
    world.now += (time_t)cycles->minutes * 60;
    if (cycles->count == cycles->most)
        cycles->timetable = (struct timetable){0};
    if (cycles->stopped_in_cycle)
        raise(SIGINT);
}

static bool loop(struct cycles *cycles, struct error *err)
{
    const time_t now = world.now;
    const struct schedule schedule = {
        .timetable = timetable_of,
        .run = run_cycle,
        .arg = cycles,
        .decided = {.incremental = cycles->decided.incremental ? cycles->decided.incremental : now,
                    .full = cycles->decided.full ? cycles->decided.full : now},
    };

    return schedule_loop(&schedule, err);
}

static void run_from(struct cycles *cycles, const char *now, struct error *err)
{
    world.now = at(now);
    cycles->timetable = sigos;
    assert_false(loop(cycles, err));
    world.now = 0;
}

static void expect_start(const struct cycles *cycles, int i, const char *when, enum cycle_mode mode)
{
    char shown[CLOCK_STAMP_SIZE];

    assert_true(i < cycles->count);
    assert_string_equal(clock_format_local(cycles->starts[i].at, shown), when);
    assert_int_equal(cycles->starts[i].mode, mode);
}

static void the_loop_runs_each_cycle_when_it_is_due(void **state)
{
    struct cycles cycles = {.minutes = 20, .most = 4};
    struct error err = {0};

    (void)state;
    run_from(&cycles, "2026-11-28 17:02:11", &err); /* a Saturday */
    expect_start(&cycles, 0, "2026-11-28 17:30:00", MODE_INCREMENTAL);
    expect_start(&cycles, 1, "2026-11-28 18:30:00", MODE_INCREMENTAL);
    expect_start(&cycles, 2, "2026-11-29 10:00:00", MODE_FULL);
    expect_start(&cycles, 3, "2026-11-30 09:30:00", MODE_INCREMENTAL);
    assert_int_equal(cycles.count, 4);
}

static void a_start_that_passes_while_a_cycle_runs_is_left_out(void **state)
{
    struct cycles cycles = {.minutes = 150, .most = 2};
    struct error err = {0};

    (void)state;
    run_from(&cycles, "2026-11-23 09:00:00", &err);
    expect_start(&cycles, 0, "2026-11-23 09:30:00", MODE_INCREMENTAL);
    /* The cycle before ran until noon. */
    expect_start(&cycles, 1, "2026-11-23 12:30:00", MODE_INCREMENTAL);
}

static void a_machine_that_slept_over_a_start_runs_it_when_it_wakes(void **state)
{
    struct cycles cycles = {.minutes = 5, .most = 2};
    struct error err = {0};

    (void)state;
    world.longest_wait = 0;
    world.sleep_at = at("2026-11-23 09:10:00");
    world.awake = at("2026-11-23 13:45:00");
    run_from(&cycles, "2026-11-23 09:00:00", &err);
    /* One cycle for five missed times. */
    expect_start(&cycles, 0, "2026-11-23 13:45:00", MODE_INCREMENTAL);
    expect_start(&cycles, 1, "2026-11-23 14:30:00", MODE_INCREMENTAL);
    assert_true(world.longest_wait <= 60 * 1000); /* the loop reads the clock every minute */
}

static void a_machine_that_slept_too_long_waits_for_the_next_start(void **state)
{
    struct cycles cycles = {.minutes = 5, .most = 1};
    struct error err = {0};

    (void)state;
    world.sleep_at = at("2026-11-23 18:10:00");
    world.awake = at("2026-11-23 23:45:00");
    run_from(&cycles, "2026-11-23 18:00:00", &err);
    expect_start(&cycles, 0, "2026-11-24 09:30:00", MODE_INCREMENTAL);
}

static void a_full_cycle_that_was_missed_is_made_up_for_hours_later(void **state)
{
    /* The last one was on the Sunday before; the program was not there until the afternoon. */
    struct cycles cycles = {.minutes = 90, .most = 2};
    struct error err = {0};

    (void)state;
    cycles.decided = (struct decided){.incremental = at("2026-11-28 18:30:01"),
                                      .full = at("2026-11-22 10:00:01")};
    run_from(&cycles, "2026-11-29 15:12:00", &err);
    expect_start(&cycles, 0, "2026-11-29 15:12:00", MODE_FULL);
    expect_start(&cycles, 1, "2026-11-30 09:30:00", MODE_INCREMENTAL);
}

static void a_clock_that_is_set_back_brings_its_starts_again(void **state)
{
    struct cycles cycles = {.minutes = 5, .most = 3};
    struct error err = {0};

    (void)state;
    world.sleep_at = at("2026-11-23 10:10:00");
    world.awake = at("2026-11-23 08:15:00");
    run_from(&cycles, "2026-11-23 09:00:00", &err);
    expect_start(&cycles, 0, "2026-11-23 09:30:00", MODE_INCREMENTAL);
    expect_start(&cycles, 1, "2026-11-23 09:30:00", MODE_INCREMENTAL);
    expect_start(&cycles, 2, "2026-11-23 10:30:00", MODE_INCREMENTAL);
}

static void a_clock_that_was_a_year_ahead_holds_nothing_up(void **state)
{
    struct cycles cycles = {.minutes = 5, .most = 1};
    struct error err = {0};

    (void)state;
    cycles.decided = (struct decided){.incremental = at("2027-11-23 09:30:00"),
                                      .full = at("2027-11-21 10:00:00")};
    run_from(&cycles, "2026-11-23 09:00:00", &err);
    expect_start(&cycles, 0, "2026-11-23 09:30:00", MODE_INCREMENTAL);
}

static void the_loop_refuses_an_empty_timetable(void **state)
{
    struct cycles cycles = {0};
    struct error err = {0};

    (void)state;
    assert_false(loop(&cycles, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.message, "timetable is empty"));
    assert_int_equal(cycles.count, 0);
}

/* Runs the loop in a child process, because a stop cannot be undone. The child ends with 0 if the
 * loop ended with ERROR_STOPPED, after so many cycles, at that time. */
static int stopped_loop(struct cycles *cycles, int count, const char *when)
{
    int status = 0;

    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        struct error err = {0};
        char shown[CLOCK_STAMP_SIZE];
        cycles->timetable = sigos;
        if (!stop_install(&err))
            exit(1);
        world.now = at("2026-11-23 09:00:00");
        if (loop(cycles, &err) || err.kind != ERROR_STOPPED)
            exit(2);
        if (strcmp(clock_format_local(world.now, shown), when) != 0)
            exit(3);
        exit(cycles->count == count ? 0 : 4);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_signal_ends_the_wait_at_once(void **state)
{
    struct cycles cycles = {.minutes = 5, .most = STARTS_MAX};

    (void)state;
    world.stop_at = at("2026-11-23 09:50:07");
    assert_int_equal(stopped_loop(&cycles, 1, "2026-11-23 09:50:07"), 0);
    world.stop_at = 0;
}

static void a_signal_during_a_cycle_lets_it_end_and_starts_no_other(void **state)
{
    struct cycles cycles = {.minutes = 90, .most = STARTS_MAX, .stopped_in_cycle = true};

    (void)state;
    assert_int_equal(stopped_loop(&cycles, 1, "2026-11-23 11:00:00"), 0);
}

/* SIGHUP comes while the loop waits: the start that the new timetable has comes first. */
static void sighup_brings_a_new_timetable_at_once(void **state)
{
    static const struct timetable other = {
        .incremental = {.days = 0x7F, .first = 600, .last = 600, .every = 1440}};
    int status = 0;

    (void)state;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        struct cycles cycles = {.minutes = 5, .most = 2, .reloaded = &other, .timetable = sigos};
        struct error err = {0};
        if (!reload_install(&err))
            exit(1);
        world.hangup_at = at("2026-11-23 09:40:00");
        world.now = at("2026-11-23 09:00:00");
        loop(&cycles, &err);
        if (cycles.count != 2 || cycles.reloads != 1)
            exit(2);
        exit(cycles.starts[1].at == at("2026-11-23 10:00:00") ? 0 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loop_runs_each_cycle_when_it_is_due),
        cmocka_unit_test(a_start_that_passes_while_a_cycle_runs_is_left_out),
        cmocka_unit_test(a_machine_that_slept_over_a_start_runs_it_when_it_wakes),
        cmocka_unit_test(a_machine_that_slept_too_long_waits_for_the_next_start),
        cmocka_unit_test(a_full_cycle_that_was_missed_is_made_up_for_hours_later),
        cmocka_unit_test(a_clock_that_is_set_back_brings_its_starts_again),
        cmocka_unit_test(a_clock_that_was_a_year_ahead_holds_nothing_up),
        cmocka_unit_test(the_loop_refuses_an_empty_timetable),
        cmocka_unit_test(a_signal_ends_the_wait_at_once),
        cmocka_unit_test(sighup_brings_a_new_timetable_at_once),
        cmocka_unit_test(a_signal_during_a_cycle_lets_it_end_and_starts_no_other),
    };

    return cmocka_run_group_tests_name("schedule_loop", tests, sao_paulo, NULL);
}
