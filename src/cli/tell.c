/* SPDX-License-Identifier: MIT */
/* Reads from the ledger what messages about a run need, and has them sent. */
#include "cli/tell.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "load/destination_open.h"
#include "load/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { REPORTS_MAX = 64, NAME_SIZE = 64 };

/* What the ledger knows of the runs before this one. */
struct past {
    bool has_previous;
    int previous;         /* exit code */
    int32_t previous_day; /* on which it started */
    struct day day; /* that day, if this run is the first of another one; `runs` 0: it is not */
    struct day_report reports[REPORTS_MAX];
    char names[REPORTS_MAX][NAME_SIZE];
    char date[DATE_ISO_SIZE];
};

void tell_start(struct telling *telling, const struct settings *settings)
{
    uint64_t number = 0;

    if (getrandom(&number, sizeof(number), 0) < 0)
        number = (uint64_t)clock_ms();
    snprintf(telling->id, sizeof(telling->id), "%lld-%016" PRIx64, (long long)clock_now(), number);
    notify_start(&telling->notifier, settings, telling->id);
}

static uint64_t number_of(struct cell cell)
{
    char text[32] = "";

    snprintf(text, sizeof(text), "%.*s", (int)cell.len, cell.text ? cell.text : "");
    return strtoull(text, NULL, 10);
}

static bool note_previous(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct past *past = arg;

    (void)count;
    (void)err;
    past->has_previous = cells[1].len >= DATE_ISO_SIZE - 1 &&
                         date_parse_iso(cells[1].text, DATE_ISO_SIZE - 1, &past->previous_day);
    past->previous = (int)number_of(cells[0]);
    return true;
}

static bool note_runs(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct past *past = arg;

    (void)count;
    (void)err;
    past->day.runs = number_of(cells[0]);
    past->day.failed = number_of(cells[1]);
    return true;
}

static bool note_changes(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct past *past = arg;
    const size_t at = past->day.report_count;

    (void)count;
    (void)err;
    if (at == REPORTS_MAX)
        return true;
    snprintf(past->names[at], NAME_SIZE, "%.*s", (int)cells[0].len, cells[0].text);
    past->reports[at] = (struct day_report){.report = past->names[at],
                                            .inserted = number_of(cells[1]),
                                            .updated = number_of(cells[2]),
                                            .deleted = number_of(cells[3]),
                                            .rejected = number_of(cells[4])};
    past->day.report_count++;
    return true;
}

/* Reads the day of the run before, if that is another day than today. */
static bool read_day(struct destination *dest, struct past *past, struct error *err)
{
    if (!past->has_previous || past->previous_day == clock_today())
        return true;
    past->day.date = date_format_iso(past->previous_day, past->date);
    past->day.reports = past->reports;
    return history_day_runs(dest, past->previous_day, note_runs, past, err) &&
           history_day_changes(dest, past->previous_day, note_changes, past, err);
}

/* Reads the past from the ledger. What cannot be read is not known: a failure is told then. */
static void read_past(const struct settings *settings, const char *run_id, struct past *past)
{
    struct destination *dest = NULL;
    struct error err;

    if (!destination_open_existing(settings->database, DESTINATION_READ, &dest, &err) ||
        (dest && !(history_run_before(dest, run_id, note_previous, past, &err) &&
                   read_day(dest, past, &err)))) {
        log_debug("notify.past_unknown", log_text("error", err.message));
        past->day.runs = 0;
    }
    destination_close(dest);
}

void tell_end(struct telling *telling, const struct settings *settings, enum cycle_mode mode,
              const struct summary *summary)
{
    struct past *past = mem_alloc(sizeof(*past));
    char host[256] = "";

    if (settings->alert_url || settings->ping_url)
        read_past(settings, summary->run_id, past);
    gethostname(host, sizeof(host) - 1);
    const struct told_run run = {.summary = summary,
                                 .mode = cycle_mode_name(mode),
                                 .host = host,
                                 .exit_code = summary_exit_code(summary),
                                 .has_previous = past->has_previous,
                                 .previous = past->previous};
    notify_end(&telling->notifier, &run, past->day.runs ? &past->day : NULL, telling->id);
    free(past);
}
