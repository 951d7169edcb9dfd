/* SPDX-License-Identifier: MIT */
/*
 * Runs `etl-sigos schedule` through a week in a few minutes: the whole program, whose clock is
 * ours. Where it waits for the next start, or before it tries something again, no time passes but
 * the clock goes on, and the world changes: audits, a portal that fails, a database that is
 * stopped, a machine that sleeps, a reload.
 *
 *     week BEGIN END EVENTS
 *
 * BEGIN and END are instants, seconds since 1970. EVENTS is a file of lines "INSTANT COMMAND", in
 * order: the command is run by a shell when the instant has come while the program waits; "sleep N"
 * lets the clock jump by N seconds, "reload" sends SIGHUP, "memory" notes how much is used. The
 * program ends by SIGTERM at END. Prints "memory KB" for each note, and one at the end.
 */
#include "base/reload.h"
#include "base/stop.h"
#include "cli/command.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 4096, EVENTS_MAX = 64, NAP_MS = 20 };

struct event {
    time_t at;
    char command[LINE_SIZE];
};

static struct {
    int64_t ahead_ms;   /* of the wall clock */
    int64_t skipped_ms; /* of the clock that never goes back: the waits that were left out */
    time_t end;
    struct event events[EVENTS_MAX];
    size_t count, next;
} world;

static int64_t real_ms(clockid_t clock)
{
    struct timespec now;

    syscall(SYS_clock_gettime, clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

time_t time(time_t *out)
{
    const time_t now = (time_t)((real_ms(CLOCK_REALTIME) + world.ahead_ms) / 1000);

    if (out)
        *out = now;
    return now;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    const bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    const int failed = (int)syscall(SYS_clock_gettime, clock, out);
    const int64_t ahead = wall ? world.ahead_ms : world.skipped_ms;

    if (failed || (!wall && clock != CLOCK_MONOTONIC && clock != CLOCK_MONOTONIC_COARSE))
        return failed;
    const int64_t ns = out->tv_nsec + ahead % 1000 * 1000000;
    out->tv_sec += (time_t)(ahead / 1000 + ns / 1000000000);
    out->tv_nsec = (long)(ns % 1000000000);
    return 0;
}

static void note_memory(void)
{
    char line[LINE_SIZE];
    FILE *file = fopen("/proc/self/status", "re");

    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, "VmRSS:", 6) == 0)
            printf("memory %ld\n", strtol(line + 6, NULL, 10));
    if (file)
        fclose(file);
    fflush(stdout);
}

/* Runs a command of the test by a shell, and waits for it. */
static bool run_command(const char *command)
{
    int status = -1;
    const pid_t child = fork();

    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void do_event(const struct event *event)
{
    if (strncmp(event->command, "sleep ", 6) == 0)
        world.ahead_ms += strtoll(event->command + 6, NULL, 10) * 1000;
    else if (strcmp(event->command, "reload") == 0)
        raise(SIGHUP);
    else if (strcmp(event->command, "memory") == 0)
        note_memory();
    else if (!run_command(event->command))
        fprintf(stderr, "week: failed: %s\n", event->command);
}

/* Lets the time pass for which the program waits, at most to the next event. */
static void pass(int ms)
{
    const time_t now = time(NULL);
    const time_t next = world.next < world.count ? world.events[world.next].at : world.end;

    world.ahead_ms += now + ms / 1000 > next && next > now ? (next - now) * 1000 : ms;
    while (world.next < world.count && world.events[world.next].at <= time(NULL))
        do_event(&world.events[world.next++]);
    if (time(NULL) >= world.end)
        raise(SIGTERM);
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    const bool waits_for_start = count == 2 && reload_fd() >= 0 && fds[1].fd == reload_fd();
    const bool waits_to_try_again = count == 1 && stop_fd() >= 0 && fds[0].fd == stop_fd();
    struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};

    if (waits_for_start) {
        pass(timeout);
        nap.tv_nsec = 0;
    } else if (waits_to_try_again && timeout > NAP_MS) {
        world.ahead_ms += timeout;
        world.skipped_ms += timeout;
    } else {
        nap = (struct timespec){.tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * 1000000L};
    }
    return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &nap, NULL, 0);
}

static bool read_events(const char *path)
{
    char line[LINE_SIZE];
    FILE *file = fopen(path, "re");

    if (!file)
        return false;
    while (world.count < EVENTS_MAX && fgets(line, sizeof(line), file)) {
        struct event *event = &world.events[world.count];
        char *end;
        event->at = (time_t)strtoll(line, &end, 10);
        line[strcspn(line, "\n")] = '\0';
        if (*end == ' ')
            snprintf(event->command, sizeof(event->command), "%s", end + 1);
        world.count += *end == ' ';
    }
    fclose(file);
    return true;
}

int main(int argc, char **argv)
{
    char *words[] = {"etl-sigos", "schedule", NULL};

    if (argc != 4 || !read_events(argv[3]))
        return 2;
    world.ahead_ms = strtoll(argv[1], NULL, 10) * 1000 - real_ms(CLOCK_REALTIME);
    world.end = (time_t)strtoll(argv[2], NULL, 10);
    const int code = cli_run(2, words);
    note_memory();
    return code;
}
