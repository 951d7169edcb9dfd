/* SPDX-License-Identifier: MIT */
/*
 * Readers without pause beside windows that load, are killed and load again, and beside
 * compactions, with the program or the server killed anywhere: no answer shows a part of a window.
 *
 * CLICKHOUSE_WINDOWS=N loads so many windows, CLICKHOUSE_SEED=N kills at other places.
 */
#include "load/clickhouse/lease.h"

#include "base/clock.h"
#include "tests/support/clickhouse_crowd.h"
#include "tests/support/clickhouse_server.h"
#include "tests/support/clickhouse_stage.h"

#include <inttypes.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WINDOWS = 40, TOLD_EACH = 100, COMPACT_EACH = 8 };
enum { DONE = 0, FAILED = 3 }; /* the writer's exit codes */

struct load {
    struct crowd *crowd;
    int windows, seed;
    int program_each, server_each; /* in one of so many windows it is killed */
    int program_kills[CROWD_PHASES];
    int failures; /* of the program, without a kill */
    size_t servers;
};

static int from_environment(const char *name, int otherwise)
{
    const char *text = getenv(name);

    return text ? (int)strtol(text, NULL, 10) : otherwise;
}

/* --- the writer ------------------------------------------------------------------------------ */

struct writer {
    const struct load *load;
    struct clickhouse_destination dest;
    struct work work;
    unsigned random;
    int tells;       /* a byte for each window, and one to be rid of the server */
    int64_t took_us; /* the last window, or compaction */
};

static _Noreturn void give_up(const char *what)
{
    perror(what);
    _exit(1);
}

/* The kernel kills this process at some moment within about a window's time from now. */
static void kill_soon(struct writer *writer)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
    const int64_t after = 1 + rand_r(&writer->random) % (writer->took_us + 1);
    const struct itimerspec when = {
        .it_value = {.tv_sec = after / 1000000, .tv_nsec = after % 1000000 * 1000 + 1}};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &when, NULL))
        give_up("timer");
}

/* What befalls the window of this version, and where. */
struct fate {
    bool program, server;
    int place; /* a phase before which it happens; CROWD_BEGINS and CROWD_COMPACTS: at any moment
                  from then on (the program) */
};

/* Each is tried once in a window, so that it is loaded in the end. */
static struct fate fate_of(struct writer *writer, int version)
{
    const struct load *load = writer->load;
    struct fate fate = {0};

    if (atomic_load(&load->crowd->killed_in) >= version)
        return fate;
    writer->random = (unsigned)(load->seed * 1000003 + version) * 2654435761U;
    fate.program = version % load->program_each == load->program_each / 2;
    fate.server = version % load->server_each == load->server_each - 1;
    fate.place = fate.program ? (version / load->program_each + load->seed) % CROWD_PHASES
                              : rand_r(&writer->random) % CROWD_PHASES;
    if (fate.program || fate.server)
        atomic_store(&load->crowd->killed_in, version);
    else
        fate.place = CROWD_PHASES; /* nowhere */
    return fate;
}

