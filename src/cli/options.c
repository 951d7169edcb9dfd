/* SPDX-License-Identifier: MIT */
/* Reads the options of a command line. */
#include "cli/options.h"

#include "base/buf.h"
#include "base/date.h"
#include "run/run_id.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum option_code {
    OPTION_PROFILE = 256,
    OPTION_ENV_FILE,
    OPTION_REPORT,
    OPTION_JSON,
    OPTION_ACCEPT_SHRINK,
    OPTION_KEEP_FILES,
    OPTION_TODAY,
    OPTION_FROM,
    OPTION_TO,
    OPTION_SINCE,
    OPTION_PLAN,
    OPTION_RESUME,
    OPTION_VERIFY,
    OPTION_SHARE,
    OPTION_RUN,
    OPTION_LIMIT,
    OPTION_NEXT,
    OPTION_OFFLINE,
    OPTION_COMPACT,
    OPTION_REFRESH,
    OPTION_DROP,
    OPTION_PRINT,
    OPTION_BRONZE,
    OPTION_ADDRESS,
    OPTION_OUT,
    OPTION_ALLOW_RUN,
    OPTION_ALLOW_ACCEPT,
    OPTION_HASH_PASSWORD,
};

static const struct option long_options[] = {
    {"profile", required_argument, NULL, OPTION_PROFILE},
    {"env-file", required_argument, NULL, OPTION_ENV_FILE},
    {"report", required_argument, NULL, OPTION_REPORT},
    {"json", no_argument, NULL, OPTION_JSON},
    {"accept-shrink", no_argument, NULL, OPTION_ACCEPT_SHRINK},
    {"keep-files", no_argument, NULL, OPTION_KEEP_FILES},
    {"today", required_argument, NULL, OPTION_TODAY},
    {"from", required_argument, NULL, OPTION_FROM},
    {"to", required_argument, NULL, OPTION_TO},
    {"plan", no_argument, NULL, OPTION_PLAN},
    {"resume", no_argument, NULL, OPTION_RESUME},
    {"verify", no_argument, NULL, OPTION_VERIFY},
    {"share", optional_argument, NULL, OPTION_SHARE},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"run", required_argument, NULL, OPTION_RUN},
    {"limit", required_argument, NULL, OPTION_LIMIT},
    {"next", required_argument, NULL, OPTION_NEXT},
    {"offline", no_argument, NULL, OPTION_OFFLINE},
    {"compact", no_argument, NULL, OPTION_COMPACT},
    {"refresh", no_argument, NULL, OPTION_REFRESH},
    {"drop", no_argument, NULL, OPTION_DROP},
    {"print", no_argument, NULL, OPTION_PRINT},
    {"bronze", no_argument, NULL, OPTION_BRONZE},
    {"address", required_argument, NULL, OPTION_ADDRESS},
    {"out", required_argument, NULL, OPTION_OUT},
    {"allow-run", no_argument, NULL, OPTION_ALLOW_RUN},
    {"allow-accept", no_argument, NULL, OPTION_ALLOW_ACCEPT},
    {"hash-password", no_argument, NULL, OPTION_HASH_PASSWORD},
    {0},
};

/* The commands that take an option. Options that are not listed here are taken by all commands. */
enum { COMMANDS_MAX = 9 };
static const struct option_use {
    int code;
    const char *commands[COMMANDS_MAX];
} option_uses[] = {
    {OPTION_REPORT,
     {"incremental", "full", "load", "schedule", "check", "status", "changes", "rejects"}},
    {OPTION_ACCEPT_SHRINK, {"incremental", "full", "load"}},
    {OPTION_KEEP_FILES, {"incremental", "full", "schedule"}},
    {OPTION_TODAY, {"incremental", "full"}},
    {OPTION_FROM, {"incremental", "full", "load", "check", "status", "changes", "copy"}},
    {OPTION_TO, {"incremental", "full", "load", "check", "status", "changes", "copy"}},
    {OPTION_PLAN, {"incremental", "full"}},
    {OPTION_RESUME, {"incremental", "full"}},
    {OPTION_VERIFY, {"check", "full", "incremental"}},
    {OPTION_SHARE, {"full"}},
    {OPTION_SINCE, {"status", "changes"}},
    {OPTION_RUN, {"status", "changes", "rejects"}},
    {OPTION_LIMIT, {"status", "changes", "rejects"}},
    {OPTION_NEXT, {"schedule"}},
    {OPTION_OFFLINE, {"check"}},
    {OPTION_COMPACT, {"check"}},
    {OPTION_REFRESH, {"layers"}},
    {OPTION_DROP, {"layers"}},
    {OPTION_PRINT, {"layers"}},
    {OPTION_BRONZE, {"load"}},
    {OPTION_ADDRESS, {"serve"}},
    {OPTION_OUT, {"report"}},
    {OPTION_ALLOW_RUN, {"serve"}},
    {OPTION_ALLOW_ACCEPT, {"serve"}},
    {OPTION_HASH_PASSWORD, {"serve"}},
};

static const char *name_of(int code)
{
    const struct option *option = long_options;

    while (option->val != code)
        option++;
    return option->name;
}

static bool refuse_use(const char *command, const struct option_use *use, struct error *err)
{
    BUF_DONE struct buf list = BUF_INIT(256);

    for (size_t i = 0; use->commands[i]; i++)
        buf_addf(&list, "%s%s", !i ? "" : use->commands[i + 1] ? ", " : " and ", use->commands[i]);
    return error_set(err, ERROR_CONFIG, "%s: --%s is for %s", command, name_of(use->code),
                     buf_text(&list));
}

