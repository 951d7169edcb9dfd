/* SPDX-License-Identifier: MIT */
/* Names of processes that tell a dead one from another with its number. */
#include "run/holder.h"

#include "base/file.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HOST_SIZE = 72, STAT_MAX = 4096, FIELDS_TO_START = 19 };

static void host_name(char out[HOST_SIZE])
{
    if (gethostname(out, HOST_SIZE - 1) < 0)
        out[0] = '\0';
    out[HOST_SIZE - 1] = '\0';
}

/* When a process started, in ticks since boot; 0 if there is none. Field 22 of its stat: the second is
 * its name in parentheses and may hold anything, so counting begins behind the last one. */
static unsigned long long start_of(long pid)
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
    if (at)
        sscanf(at, "%llu", &started);
    return started;
}

void holder_name(char out[HOLDER_SIZE])
{
    char host[HOST_SIZE];
    long pid = getpid();

    host_name(host);
    snprintf(out, HOLDER_SIZE, "%s, process %ld (started %llu)", host, pid, start_of(pid));
}

bool holder_is_dead(const char *holder)
{
    char host[HOST_SIZE];
    unsigned long long started;
    long pid;

    host_name(host);
    size_t len = strlen(host);
    if (!len || strncmp(holder, host, len) != 0 ||
        sscanf(holder + len, ", process %ld (started %llu)", &pid, &started) != 2)
        return false;
    return start_of(pid) != started;
}
