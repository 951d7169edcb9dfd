/* SPDX-License-Identifier: MIT */
/* Fills the summaries anew, month by month, so that memory and temporary tables stay small. */
#include "layers/summaries.h"

#include "base/mem.h"
#include "layers/models.h"
#include "layers/script.h"
#include "layers/state.h"

#include <stdlib.h>

static const char purpose[] = "refill the summaries";

struct months {
    char **firsts, **lasts; /* days, ISO */
    size_t count;
};

static void months_done(struct months *months)
{
    for (size_t i = 0; i < months->count; i++) {
        free(months->firsts[i]);
        free(months->lasts[i]);
    }
    free(months->firsts);
    free(months->lasts);
}

static bool take_month(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct months *months = arg;

    (void)count;
    (void)err;
    months->firsts = mem_grow(months->firsts, months->count + 1, sizeof(*months->firsts));
    months->lasts = mem_grow(months->lasts, months->count + 1, sizeof(*months->lasts));
    months->firsts[months->count] = mem_copy_n(cells[0].text, cells[0].len);
    months->lasts[months->count++] = mem_copy_n(cells[1].text, cells[1].len);
    return true;
}

/* The months that have a row. A day outside the calendar is a month of its own. */
static const char months_sql[] =
    "SELECT min(dia), max(dia) FROM ("
    " SELECT d.dia, coalesce(c.mes, d.dia) AS mes FROM ("
    "  SELECT \"DATA_EXECUCAO\" AS dia FROM general_reports WHERE \"DATA_EXECUCAO\" IS NOT NULL"
    "  UNION SELECT \"DATA_EXECUCAO\" FROM return_reports WHERE \"DATA_EXECUCAO\" IS NOT NULL"
    " ) AS d LEFT JOIN calendario AS c ON c.dia = d.dia) AS m GROUP BY mes ORDER BY mes";

static bool run(struct destination *dest, const char *script, struct error *err)
{
    return layer_script_run(dest, purpose, script, NULL, err);
}

static bool fill_month(struct destination *dest, const char *first, const char *last,
                       struct error *err)
{
    const struct script_value values[] = {{"de", first}, {"ate", last}, {NULL, NULL}};

    return run(dest, script_temporaries, err) &&
           layer_script_run(dest, purpose, script_refill_days, values, err) &&
           run(dest, script_settings_values, err) && run(dest, script_contributions, err) &&
           run(dest, script_sum, err) && run(dest, script_drop_temporaries, err);
}

/* New values of STATUS enter the settings before a row of theirs is counted: the months are filled
 * in order, and a value that a later month brings cannot be in an earlier one. */
static bool fill(struct destination *dest, struct error *err)
{
    struct months months = {0};

    bool ok = state_lock_settings(dest, err) &&
              destination_query(dest, months_sql, take_month, &months, err) &&
              run(dest, script_empty, err) && run(dest, script_coverage_refill, err);
    for (size_t i = 0; ok && i < months.count; i++)
        ok = fill_month(dest, months.firsts[i], months.lasts[i], err);
    months_done(&months);
    return ok && run(dest, script_cohort_refill, err) && run(dest, script_audit_refill, err) &&
           state_mark_ready(dest, err);
}

bool summaries_refill(struct destination *dest, struct error *err)
{
    if (!destination_begin_work(dest, err))
        return false;
    if (fill(dest, err) && destination_commit_work(dest, err))
        return true;
    destination_rollback(dest);
    return false;
}

bool summaries_refill_if_due(struct summaries *summaries, struct destination *dest, bool *done,
                             struct error *err)
{
    bool due = false;

    *done = false;
    if (!summaries->there)
        return true;
    if (!state_is_due(dest, &due, err) || !due)
        return !due;
    *done = summaries_refill(dest, err);
    return *done;
}
