/* SPDX-License-Identifier: MIT */
/* Translates the flags of the Python program into commands. */
#include "cli/legacy.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static char incremental[] = "incremental", full[] = "full", schedule[] = "schedule";

/* Returns the command that a flag stands for by itself; NULL: none. */
static char *command_of(const char *flag)
{
    if (strcmp(flag, "--cycle-incremental") == 0)
        return incremental;
    if (strcmp(flag, "--cycle-full") == 0)
        return full;
    return strcmp(flag, "--scheduler") == 0 ? schedule : NULL;
}

/* Returns the value of `--name value` or `--name=value`, and moves *at to its last word; NULL if
 * argv[*at] is another flag or has no value. */
static char *value_of(const char *name, int argc, char **argv, int *at)
{
    size_t len = strlen(name);

    if (strncmp(argv[*at], name, len) != 0)
        return NULL;
    if (argv[*at][len] == '=')
        return argv[*at] + len + 1;
    if (argv[*at][len] != '\0' || *at + 1 == argc || !argv[*at + 1])
        return NULL;
    return argv[++*at];
}

bool legacy_translate(int argc, char **argv, struct legacy_command *out, struct error *err)
{
    char *command = NULL, *mode = NULL, *report = NULL;
    struct legacy_command line = {.argv = mem_array((size_t)argc + 2, sizeof(char *)), .argc = 1};

    for (int i = 1; i < argc; i++) {
        char *flag = command_of(argv[i]), *value;
        if (flag && command && command != flag) {
            error_set(err, ERROR_CONFIG, "%s: only one cycle can be asked for at a time", argv[i]);
            legacy_done(&line);
            return false;
        }
        if (flag)
            command = flag;
        else if ((value = value_of("--mode", argc, argv, &i)))
            mode = value;
        else if ((value = value_of("--report", argc, argv, &i)))
            report = value;
        else
            line.argv[line.argc++] = argv[i];
    }
    if (!command && mode && report) {
        command = mode;
        line.argv[line.argc++] = report;
    } else if (!command || mode || report) {
        error_set(err, ERROR_CONFIG,
                  "%s: not understood; give a command (`etl-sigos --help`), or --report X --mode M",
                  argv[1]);
        legacy_done(&line);
        return false;
    }
    line.argv[0] = command;
    *out = line;
    return true;
}

void legacy_done(struct legacy_command *line)
{
    free(line->argv);
    *line = (struct legacy_command){0};
}
