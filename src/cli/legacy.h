/*
 * Translates the flags of the Python program, which timetables and scripts still use, into
 * commands:
 *
 *     --cycle-incremental, --cycle-full      incremental, full
 *     --report X --mode M                    M X
 *     --scheduler                            schedule
 *     --keep-files and all other options     stay as they are
 */
#ifndef CLI_LEGACY_H
#define CLI_LEGACY_H

#include "base/error.h"

#include <stdbool.h>

struct legacy_command {
    char **argv; /* argv[0] is the command; the strings belong to the caller's argv */
    int argc;
};

/* Translates a command line. *out is the caller's (legacy_done). ERROR_CONFIG if the flags name no
 * command, or two, or only one of --report and --mode. */
bool legacy_translate(int argc, char **argv, struct legacy_command *out, struct error *err);
void legacy_done(struct legacy_command *line);

#endif
