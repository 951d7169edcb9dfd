/*
 * The commands of the program: a table in cli.c, a file each.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

struct command {
    const char *name;
    const char *summary;               /* one line for the list of commands */
    const char *help;                  /* what `etl-sigos NAME --help` prints */
    int (*run)(int argc, char **argv); /* argv[0] is the name; returns the exit code */
};

extern const struct command command_incremental, command_full, command_load, command_schedule,
    command_status, command_check, command_changes, command_rejects, command_version;

/* Runs the program; returns its exit code. */
int cli_run(int argc, char **argv);

#endif
