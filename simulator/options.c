/* SPDX-License-Identifier: MIT */
/* Flags into settings. */
#include "simulator/options.h"

#include "base/date.h"
#include "simulator/fault.h"
#include "simulator/number.h"

#include <stddef.h>
#include <string.h>

const char sim_options_help[] =
    "sigos-sim: a portal like SIGOS, with a past that changes\n"
    "\n"
    "  sigos-sim serve  [--port N] [--delay-ms N] [HISTORY]\n"
    "      listens on 127.0.0.1; user and password from SIM_USUARIO and SIM_SENHA (demo, demo)\n"
    "  sigos-sim truth  --report general|return --from DAY --to DAY [HISTORY]\n"
    "      the rows as the table must hold them: tab-separated, sorted, both days included\n"
    "  sigos-sim export --report general|return --from DAY --to DAY [HISTORY]\n"
    "      the CSV that the portal would send for the period\n"
    "  sigos-sim version\n"
    "\n"
    "HISTORY: the same values give the same past.\n"
    "  --seed N          which past (1)\n"
    "  --rows N          services of an average day; about a fifth come back as returns (40)\n"
    "  --begin DAY       first day (2022-03-01)\n"
    "  --today DAY       last day (today in São Paulo)\n"
    "  --generation N    how many audits have been over it (0)\n"
    "\n"
    "DAY is yyyy-mm-dd. With port 0, the default, any free port is taken.\n"
    "A running server listens to POST /_sim/generation?n=K, POST /_sim/delay?ms=N,\n"
    "POST /_sim/sessions/expire and GET /_sim/state.\n";

enum {
    ANY = OPTIONS_SERVE | OPTIONS_TRUTH | OPTIONS_EXPORT,
    FILES = OPTIONS_TRUTH | OPTIONS_EXPORT
};

enum { SEEN_REPORT = 1, SEEN_FROM = 2, SEEN_TO = 4, SEEN_ALL = 7 };

static bool read_number(const char *value, uint64_t min, uint64_t max, uint64_t *out)
{
    uint64_t number;

    if (!sim_number_parse(value, max, &number) || number < min)
        return false;
    *out = number;
    return true;
}

static bool read_u32(const char *value, uint64_t min, uint64_t max, uint32_t *out)
{
    uint64_t number;

    if (!read_number(value, min, max, &number))
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool set_seed(struct sim_options *o, const char *value)
{
    return read_number(value, 0, UINT64_MAX, &o->history.seed);
}

static bool set_rows(struct sim_options *o, const char *value)
{
    return read_u32(value, 1, HISTORY_ROWS_MAX, &o->history.rows);
}

static bool set_generation(struct sim_options *o, const char *value)
{
    return read_u32(value, 0, HISTORY_GENERATION_MAX, &o->history.generation);
}

static bool set_begin(struct sim_options *o, const char *value)
{
    return date_parse_iso(value, strlen(value), &o->history.begin);
}

static bool set_today(struct sim_options *o, const char *value)
{
    return date_parse_iso(value, strlen(value), &o->history.today);
}

static bool set_port(struct sim_options *o, const char *value)
{
    uint32_t port;

    if (!read_u32(value, 0, UINT16_MAX, &port))
        return false;
    o->port = (uint16_t)port;
    return true;
}

static bool set_delay(struct sim_options *o, const char *value)
{
    return read_u32(value, 0, FAULT_DELAY_MS_MAX, &o->delay_ms);
}

static bool set_report(struct sim_options *o, const char *value)
{
    const struct sim_report *report = sim_report_by_word(value);

    if (report)
        o->report = report->kind;
    return report != NULL;
}

static bool set_from(struct sim_options *o, const char *value)
{
    return date_parse_iso(value, strlen(value), &o->from);
}

static bool set_to(struct sim_options *o, const char *value)
{
    return date_parse_iso(value, strlen(value), &o->to);
}

static const struct flag {
    const char *name;
    unsigned commands;
    unsigned seen; /* marks that a flag which must be there is */
    bool (*set)(struct sim_options *options, const char *value);
    const char *expects;
} flags[] = {
    {"--seed", ANY, 0, set_seed, "a number"},
    {"--rows", ANY, 0, set_rows, "a number from 1 to 20000"},
    {"--begin", ANY, 0, set_begin, "a day, yyyy-mm-dd"},
    {"--today", ANY, 0, set_today, "a day, yyyy-mm-dd"},
    {"--generation", ANY, 0, set_generation, "a number from 0 to 1000"},
    {"--port", OPTIONS_SERVE, 0, set_port, "a number from 0 to 65535"},
    {"--delay-ms", OPTIONS_SERVE, 0, set_delay, "a number from 0 to 3600000"},
    {"--report", FILES, SEEN_REPORT, set_report, "general or return"},
    {"--from", FILES, SEEN_FROM, set_from, "a day, yyyy-mm-dd"},
    {"--to", FILES, SEEN_TO, set_to, "a day, yyyy-mm-dd"},
};

static const struct {
    const char *word;
    enum options_command command;
} commands[] = {
    {"serve", OPTIONS_SERVE},     {"truth", OPTIONS_TRUTH},       {"export", OPTIONS_EXPORT},
    {"--help", OPTIONS_HELP},     {"-h", OPTIONS_HELP},           {"help", OPTIONS_HELP},
    {"version", OPTIONS_VERSION}, {"--version", OPTIONS_VERSION},
};

static bool find_command(const char *word, enum options_command *out)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].word, word) == 0) {
            *out = commands[i].command;
            return true;
        }
    return false;
}

