/* SPDX-License-Identifier: MIT */
/* Makes the files to which exports are moved. */
#include "extract/window_file.h"

#include "base/date.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool window_file_make(const char *folder, const struct report *report, struct window window,
                      char **out, struct error *err)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE], number[16] = "";

    date_format_iso(window.first, first);
    date_format_iso(window.last, last);
    for (int next = 2;; next++) {
        char *path = mem_format("%s/%s_%s_%s%s.csv", folder, report->name, first, last, number);
        const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd >= 0) {
            close(fd);
            *out = path;
            return true;
        }
        const bool is_taken = errno == EEXIST;
        if (!is_taken)
            error_set_errno(err, ERROR_SYSTEM, "cannot make %s", path);
        free(path);
        if (!is_taken)
            return false;
        snprintf(number, sizeof(number), "_%d", next);
    }
}
