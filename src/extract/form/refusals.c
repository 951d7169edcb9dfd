/* SPDX-License-Identifier: MIT */
/* Compares normalized patterns and texts. */
#include "extract/form/refusals.h"

#include "base/buf.h"
#include "model/header.h"

#include <fnmatch.h>
#include <string.h>

enum { TEXT_MAX = 64 * 1024 };

bool refusals_match(const struct names *refusals, const char *text)
{
    BUF_DONE struct buf plain = BUF_INIT(TEXT_MAX);

    if (refusals->count == 0)
        return false;
    header_normalize(&plain, text, strlen(text));
    for (size_t i = 0; i < refusals->count; i++) {
        BUF_DONE struct buf pattern = BUF_INIT(TEXT_MAX), anywhere = BUF_INIT(TEXT_MAX);
        header_normalize(&pattern, refusals->items[i], strlen(refusals->items[i]));
        buf_addf(&anywhere, "*%s*", buf_text(&pattern));
        if (fnmatch(buf_text(&anywhere), buf_text(&plain), 0) == 0)
            return true;
    }
    return false;
}
