/* SPDX-License-Identifier: MIT */
/* etl-sigos schedule: stays and runs cycles on the timetable, or lists the coming starts. */
#include "cli/command.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/reload.h"
#include "cli/invocation.h"
#include "cli/table.h"
#include "load/destination.h"
#include "load/destination_open.h"
#include "load/history.h"
#include "run/exit_code.h"
#include "run/schedule.h"

#include <stdlib.h>
#include <string.h>

/* The running schedule, and the command line that is read again on SIGHUP. */
struct scheduler {
    int argc;
    char **argv;
    struct invocation invocation;
};

/* Checks the names of the reports once, before the first start. */
static bool check_reports(const struct invocation *invocation, struct error *err)
{
    const struct report **reports = mem_array(invocation->profile.report_count, sizeof(*reports));
    size_t count;
    const bool good = invocation_reports(invocation, reports, &count, err);

    free(reports);
    return good;
}

static bool open_invocation(int argc, char **argv, struct invocation *out, struct error *err)
{
    if (!invocation_open_for_portal(argc, argv, out, err))
        return false;
    if (check_reports(out, err))
        return true;
    invocation_close(out);
    return false;
}

/* Reads profile and settings again. If they are wrong, the schedule goes on with those it has. */
static void reload(struct scheduler *scheduler)
{
    struct invocation fresh;
    struct error err, ignored;

    settings_restore_environment(&scheduler->invocation.settings);
    if (open_invocation(scheduler->argc, scheduler->argv, &fresh, &err)) {
        invocation_close(&scheduler->invocation);
        scheduler->invocation = fresh;
        log_info("schedule.reloaded", log_text("profile", fresh.profile.portal.name));
        return;
    }
    clock_set_zone(scheduler->invocation.profile.portal.zone, &ignored);
    log_error("schedule.not_reloaded", log_text("error", err.message));
}

static const struct timetable *timetable_of(void *arg)
{
    struct scheduler *scheduler = arg;

    if (reload_take())
        reload(scheduler);
    return &scheduler->invocation.profile.portal.timetable;
}

/* Runs one cycle. Its outcome is in the ledger and the log, and does not end the schedule. */
static void run_cycle(enum cycle_mode mode, void *arg)
{
    const struct scheduler *scheduler = arg;

    invocation_cycle(&scheduler->invocation, mode);
}

/* Notes when a run of a mode was last started, by its id. */
static bool note_run(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct decided *decided = arg;
    struct tm civil = {.tm_isdst = -1};
    MEM_FREE_TEXT char *mode = mem_copy_n(cells[0].text, cells[0].len);
    MEM_FREE_TEXT char *id = mem_copy_n(cells[1].text, cells[1].len);

    (void)count;
    (void)err;
    if (!strptime(id, "%Y%m%dT%H%M%S", &civil))
        return true;
    const time_t began = mktime(&civil);
    if (strcmp(mode, cycle_mode_name(MODE_FULL)) == 0) {
        decided->full = began;
        decided->incremental = began > decided->incremental ? began : decided->incremental;
    } else if (strcmp(mode, cycle_mode_name(MODE_INCREMENTAL)) == 0) {
        decided->incremental = began > decided->incremental ? began : decided->incremental;
    }
    return true;
}

static bool read_last_runs(const struct invocation *invocation, struct decided *out,
                           struct error *err)
{
    enum destination_state state = DESTINATION_EMPTY;
    struct destination *dest = NULL;

    if (!destination_open_existing(invocation->settings.database, DESTINATION_READ, &dest, err))
        return false;
    const bool ok =
        !dest || (destination_inspect(dest, NULL, &state, err) &&
                  (state == DESTINATION_EMPTY || history_last_runs(dest, note_run, out, err)));
    destination_close(dest);
    return ok;
}

/* Returns up to when starts were decided, by the runs in the ledger, so that a start that passed
 * while no process was there is made up for. A mode that never ran begins with its next start. */
static struct decided last_decided(const struct invocation *invocation)
{
    const time_t now = clock_now();
    struct decided found = {0};
    struct error err;

    if (!read_last_runs(invocation, &found, &err)) {
        log_warn("schedule.past_unknown", log_text("error", err.message));
        found = (struct decided){0};
    }
    return (struct decided){.incremental = found.incremental ? found.incremental : now,
                            .full = found.full ? found.full : now};
}

static bool run_schedule(struct scheduler *scheduler, struct error *err)
{
    const struct schedule schedule = {
        .timetable = timetable_of,
        .run = run_cycle,
        .arg = scheduler,
        .decided = last_decided(&scheduler->invocation),
    };

    return reload_install(err) && schedule_loop(&schedule, err);
}

/* Prints the coming starts. */
static bool print_starts(const struct invocation *invocation, struct error *err)
{
    static const char *const columns[] = {"at", "mode", NULL};
    const struct timetable *timetable = &invocation->profile.portal.timetable;
    struct due due = {.at = clock_now()};
    struct table table;
    bool ok = true;

    table_init(&table, columns, invocation->options.json);
    for (int64_t i = 0; ok && i < invocation->options.next; i++) {
        char stamp[CLOCK_STAMP_SIZE];
        if (!schedule_next(timetable, due.at, &due))
            break;
        const struct cell cells[] = {table_text(clock_format_zoned(due.at, stamp)),
                                     table_text(cycle_mode_name(due.mode))};
        ok = table_add(&table, cells, 2, err);
    }
    if (ok)
        table_print(&table, "the profile's timetable is empty: nothing would run");
    table_done(&table);
    return ok;
}

/* Lists the coming starts, for which neither login nor database is needed. */
static int list_starts(int argc, char **argv)
{
    struct invocation invocation;
    struct error err;

    if (!invocation_open(argc, argv, &invocation, &err))
        return invocation_refuse(&err);
    const bool ok = print_starts(&invocation, &err);
    invocation_close(&invocation);
    return ok ? EXIT_CODE_DONE : invocation_refuse(&err);
}

static int run(int argc, char **argv)
{
    struct scheduler scheduler = {.argc = argc, .argv = argv};
    struct options options;
    struct error err;

    if (!options_parse(argc, argv, &options, &err))
        return invocation_refuse(&err);
    if (options.next)
        return list_starts(argc, argv);
    if (!open_invocation(argc, argv, &scheduler.invocation, &err))
        return invocation_refuse(&err);
    run_schedule(&scheduler, &err);
    invocation_close(&scheduler.invocation);
    return err.kind == ERROR_STOPPED ? exit_code_of(&err) : invocation_refuse(&err);
}

const struct command command_schedule = {
    .name = "schedule",
    .summary = "stay and run cycles on the timetable of the profile",
    .help =
        "usage: etl-sigos schedule [REPORT…] [OPTION…]\n"
        "       etl-sigos schedule --next N [--profile DIR] [--json]\n"
        "\n"
        "Waits for the next start of the profile's timetable, runs that cycle, and so on, until "
        "SIGTERM\n"
        "or SIGINT stops it.\n"
        "\n"
        "A start that passes while a cycle runs which loads the same is left out. Any other start "
        "that was\n"
        "missed, because the machine slept or the program was not there, is made up for once, if "
        "it is at\n"
        "most `late` minutes old (a key of the timetable; without it, `every`). What is left out "
        "is "
        "logged.\n"
        "SIGHUP makes it read the profile, .env and the files of secrets again.\n"
        "\n"
        "options:\n"
        "  --next N          print the next N starts and end\n" OPTIONS_EXPORT_HELP,
    .run = run,
};
