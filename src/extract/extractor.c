/* SPDX-License-Identifier: MIT */
/* The interface: calls go to the implementation. Adds and frees the paths of a window's files. */
#include "extract/extractor.h"

#include "base/activity.h"
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

bool extractor_fetch(struct extractor *extractor, const struct report *report, struct window window,
                     struct export *out, struct error *err)
{
    activity_received(0);
    return extractor->ops->fetch(extractor, report, window, out, err);
}

bool extractor_open_another(const struct extractor *extractor, struct extractor **out,
                            struct error *err)
{
    return extractor->ops->another(extractor, out, err);
}

bool extractor_is_evicted(const struct extractor *extractor)
{
    return extractor->ops->is_evicted && extractor->ops->is_evicted(extractor);
}

size_t extractor_fallbacks(const struct extractor *extractor, struct extractor_fallback *out,
                           size_t room)
{
    return extractor->ops->fallbacks ? extractor->ops->fallbacks(extractor, out, room) : 0;
}

void extractor_close(struct extractor *extractor)
{
    if (extractor)
        extractor->ops->close(extractor);
}
