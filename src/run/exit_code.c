/* SPDX-License-Identifier: MIT */
/* Chooses the exit code for an error. */
#include "run/exit_code.h"

#include "base/stop.h"

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
        return 128 + stop_signal();
    case ERROR_DATA:
    case ERROR_SYSTEM:
        break;
    }
    return EXIT_CODE_FAILED;
}
