/* SPDX-License-Identifier: MIT */
/* Keeps the summary tables equal to what they summarise. */
#include "layers/summaries.h"

#include "base/date.h"
#include "base/log.h"
#include "base/mem.h"
#include "layers/catalog.h"
#include "layers/models.h"
#include "layers/script.h"
#include "layers/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The two reports that the layers know, and the column by which a return finds its services. */
#define SERVICES "general_reports"
#define RETURNS "return_reports"
#define CONSUMER "UC / MD"

/* Whether the summary tables were made by this version's text. */
static bool check_version(struct destination *dest, bool *same, struct error *err)
{
    struct catalog catalog = {0};
    char now[CATALOG_SHA256_SIZE];

    if (!catalog_read(dest, &catalog, err))
        return false;
    *same = true;
    for (size_t i = 0; i < model_count; i++) {
        if (models[i].kind != MODEL_SUMMARY || !model_is_in(&models[i], dest->ops->dialect))
            continue;
        const char *known = catalog_sha256(&catalog, models[i].name);
        catalog_hash(model_text(&models[i], dest->ops->dialect), now);
        *same = *same && known && strcmp(known, now) == 0;
    }
    catalog_done(&catalog);
    return true;
}

bool summaries_are_kept(const struct destination *dest)
{
    return dest->ops->dialect != DIALECT_CLICKHOUSE;
}

bool summaries_open(struct summaries *summaries, struct destination *dest, struct error *err)
{
    bool there, same;

    *summaries = (struct summaries){0};
    if (!summaries_are_kept(dest))
        return true;
    if (!catalog_exists(dest, &there, err) || (there && !check_version(dest, &same, err)))
        return false;
    if (!there)
        return true;
    if (!same) {
        log_warn("layers.other_version",
                 log_text("hint", "the summaries are not kept up to date: run `etl-sigos layers`"));
        return true;
    }
    summaries->there = true;
    return state_begin(dest, err);
}

/* Lists the rows that the plan changes, for destination_touch. Undated rows are in no summary. */
struct touched {
    struct touched_row *rows;
    size_t count;
};

static struct touched list_touched(const struct summaries_window *window, int column)
{
    const struct plan *plan = window->plan;
    struct touched touched = {
        .rows = mem_array(plan->removed_count + plan->row_count, sizeof(struct touched_row))};

    for (size_t i = 0; i < plan->removed_count; i++)
        if (!plan->removed[i].undated)
            touched.rows[touched.count++] =
                (struct touched_row){.key = plan->removed[i].key, .date = plan->removed[i].date};
    for (size_t i = 0; i < plan->row_count; i++) {
        const struct row *row = &window->batch->rows[i];
        if (plan->actions[i] == ROW_SAME || row->undated)
            continue;
        touched.rows[touched.count] = (struct touched_row){.key = row->key, .date = row->date};
        if (column >= 0)
            touched.rows[touched.count].text = batch_cell(window->batch, i, (size_t)column);
        touched.count++;
    }
    return touched;
}

static int find_column(const struct report *report, const char *name)
{
    for (size_t i = 0; i < report->column_count; i++)
        if (strcmp(report->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

static bool is_followed(const struct report *report)
{
    return strcmp(report->name, SERVICES) == 0 || strcmp(report->name, RETURNS) == 0;
}

static bool run_with_log(struct destination *dest, const char *script, const char *log,
                         const struct summaries_window *window, struct error *err)
{
    char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
    const struct script_value values[] = {
        {"execucao", window->run->id},
        {"report", window->report->name},
        {"log", log},
        {"de", date_format_iso(window->window.own_first, first)},
        {"ate", date_format_iso(window->window.own_last, last)},
        {NULL, NULL},
    };

    return layer_script_run(dest, "keep the summaries", script, values, err);
}

static bool run_script(struct destination *dest, const char *script,
                       const struct summaries_window *window, struct error *err)
{
    return run_with_log(dest, script, "", window, err);
}

static bool take_id(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct summaries *summaries = arg;

    (void)count;
    (void)err;
    snprintf(summaries->log, sizeof(summaries->log), "%s", cells[0].text);
    return true;
}

/* Other reports' entries that are written at the same time are not the window's, whatever their
 * ids: the script asks for the report too. */
static bool note_log(struct summaries *summaries, struct destination *dest, struct error *err)
{
    return destination_query(dest, "SELECT coalesce(max(id), 0) FROM etl_changes", take_id,
                             summaries, err);
}

/* Whether the window's changes cannot be followed by sums, and why. */
static const char *find_obstacle(const struct destination *dest,
                                 const struct summaries_window *window)
{
    if (window->legacy_rows)
        return "linhas de outro programa foram substituídas";
    if (dest->distrustful)
        return "linhas editadas no banco foram corrigidas";
    return NULL;
}

static bool subtract(struct destination *dest, const struct summaries_window *window,
                     struct error *err)
{
    const bool services = strcmp(window->report->name, SERVICES) == 0;
    struct touched touched =
        list_touched(window, services ? -1 : find_column(window->report, CONSUMER));

    bool ok = destination_touch(dest, touched.rows, touched.count, err);
    free(touched.rows);
    return ok && run_script(dest, script_temporaries, window, err) &&
           run_script(dest, script_cohort_begin, window, err) &&
           run_script(dest, services ? script_services_of_services : script_services_of_returns,
                      window, err) &&
           (services || run_script(dest, script_measures_of_returns, window, err)) &&
           run_script(dest, script_contributions, window, err) &&
           run_script(dest, script_invert, window, err);
}

bool summaries_before(struct summaries *summaries, struct destination *dest,
                      const struct summaries_window *window, struct error *err)
{
    const struct plan *plan = window->plan;
    const bool changes = plan->counts.inserted + plan->counts.updated + plan->counts.deleted > 0 ||
                         window->legacy_rows > 0;
    const char *obstacle = find_obstacle(dest, window);

    if (!summaries || !summaries->there)
        return true;
    summaries->follows = false;
    summaries->log[0] = '\0';
    if (!changes)
        return true;
    if (!note_log(summaries, dest, err))
        return false;
    if (!is_followed(window->report))
        return true;
    if (obstacle)
        return state_mark_due(dest, obstacle, err);
    return state_check(dest, &summaries->follows, err) &&
           (!summaries->follows || subtract(dest, window, err));
}

static bool add(struct destination *dest, const struct summaries_window *window, struct error *err)
{
    const bool services = strcmp(window->report->name, SERVICES) == 0;

    return (!services || (run_script(dest, script_settings_values, window, err) &&
                          state_note_settings(dest, err))) &&
           (services || run_script(dest, script_measures_of_returns, window, err)) &&
           run_script(dest, script_contributions, window, err) &&
           run_script(dest, script_sum, window, err) &&
           run_script(dest, script_cohort_update, window, err) &&
           run_script(dest, script_drop_temporaries, window, err) &&
           destination_execute(dest, "keep the summaries", "DROP TABLE etl_tocados", err);
}

bool summaries_after(struct summaries *summaries, struct destination *dest,
                     const struct summaries_window *window, struct error *err)
{
    if (!summaries || !summaries->there)
        return true;
    if (summaries->log[0] && !run_with_log(dest, script_audit_update, summaries->log, window, err))
        return false;
    if (!is_followed(window->report))
        return true;
    if (summaries->follows && !add(dest, window, err))
        return false;
    return !window->window.complete || window->window.own_last < window->window.own_first ||
           (run_script(dest, script_coverage_update, window, err) &&
            run_script(dest, script_cohort_complete, window, err));
}
