/* SPDX-License-Identifier: MIT */
/* Describes the process that holds a lease, and finds out whether it is dead. */
#include "run/lease_holder.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STAT_MAX = 4096, FIELDS_TO_START = 19 };

/* Returns when a process started, in clock ticks since boot; 0 if /proc does not show it. That is
 * field 22 of /proc/PID/stat. Field 2 is the program's name in parentheses and may hold spaces and
 * parentheses, so fields are counted from the last ")" on. */
static unsigned long long read_start(long pid)
{
    char path[64], text[STAT_MAX];
    unsigned long long started = 0;

    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t len = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[len] = '\0';
    const char *at = strrchr(text, ')');
    for (int i = 0; at && i <= FIELDS_TO_START; i++)
        at = strchr(at + 1, ' ');
    if (!at || sscanf(at, "%20llu", &started) != 1)
        return 0;
    return started;
}

/* Reads the random id that the kernel gave this boot. */
static void read_boot(char out[40])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

    if (!file)
        return;
    if (fscanf(file, "%39[0-9a-f-]", out) != 1)
        out[0] = '\0';
    fclose(file);
}

static void read_pid_namespace(char out[24])
{
    char link[64];
    ssize_t len = readlink("/proc/self/ns/pid", link, sizeof(link) - 1);

    if (len < 0)
        return;
    link[len] = '\0';
    if (sscanf(link, "pid:[%23[0-9]]", out) != 1)
        out[0] = '\0';
}

static void describe_this_process(struct lease_holder *out)
{
    *out = (struct lease_holder){.pid = getpid()};
    if (gethostname(out->host, sizeof(out->host) - 1) < 0)
        out->host[0] = '\0';
    out->started = read_start(out->pid);
    read_boot(out->boot);
    read_pid_namespace(out->pid_namespace);
}

/* Looks whether a process exists. It asks by kill(), because /proc may hide the processes of other
 * users. */
static struct process look_up_process(long pid)
{
    return (struct process){
        .exists = kill((pid_t)pid, 0) == 0 || errno != ESRCH,
        .started = read_start(pid),
    };
}

void lease_holder_format(const struct lease_holder *holder, char out[LEASE_HOLDER_SIZE])
{
    snprintf(out, LEASE_HOLDER_SIZE, "%s, process %ld (started %llu, boot %s, pid namespace %s)",
             holder->host, holder->pid, holder->started, holder->boot, holder->pid_namespace);
}

bool lease_holder_parse(const char *text, struct lease_holder *out)
{
    struct lease_holder holder = {0};
    char end = '\0';

    if (sscanf(
            text,
            "%71[^,], process %19ld (started %20llu, boot %39[0-9a-f-], pid namespace %23[0-9]%c",
            holder.host, &holder.pid, &holder.started, holder.boot, holder.pid_namespace,
            &end) != 6 ||
        end != ')')
        return false;
    *out = holder;
    return true;
}

/* Whether two texts are equal and known: an unknown one ("") equals nothing. */
static bool is_same(const char *one, const char *other)
{
    return *one && strcmp(one, other) == 0;
}

bool lease_holder_has_died(const struct lease_holder *other, const struct lease_holder *here,
                           struct process now)
{
    if (!is_same(other->host, here->host) || !is_same(other->boot, here->boot) ||
        !is_same(other->pid_namespace, here->pid_namespace) || !here->started || !other->started ||
        other->pid <= 0)
        return false;
    return !now.exists || (now.started && now.started != other->started);
}

void lease_holder_name(char out[LEASE_HOLDER_SIZE])
{
    struct lease_holder here;

    describe_this_process(&here);
    lease_holder_format(&here, out);
}

bool lease_holder_is_dead(const char *holder)
{
    struct lease_holder other, here;

    describe_this_process(&here);
    return lease_holder_parse(holder, &other) &&
           lease_holder_has_died(&other, &here, look_up_process(other.pid));
}
