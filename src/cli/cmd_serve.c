/* SPDX-License-Identifier: MIT */
/* etl-sigos serve: the pages over HTTP. */
#include "cli/command.h"

#include "cli/invocation.h"
#include "run/exit_code.h"
#include "serve/address.h"
#include "serve/password.h"
#include "serve/serve.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Reads a line without its end; false at the end of the input, or if it is too long. */
static bool read_line(char *out, size_t size)
{
    if (!fgets(out, (int)size, stdin))
        return false;
    const size_t len = strcspn(out, "\r\n");
    const bool whole = out[len] != '\0' || feof(stdin);
    out[len] = '\0';
    return whole;
}

/* Reads the password; from a terminal without showing it. */
static bool read_password(char out[PASSWORD_MAX + 2], struct error *err)
{
    struct termios shown, hidden;
    const bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0;

    if (terminal) {
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        fputs("Password: ", stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    const bool ok = read_line(out, PASSWORD_MAX + 2);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    return ok || error_set(err, ERROR_CONFIG,
                           "give the password as one line of at most %d bytes on standard input",
                           PASSWORD_MAX);
}

static int print_hash(void)
{
    char password[PASSWORD_MAX + 2], hash[PASSWORD_HASH_SIZE];
    struct error err;

    const bool ok = read_password(password, &err) && password_hash(password, hash, &err);
    explicit_bzero(password, sizeof(password));
    if (!ok)
        return invocation_refuse(&err);
    puts(hash);
    return EXIT_CODE_DONE;
}

static bool serve(const struct invocation *invocation, struct error *err)
{
    static const char *const names[SETTINGS_HIDDEN] = SETTINGS_HIDDEN_NAMES;
    const struct settings *settings = &invocation->settings;
    const struct options *options = &invocation->options;
    struct serve_variable variables[SETTINGS_HIDDEN];

    if (options->argument_count)
        return error_set(err, ERROR_CONFIG, "serve takes no argument, found '%s'",
                         options->arguments[0]);
    for (size_t i = 0; i < SETTINGS_HIDDEN; i++)
        variables[i] = (struct serve_variable){names[i], settings->hidden[i]};
    const struct serve_options serving = {
        .address = options->address          ? options->address
                   : settings->serve_address ? settings->serve_address
                                             : SERVE_DEFAULT_ADDRESS,
        .hosts = settings->serve_hosts,
        .password_hash = settings->serve_password_hash,
        .metrics_token = settings->serve_metrics_token,
        .trust_proxy = settings->serve_trust_proxy,
        .allow_run = options->allow_run,
        .allow_accept = options->allow_accept,
        .database = settings->database,
        .version = program_version,
        .portal_name = invocation->profile.portal.name,
        .profile = options->profile,
        .env_file = options->env_file,
        .variables = variables,
        .variable_count = SETTINGS_HIDDEN,
    };
    return serve_run(&serving, err);
}

static int run(int argc, char **argv)
{
    struct invocation invocation = {0};
    struct options options;
    struct error err;

    if (!options_parse(argc, argv, &options, &err))
        return invocation_refuse(&err);
    if (options.hash_password)
        return print_hash();
    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    serve(&invocation, &err);
    invocation_close(&invocation);
    return err.kind == ERROR_STOPPED ? exit_code_of(&err) : invocation_refuse(&err);
}

const struct command command_serve = {
    .name = "serve",
    .summary = "show the pages that analysts read, over HTTP",
    .help =
        "usage: etl-sigos serve [--address HOST:PORT] [OPTION…]\n"
        "       etl-sigos serve --hash-password\n"
        "\n"
        "Answers browsers until SIGTERM or SIGINT stops it. It only reads the database: cycles go\n"
        "on beside it. On a loopback address everybody on this machine is let in; any other\n"
        "address needs a password (SERVE_PASSWORD_HASH), and a proxy that encrypts.\n"
        "\n"
        "options:\n"
        "  --address H:P     listen there, not on SERVE_ADDRESS or " SERVE_DEFAULT_ADDRESS "\n"
        "  --hash-password   read a password from standard input and print its hash for\n"
        "                    SERVE_PASSWORD_HASH\n"
        "  --allow-run       a button starts an incremental cycle\n"
        "  --allow-accept    a button loads a window that the guard held\n" OPTIONS_HELP,
    .run = run,
};
