/* SPDX-License-Identifier: MIT */
/* Names the states of a window as the ledger shows them. */
#include "model/ledger.h"

const char *window_status_name(enum window_status status)
{
    static const char *const names[] = {
        [WINDOW_LOADED] = "loaded",
        [WINDOW_HELD] = "held",
        [WINDOW_REFUSED] = "refused",
        [WINDOW_FAILED] = "failed",
    };
    return names[status];
}
