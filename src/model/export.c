/* SPDX-License-Identifier: MIT */
/* Adds and frees the paths of a window's files. */
#include "model/export.h"

#include "base/mem.h"

#include <stdlib.h>

void export_done(struct export *export)
{
    for (size_t i = 0; i < export->count; i++)
        free(export->paths[i]);
    free(export->paths);
    *export = (struct export){0};
}

void export_add(struct export *export, const char *path)
{
    export->paths = mem_grow(export->paths, export->count + 1, sizeof(*export->paths));
    export->paths[export->count++] = mem_copy(path);
}
