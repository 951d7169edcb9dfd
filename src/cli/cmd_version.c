/* SPDX-License-Identifier: MIT */
/* etl-sigos version: prints the version. */
#include "cli/command.h"

#include "run/exit_code.h"

#include <stdio.h>

#ifndef ETL_VERSION
#define ETL_VERSION "development"
#endif

const char program_version[] = ETL_VERSION;

static int run(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        fputs("etl-sigos: version takes no argument\n", stderr);
        return EXIT_CODE_USAGE;
    }
    printf("etl-sigos %s\n", program_version);
    return EXIT_CODE_DONE;
}

const struct command command_version = {
    .name = "version",
    .summary = "print the version",
    .help = "usage: etl-sigos version\n",
    .run = run,
};