static void enter(struct writer *writer, enum crowd_phase phase, struct fate fate)
{
    atomic_store(&writer->load->crowd->phase, phase);
    if (fate.server && fate.place == (int)phase && write(writer->tells, "S", 1) != 1)
        give_up("write");
    if (!fate.program || fate.place != (int)phase)
        return;
    if (phase == CROWD_BEGINS || phase == CROWD_COMPACTS)
        kill_soon(writer);
    else
        raise(SIGKILL);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Before some windows. Readers that keep it waiting for long delay its end to the next one. */
static bool compact(struct writer *writer, struct fate fate, struct error *err)
{
    const int64_t began = now_us();
    struct compaction found;

    enter(writer, CROWD_COMPACTS, fate);
    if (!destination_compact(&writer->dest.base, &fixture_report, true, &found, err))
        return false;
    writer->took_us = now_us() - began;
    atomic_fetch_add(&writer->load->crowd->compactions, found.outcome == COMPACTION_DONE);
    return true;
}

static bool load_version(struct writer *writer, int version, struct error *err)
{
    struct destination *dest = &writer->dest.base;
    const struct fate fate = fate_of(writer, version);
    struct ledger_entry entry;

    if ((version % COMPACT_EACH == 0 || fate.place == CROWD_COMPACTS) &&
        !compact(writer, fate, err))
        return false;
    crowd_version(version, &writer->work, &entry);
    enter(writer, CROWD_BEGINS, fate);
    if (!destination_begin(dest, &fixture_report, entry.window, err))
        return false;
    enter(writer, CROWD_APPLIES, fate);
    if (!destination_apply(dest, &fixture_run, &writer->work.batch, &writer->work.plan, err))
        return false;
    enter(writer, CROWD_WAITS, fate);
    enter(writer, CROWD_COMMITS, fate);
    return destination_commit(dest, &entry, err);
}

static bool is_dead(const char *holder)
{
    (void)holder; /* only a writer whose process has ended is followed by another */
    return true;
}

static bool write_windows(struct writer *writer, struct error *err)
{
    char name[32];
    uint64_t version;

    snprintf(name, sizeof(name), "run-%d", getpid());
    const struct lease lease = {name, name, 900, is_dead, NULL};
    if (!click_open(&writer->dest, err) ||
        !destination_take_lease(&writer->dest.base, &lease, err) ||
        !clickhouse_number(&writer->dest.ch, "read",
                           "SELECT max(toUInt64OrZero(substring(STATUS, 2))) FROM visits", &version,
                           err))
        return false;
    for (int next = (int)version + 1; next <= writer->load->windows; next++) {
        const int64_t began = now_us();
        if (!load_version(writer, next, err))
            return false;
        writer->took_us = now_us() - began;
        if (write(writer->tells, "w", 1) != 1)
            give_up("write");
    }
    destination_release_lease(&writer->dest.base);
    return true;
}

/* The first window of a writer has no one before it to tell how long it takes. */
enum { FIRST_US = 50000 };

static _Noreturn void be_writer(const struct load *load, int tells)
{
    struct writer writer = {.load = load, .tells = tells, .took_us = FIRST_US};
    struct error err;

    if (write_windows(&writer, &err))
        _exit(DONE);
    fprintf(stderr, "%s\n", err.message);
    _exit(FAILED);
}

/* --- the loads ------------------------------------------------------------------------------- */

/* Readers that get no answer wait until the server is up again. */
static void kill_server(const struct load *load)
{
    struct crowd *crowd = load->crowd;
    const int before = atomic_fetch_add(&crowd->server_kills, 1);
    const size_t server = (size_t)before % load->servers;

    pthread_rwlock_wrlock(&crowd->server);
    clickhouse_server_kill(server);
    clickhouse_server_up(server);
    pthread_rwlock_unlock(&crowd->server);
}

static void tell_progress(const struct load *load, int windows, int64_t began_ms)
{
    unsigned long answers = 0, wrong = 0;

    for (int i = 0; i < CROWD_KINDS; i++) {
        answers += atomic_load(&load->crowd->answers[i]);
        wrong += atomic_load(&load->crowd->wrong[i]);
    }
    print_message("%d windows, %lu answers, %lu wrong, %.0f s\n", windows, answers, wrong,
                  (double)(clock_ms() - began_ms) / 1000);
    fflush(stdout);
}

/* Lets one writer load until it has ended, however that is. Returns its status. */
static int run_writer(const struct load *load, int *windows, int64_t began_ms)
{
    const pid_t parent = getpid();
    int tells[2], status;
    char byte;

    assert_int_equal(pipe(tells), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        close(tells[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent)
            be_writer(load, tells[1]);
        _exit(1);
    }
    close(tells[1]);
    while (TEMP_FAILURE_RETRY(read(tells[0], &byte, 1)) == 1) { /* whatever signal comes */
        if (byte == 'S')
            kill_server(load);
        else if (++*windows % TOLD_EACH == 0)
            tell_progress(load, *windows, began_ms);
    }
    close(tells[0]);
    assert_int_equal(TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)), pid);
    return status;
}

/* A connection may end without a reason on a machine that is busy; the program, too, would load
 * the window again. */
static void load_all(struct load *load)
{
    enum { FAILURES_MAX = 10 };
    const int64_t began_ms = clock_ms();
    int windows = 0, kills = 0;

    for (;;) {
        const int status = run_writer(load, &windows, began_ms);
        const int now = atomic_load(&load->crowd->server_kills);
        if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
            fail_msg("the writer ended by signal %d", WTERMSIG(status));
        else if (WIFSIGNALED(status))
            load->program_kills[atomic_load(&load->crowd->phase)]++;
        else if (WEXITSTATUS(status) == DONE)
            break;
        else if (now == kills && (WEXITSTATUS(status) != FAILED || ++load->failures > FAILURES_MAX))
            fail_msg("the writer ended with %d, and no server was killed", WEXITSTATUS(status));
        kills = now;
    }
    tell_progress(load, windows, began_ms);
}

