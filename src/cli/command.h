/*
 * The commands of the program. Each has a file of its own, and cli.c lists them.
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
    command_status, command_check, command_changes, command_rejects, command_layers, command_serve,
    command_report, command_version, command_copy;

/* The version of the program: "0.1.0". */
extern const char program_version[];

/* Runs the command that the command line names. Returns the exit code (run/exit_code.h). */
int cli_run(int argc, char **argv);

#endif
