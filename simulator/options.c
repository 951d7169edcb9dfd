/* SPDX-License-Identifier: MIT */
/* Turns flags into settings. */
#include "simulator/options.h"

#include "base/date.h"
#include "base/mem.h"
#include "simulator/number.h"

#include <stddef.h>
#include <string.h>

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
    unsigned seen; /* bit of a flag that is required */
    bool (*set)(struct sim_options *options, const char *value);
    const char *expects;
} flags[] = {
    {"--seed", ANY, 0, set_seed, "a number"},
    {"--rows", ANY, 0, set_rows, "a number from 1 to 20000"},
    {"--begin", ANY, 0, set_begin, "a day, yyyy-mm-dd"},
    {"--today", ANY, 0, set_today, "a day, yyyy-mm-dd"},
    {"--generation", ANY, 0, set_generation, "a number from 0 to 1000"},
    {"--port", OPTIONS_SERVE, 0, set_port, "a number from 0 to 65535"},
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

static const struct flag *find_flag(const char *name, unsigned command)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if ((flags[i].commands & command) && strcmp(flags[i].name, name) == 0)
            return &flags[i];
    return NULL;
}

/* Sets --fault or a setting of the portal, which have tables of their own. */
static bool set_portal(struct sim_options *options, const char *name, const char *value,
                       struct error *err)
{
    const char *expects = variant_expects(name);

    if (strcmp(name, "fault") == 0)
        return fault_add(&options->faults, value, err) || error_context(err, "--fault");
    if (!variant_set(&options->variant, name, value))
        return error_set(err, ERROR_CONFIG, "--%s: expects %s, not '%s'", name, expects, value);
    return true;
}

static const char *portal_expects(const char *name)
{
    return strcmp(name, "fault") == 0 ? "a fault, see sigos-sim --help" : variant_expects(name);
}

/* Reads the flag at argv[*i] and sets *i to the last argument that it used. */
static bool read_flag(struct sim_options *options, int argc, char **argv, int *i, unsigned *seen,
                      struct error *err)
{
    const char *argument = argv[*i];
    const char *equals = strchr(argument, '=');
    size_t name_len = equals ? (size_t)(equals - argument) : strlen(argument);
    MEM_FREE_TEXT char *name = mem_copy_n(argument, name_len);
    const struct flag *flag = find_flag(name, options->command);
    bool portal = !flag && options->command == OPTIONS_SERVE && strncmp(name, "--", 2) == 0;
    const char *expects = flag ? flag->expects : portal ? portal_expects(name + 2) : NULL;
    const char *value = equals ? equals + 1 : NULL;

    if (!expects)
        return error_set(err, ERROR_CONFIG, "unknown argument %s; see sigos-sim --help", argument);
    if (!value) {
        if (*i + 1 == argc)
            return error_set(err, ERROR_CONFIG, "%s: expects %s", name, expects);
        value = argv[++*i];
    }
    if (!flag)
        return set_portal(options, name + 2, value, err);
    if (!flag->set(options, value))
        return error_set(err, ERROR_CONFIG, "%s: expects %s, not '%s'", name, expects, value);
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
    options.faults.seed = options.history.seed;
    *out = options;
    return true;
}
