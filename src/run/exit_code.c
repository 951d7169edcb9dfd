/* SPDX-License-Identifier: MIT */
/* Chooses the exit code for an error, and says what each means. */
#include "run/exit_code.h"

#include "base/stop.h"

#include <stddef.h>

int exit_code_of(const struct error *err)
{
    switch (err->kind) {
    case ERROR_NONE:
        return EXIT_CODE_DONE;
    case ERROR_CONFIG:
        return EXIT_CODE_USAGE;
    case ERROR_LOGIN:
    case ERROR_PORTAL:
        return EXIT_CODE_PORTAL;
    case ERROR_HELD:
        return EXIT_CODE_HELD;
    case ERROR_LOCKED:
        return EXIT_CODE_LOCKED;
    case ERROR_DATABASE:
        return EXIT_CODE_DATABASE;
    case ERROR_STOPPED:
        return EXIT_CODE_SIGNAL + stop_signal();
    case ERROR_DATA:
    case ERROR_SYSTEM:
        break;
    }
    return EXIT_CODE_FAILED;
}

const char *exit_code_meaning(int code)
{
    static const char *const meanings[] = {
        [EXIT_CODE_DONE] = "done",
        [EXIT_CODE_FAILED] = "failed",
        [EXIT_CODE_USAGE] = "usage or configuration",
        [EXIT_CODE_SOME_FAILED] = "some windows failed",
        [EXIT_CODE_HELD] = "held by the guard",
        [EXIT_CODE_LOCKED] = "another run holds the lease",
        [EXIT_CODE_PORTAL] = "portal or login",
        [EXIT_CODE_DATABASE] = "database",
        [EXIT_CODE_DATA_TEST] = "a data test failed",
        [EXIT_CODE_STALE] = "the data is stale",
    };

    if (code >= EXIT_CODE_SIGNAL)
        return "stopped by a signal";
    return code >= 0 && (size_t)code < sizeof(meanings) / sizeof(*meanings) ? meanings[code]
                                                                            : "unknown";
}