static void tell_figures(const struct load *load)
{
    static const char *const kinds[CROWD_KINDS] = {"sums", "keys", "change log", "ledger"};
    const struct crowd *crowd = load->crowd;
    const int *kills = load->program_kills;

    print_message("%d windows of %d rows; the program killed %d times (%d beginning, %d applying,"
                  " %d between, %d committing, %d compacting), a server %d times; %d compactions\n",
                  load->windows, CROWD_ROWS,
                  kills[CROWD_BEGINS] + kills[CROWD_APPLIES] + kills[CROWD_WAITS] +
                      kills[CROWD_COMMITS] + kills[CROWD_COMPACTS],
                  kills[CROWD_BEGINS], kills[CROWD_APPLIES], kills[CROWD_WAITS],
                  kills[CROWD_COMMITS], kills[CROWD_COMPACTS], atomic_load(&crowd->server_kills),
                  atomic_load(&crowd->compactions));
    for (int i = 0; i < CROWD_KINDS; i++)
        print_message("%s: %lu answers, %lu wrong\n", kinds[i], atomic_load(&crowd->answers[i]),
                      atomic_load(&crowd->wrong[i]));
    print_message("errors of readers: %lu, without a kill: %lu; of the writer without one: %d\n",
                  atomic_load(&crowd->errors), atomic_load(&crowd->unexpected), load->failures);
}

static void load_first(struct click *click)
{
    struct ledger_entry entry;

    for (uint64_t i = 1; i <= 3; i++)
        work_remove(&click->work, i, i < 3 ? 1 + (int)i : 0);
    click_apply(click);
    click_commit(click);
    crowd_version(0, &click->work, &entry);
    click_apply(click);
    click_commit(click);
}

static void expect_no_wrong_answer(const struct crowd *crowd)
{
    for (int i = 0; i < CROWD_KINDS; i++) {
        if (atomic_load(&crowd->wrong[i]))
            fail_msg("wrong answers: %s", crowd->words);
        assert_true(atomic_load(&crowd->answers[i]) > 0);
    }
    assert_true(atomic_load(&crowd->compactions) > 0);
    if (atomic_load(&crowd->unexpected))
        fail_msg("no answer, and no server was killed: %s", crowd->words);
}

static void load_and_kill(struct click *click, size_t servers)
{
    struct load load = {.windows = from_environment("CLICKHOUSE_WINDOWS", WINDOWS),
                        .seed = from_environment("CLICKHOUSE_SEED", 1),
                        .servers = servers};
    char loaded[32];

    load.program_each = load.windows < 250 ? load.windows / CROWD_PHASES + 1 : 50;
    load.server_each = load.windows < 1000 ? load.windows / 2 + 1 : 500;
    load_first(click);
    load.crowd = crowd_start();
    load_all(&load);
    crowd_stop(load.crowd);
    tell_figures(&load);
    expect_no_wrong_answer(load.crowd);
    crowd_done(load.crowd);
    snprintf(loaded, sizeof(loaded), "%d", load.windows);
    click_expect("SELECT count() FROM etl_windows WHERE status = 'loaded' AND rows_read > 0",
                 loaded);
    click_expect("SELECT uniqExact(rows_read) FROM etl_windows WHERE rows_read > 0", loaded);
}

static void readers_see_whole_windows_while_all_is_killed(void **state)
{
    load_and_kill(*state, 1);
}

static void readers_of_two_shards_see_whole_windows_while_all_is_killed(void **state)
{
    load_and_kill(*state, 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest alone[] = {CLICK_TEST(readers_see_whole_windows_while_all_is_killed)};
    const struct CMUnitTest shards[] = {
        CLICK_TEST(readers_of_two_shards_see_whole_windows_while_all_is_killed)};
    /* alone, shards: only these */
    const bool only_shards = argc > 1 && strcmp(argv[1], "shards") == 0;
    const bool only_alone = argc > 1 && strcmp(argv[1], "alone") == 0;
    int failed = 0;

    if (!click_begin_tests(1))
        return 1;
    if (!only_shards)
        failed += cmocka_run_group_tests_name("clickhouse_readers", alone, NULL, NULL);
    clickhouse_server_stop();
    if (!only_alone && !clickhouse_server_is_modern()) { /* the engine knows no other servers */
        clickhouse_server_start(2);
        failed += cmocka_run_group_tests_name("clickhouse_readers_of_shards", shards, NULL, NULL);
        clickhouse_server_stop();
    }
    return failed;
}
