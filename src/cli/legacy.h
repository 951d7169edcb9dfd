/*
 * The flags of the Python program, as schedules and scripts still use them, in today's commands:
 *
 *     --cycle-incremental, --cycle-full      incremental, full
 *     --report X --mode M                    M X
 *     --scheduler                            schedule
 *     --keep-files and all other options     are handed on
 */
#ifndef CLI_LEGACY_H
#define CLI_LEGACY_H

#include "base/error.h"

#include <stdbool.h>

struct legacy_command {
    char **argv; /* argv[0] is the command; the strings belong to the caller's argv */
    int argc;
};

/* ERROR_CONFIG if the flags ask for nothing, for two things, or for half of one. */
bool legacy_translate(int argc, char **argv, struct legacy_command *out, struct error *err);
void legacy_done(struct legacy_command *line);

#endif