/* Whether the command takes the option; else ERROR_CONFIG. An option that is silently ignored would
 * let a person believe that it works. */
static bool check_use(const char *command, int code, struct error *err)
{
    for (size_t i = 0; i < sizeof(option_uses) / sizeof(*option_uses); i++) {
        const struct option_use *use = &option_uses[i];
        if (use->code != code)
            continue;
        for (size_t c = 0; use->commands[c]; c++)
            if (strcmp(use->commands[c], command) == 0)
                return true;
        return refuse_use(command, use, err);
    }
    return true;
}

static bool read_day(const char *name, int32_t *out, bool *given, struct error *err)
{
    const size_t len = strlen(optarg);

    if (!date_parse_iso(optarg, len, out) && !date_parse_br(optarg, len, out))
        return error_set(err, ERROR_CONFIG,
                         "%s: '%s' is no date; write it as 2026-11-23 or 23/11/2026, the day first",
                         name, optarg);
    *given = true;
    return true;
}

/* Takes an end of --from and --to: an address of a database for `copy`, else a day. */
static bool read_end(const char *command, const char *name, const char **url, int32_t *day,
                     bool *given, struct error *err)
{
    if (strcmp(command, "copy") != 0)
        return read_day(name, day, given, err);
    *url = optarg;
    return true;
}

static bool read_count(const char *name, int64_t *out, struct error *err)
{
    char *end;

    errno = 0;
    long long value = strtoll(optarg, &end, 10);
    if (errno || end == optarg || *end || value < 1)
        return error_set(err, ERROR_CONFIG, "%s: '%s' is no number from 1 on", name, optarg);
    *out = value;
    return true;
}

static bool read_share(struct options *options, struct error *err)
{
    options->share = true;
    options->share_name = optarg;
    return !optarg || share_name_is_good(optarg) ||
           error_set(
               err, ERROR_CONFIG,
               "--share: '%s' is no name for a cycle; write 1 to %d letters, digits, dots and "
               "hyphens, the same for each process and another one for each cycle",
               optarg, SHARE_NAME_MAX);
}

static bool take_option(int code, char **argv, struct options *options, struct error *err)
{
    switch (code) {
    case OPTION_PROFILE:
        options->profile = optarg;
        return true;
    case OPTION_ENV_FILE:
        options->env_file = optarg;
        return true;
    case OPTION_REPORT:
        options->report = optarg;
        return true;
    case OPTION_JSON:
        return options->json = true;
    case OPTION_ACCEPT_SHRINK:
        return options->accept_shrink = true;
    case OPTION_KEEP_FILES:
        return options->keep_files = true;
    case OPTION_PLAN:
        return options->plan = true;
    case OPTION_RESUME:
        return options->resume = true;
    case OPTION_VERIFY:
        return options->verify = true;
    case OPTION_SHARE:
        return read_share(options, err);
    case OPTION_OFFLINE:
        return options->offline = true;
    case OPTION_COMPACT:
        return options->compact = true;
    case OPTION_REFRESH:
        return options->refresh = true;
    case OPTION_DROP:
        return options->drop = true;
    case OPTION_PRINT:
        return options->print = true;
    case OPTION_BRONZE:
        return options->bronze = true;
    case OPTION_ADDRESS:
        options->address = optarg;
        return true;
    case OPTION_OUT:
        options->out = optarg;
        return true;
    case OPTION_ALLOW_RUN:
        return options->allow_run = true;
    case OPTION_ALLOW_ACCEPT:
        return options->allow_accept = true;
    case OPTION_HASH_PASSWORD:
        return options->hash_password = true;
    case OPTION_TODAY:
        return read_day("--today", &options->today, &options->has_today, err);
    case OPTION_FROM:
        return read_end(argv[0], "--from", &options->from_url, &options->range.first,
                        &options->range.has_first, err);
    case OPTION_TO:
        return read_end(argv[0], "--to", &options->to_url, &options->range.last,
                        &options->range.has_last, err);
    case OPTION_SINCE:
        return read_day("--since", &options->since, &options->has_since, err);
    case OPTION_RUN:
        options->run = optarg;
        return true;
    case OPTION_LIMIT:
        return read_count("--limit", &options->limit, err);
    case OPTION_NEXT:
        return read_count("--next", &options->next, err);
    case ':':
        return error_set(err, ERROR_CONFIG, "%s needs a value", argv[optind - 1]);
    default:
        return error_set(err, ERROR_CONFIG, "there is no option %s; see `etl-sigos %s --help`",
                         argv[optind - 1], argv[0]);
    }
}

bool options_parse(int argc, char **argv, struct options *out, struct error *err)
{
    struct options options = {0};
    int code;

    optind = 0; /* makes getopt begin anew, in a second call too */
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":", long_options, NULL)) != -1)
        if (!check_use(argv[0], code, err) || !take_option(code, argv, &options, err))
            return false;
    if (options.range.has_first && options.range.has_last &&
        options.range.first > options.range.last)
        return error_set(err, ERROR_CONFIG, "--from is after --to");
    if (options.share && (options.plan || options.resume || options.accept_shrink))
        return error_set(err, ERROR_CONFIG,
                         "--share goes on where its processes were interrupted by itself, and a "
                         "plan or a held window is for one process: leave --%s out",
                         options.plan     ? "plan"
                         : options.resume ? "resume"
                                          : "accept-shrink");
    options.arguments = argv + optind;
    options.argument_count = argc - optind;
    *out = options;
    return true;
}
