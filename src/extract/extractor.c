/* SPDX-License-Identifier: MIT */
/* The interface: calls go to the implementation. */
#include "extract/extractor.h"

bool extractor_fetch(struct extractor *extractor, const struct report *report, struct window window,
                     struct export *out, struct error *err)
{
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

void extractor_close(struct extractor *extractor)
{
    if (extractor)
        extractor->ops->close(extractor);
}
