/* SPDX-License-Identifier: MIT */
/* Finds the children of a process and reads what /proc says of them. */
#include "tests/support/processes.h"

#include "base/buf.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20 };

size_t processes_below(pid_t pid, pid_t *out, size_t max)
{
    MEM_FREE_TEXT char *path = mem_format("/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *children = fopen(path, "r");
    size_t count = 0;
    int child;

    if (!children)
        return 0;
    while (count < max && fscanf(children, "%d", &child) == 1) {
        out[count++] = child;
        count += processes_below(child, out + count, max - count);
    }
    fclose(children);
    return count;
}

bool processes_file_holds(const char *path, const char *text)
{
    BUF_DONE struct buf content = BUF_INIT(FILE_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char bytes[16384];

    if (fd < 0)
        return false;
    for (ssize_t got; (got = read(fd, bytes, sizeof(bytes))) > 0;)
        buf_add(&content, bytes, (size_t)got);
    close(fd);
    return content.len && memmem(content.data, content.len, text, strlen(text));
}

bool processes_hold(pid_t pid, const char *name, const char *text)
{
    MEM_FREE_TEXT char *path = mem_format("/proc/%d/%s", (int)pid, name);

    return processes_file_holds(path, text);
}
