/* SPDX-License-Identifier: MIT */
/* Lists the commands, and runs the one that the command line names. */
#include "cli/command.h"

#include "cli/legacy.h"
#include "config/suggest.h"
#include "run/exit_code.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_incremental, &command_full,    &command_load,    &command_schedule, &command_status,
    &command_changes,     &command_rejects, &command_layers,  &command_check,    &command_copy,
    &command_serve,       &command_report,  &command_version,
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(*commands) };

static const char intro[] =
    "etl-sigos keeps a live copy of a web portal's CSV exports in a database.\n"
    "\n"
    "usage: etl-sigos COMMAND [OPTION…]\n"
    "\n"
    "commands:\n";

static const char outro[] =
    "\n"
    "`etl-sigos COMMAND --help` explains a command.\n"
    "\n"
    "environment (or .env): SIGOS_URL SIGOS_USUARIO SIGOS_SENHA SIGOS_MODE HEADLESS CHROME_BIN\n"
    "BROWSER_SANDBOX EVIDENCE_DIR, SIGOS_JOBS (windows exported at a time, 1 to 4), DATABASE_URL, "
    "or DB_HOST "
    "DB_PORT DB_NAME\n"
    "DB_USER DB_PASS DB_SSLMODE DB_SSLROOTCERT; NAME_FILE for a secret kept in a file;\n"
    "COPY_FROM_URL, the database that `copy` reads;\n"
    "HTTPS_PROXY HTTP_PROXY ALL_PROXY NO_PROXY, for the portal;\n"
    "LOG_LEVEL (debug, info, warn, error), LOG_FORMAT (text, json), LOG_FILE (rotated at 2 MB)\n"
    "PING_URL, ALERT_WEBHOOK_URL, ALERT_FORMAT (json, slack, teams), ALERT_DIGEST, METRICS_FILE\n"
    "BRONZE_DIR, where every export is kept as it came; BRONZE_KEEP_DAYS\n"
    "SERVE_ADDRESS, SERVE_HOSTS, SERVE_PASSWORD_HASH, SERVE_METRICS_TOKEN, SERVE_TRUST_PROXY, for "
    "serve\n"
    "BRONZE_S3_BUCKET, where it is copied to; BRONZE_S3_PREFIX BRONZE_S3_REGION "
    "BRONZE_S3_ENDPOINT,\n"
    "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN, or the task role of Fargate\n"
    "\n"
    "flags of the Python program, still understood: --cycle-incremental, --cycle-full, "
    "--scheduler,\n"
    "--report general|return --mode incremental|full [--keep-files]\n"
    "\n"
    "exit codes: 0 done, 1 failed, 2 usage or configuration, 3 some windows failed, 4 held by the\n"
    "guard, 5 another run holds the lease, 6 portal or login, 7 database, 8 a data test failed,\n"
    "9 the data is stale, 130/143 stopped by a signal\n";

static void print_usage(FILE *to)
{
    fputs(intro, to);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fputs(outro, to);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* Prints that there is no such command, and which similar one was probably meant. */
static int refuse_command(const char *name)
{
    const char *names[COMMAND_COUNT];

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i]->name;
    const char *meant = suggest_nearest(name, names, COMMAND_COUNT);
    if (meant)
        fprintf(stderr, "etl-sigos: there is no command '%s'; did you mean %s?\n", name, meant);
    else
        fprintf(stderr, "etl-sigos: there is no command '%s'; `etl-sigos --help` lists them\n",
                name);
    return EXIT_CODE_USAGE;
}

static int run_command(int argc, char **argv)
{
    const struct command *command = find_command(argv[0]);

    if (!command)
        return refuse_command(argv[0]);
    for (int i = 1; i < argc; i++) {
        if (is_help(argv[i])) {
            fputs(command->help, stdout);
            return EXIT_CODE_DONE;
        }
    }
    return command->run(argc, argv);
}

static int run_line(int argc, char **argv)
{
    struct error err;
    struct legacy_command line;

    if (argc < 2) {
        print_usage(stderr);
        return EXIT_CODE_USAGE;
    }
    if (is_help(argv[1])) {
        if (argc > 2 && find_command(argv[2]))
            fputs(find_command(argv[2])->help, stdout);
        else
            print_usage(stdout);
        return EXIT_CODE_DONE;
    }
    if (strcmp(argv[1], "--version") == 0)
        argv[1] += 2;
    if (argv[1][0] != '-')
        return run_command(argc - 1, argv + 1);
    if (!legacy_translate(argc, argv, &line, &err)) {
        fprintf(stderr, "etl-sigos: %s\n", err.message);
        return EXIT_CODE_USAGE;
    }
    int code = run_command(line.argc, line.argv);
    legacy_done(&line);
    return code;
}

/* Whoever reads our output may end before it does: a closed pipe is no failure. A full disk is. */
static int check_output(int code)
{
    if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
        return code;
    fprintf(stderr, "etl-sigos: cannot write the output: %s\n", strerror(errno));
    return code == EXIT_CODE_DONE ? EXIT_CODE_FAILED : code;
}

int cli_run(int argc, char **argv)
{
    return check_output(run_line(argc, argv));
}
