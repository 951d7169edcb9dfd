/* SPDX-License-Identifier: MIT */
/* Frees and compares what lines of the manifest say. */
#include "bronze/entry.h"

#include <stdlib.h>
#include <string.h>

void bronze_entry_done(struct bronze_entry *entry)
{
    for (size_t i = 0; i < entry->file_count; i++) {
        free(entry->files[i].name);
        free(entry->files[i].path);
    }
    free(entry->files);
    free(entry->report);
    *entry = (struct bronze_entry){0};
}

bool bronze_same_window(const struct bronze_entry *one, const struct bronze_entry *other)
{
    return strcmp(one->report, other->report) == 0 && one->window.first == other->window.first &&
           one->window.last == other->window.last &&
           one->window.own_first == other->window.own_first &&
           one->window.own_last == other->window.own_last &&
           one->window.complete == other->window.complete;
}