static const struct flag *find_flag(const char *argument, size_t name_len, unsigned command)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if ((flags[i].commands & command) && strlen(flags[i].name) == name_len &&
            strncmp(flags[i].name, argument, name_len) == 0)
            return &flags[i];
    return NULL;
}

/* Reads the flag at argv[*i] and leaves *i on the last argument that it used. */
static bool read_flag(struct sim_options *options, int argc, char **argv, int *i, unsigned *seen,
                      struct error *err)
{
    const char *argument = argv[*i];
    const char *equals = strchr(argument, '=');
    size_t name_len = equals ? (size_t)(equals - argument) : strlen(argument);
    const struct flag *flag = find_flag(argument, name_len, options->command);
    const char *value = equals ? equals + 1 : NULL;

    if (!flag)
        return error_set(err, ERROR_CONFIG, "unknown argument %s; see sigos-sim --help", argument);
    if (!value) {
        if (*i + 1 == argc)
            return error_set(err, ERROR_CONFIG, "%s: expects %s", flag->name, flag->expects);
        value = argv[++*i];
    }
    if (!flag->set(options, value))
        return error_set(err, ERROR_CONFIG, "%s: expects %s, not '%s'", flag->name, flag->expects,
                         value);
    *seen |= flag->seen;
    return true;
}

bool sim_options_parse(struct sim_options *out, int argc, char **argv, int32_t today,
                       struct error *err)
{
    struct sim_options options = {
        .history = {.seed = 1, .begin = date_from_civil(2022, 3, 1), .today = today, .rows = 40}};
    unsigned seen = 0;

    if (argc < 2)
        return error_set(err, ERROR_CONFIG, "no subcommand; see sigos-sim --help");
    if (!find_command(argv[1], &options.command))
        return error_set(err, ERROR_CONFIG, "unknown subcommand %s; see sigos-sim --help", argv[1]);
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            options.command = OPTIONS_HELP;
        else if (!read_flag(&options, argc, argv, &i, &seen, err))
            return false;
        if (options.command == OPTIONS_HELP)
            break;
    }
    if ((options.command & FILES) && seen != SEEN_ALL)
        return error_set(err, ERROR_CONFIG, "--report, --from and --to are all needed");
    *out = options;
    return true;
}
