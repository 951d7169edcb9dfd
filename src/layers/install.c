/* SPDX-License-Identifier: MIT */
/* Creates, upgrades and drops the layers. */
#include "layers/install.h"

#include "base/mem.h"
#include "layers/catalog.h"
#include "layers/dictionary.h"
#include "layers/history.h"
#include "layers/models.h"
#include "load/sql_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 256 * 1024 };

static const char create_mark[] = "CREATE VIEW ";

static const struct report *find_report(struct report_list reports, const char *name)
{
    for (size_t i = 0; i < reports.count; i++)
        if (strcmp(reports.all[i]->name, name) == 0)
            return reports.all[i];
    return NULL;
}

/* Adds the model's SQL as it is installed. */
static bool add_sql(struct buf *out, const struct model *model, struct layer_dialect dialect,
                    struct report_list reports, struct error *err)
{
    if (model->kind != MODEL_SILVER) {
        buf_add_text(out, model_text(model, dialect.sql));
        return true;
    }
    const struct report *report = find_report(reports, model->report);
    if (!report)
        return error_set(err, ERROR_CONFIG,
                         "the layers show the reports of SIGOS, and the profile has no report %s",
                         model->report);
    history_add_view(out, model, report, dialect);
    return true;
}

static bool take_type(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct layer_dialect *dialect = arg;

    (void)count;
    (void)err;
    snprintf(dialect->date_type, sizeof(dialect->date_type), "%s", cells[0].text);
    return true;
}

/* Finds out which type the days have in the tables that the loads made. */
static bool find_dialect(struct destination *dest, struct layer_dialect *out, struct error *err)
{
    static const char sql[] = "SELECT type FROM system.columns WHERE database = currentDatabase()"
                              " AND table = 'etl_windows' AND name = 'own_first'";

    *out = (struct layer_dialect){.sql = dest->ops->dialect};
    return out->sql != DIALECT_CLICKHOUSE || destination_query(dest, sql, take_type, out, err);
}

/* What becomes of each model. */
struct upgrade {
    struct destination *dest;
    struct layer_dialect dialect;
    struct catalog catalog;
    struct buf *sql;   /* of each model */
    bool *make;        /* its text has to be run */
    bool *drop_before; /* it is there, and has to go first */
    bool view_changed; /* a view was replaced or will be made anew */
    struct layers_change *change;
};

static void upgrade_free(struct upgrade *upgrade)
{
    for (size_t i = 0; i < model_count; i++)
        buf_done(&upgrade->sql[i]);
    free(upgrade->sql);
    free(upgrade->make);
    free(upgrade->drop_before);
    catalog_done(&upgrade->catalog);
}

static bool upgrade_init(struct upgrade *upgrade, struct destination *dest,
                         struct report_list reports, struct error *err)
{
    upgrade->dest = dest;
    upgrade->sql = mem_array(model_count, sizeof(*upgrade->sql));
    upgrade->make = mem_array(model_count, sizeof(*upgrade->make));
    upgrade->drop_before = mem_array(model_count, sizeof(*upgrade->drop_before));
    if (!catalog_read(dest, &upgrade->catalog, err) || !find_dialect(dest, &upgrade->dialect, err))
        return false;
    for (size_t i = 0; i < model_count; i++) {
        upgrade->sql[i] = BUF_INIT(SQL_MAX);
        if (model_is_in(&models[i], dest->ops->dialect) &&
            !add_sql(&upgrade->sql[i], &models[i], upgrade->dialect, reports, err))
            return false;
        if (upgrade->sql[i].full)
            return error_set(err, ERROR_CONFIG, "%s has too many columns", models[i].name);
    }
    return true;
}

static bool execute(const struct upgrade *upgrade, const struct model *model, const char *sql,
                    struct error *err)
{
    return destination_execute(upgrade->dest, model->name, sql, err);
}

/* An index may be gone with its table, if that was dropped and loaded anew. In ClickHouse, which
 * drops a view as a table in every version, an installation that was cut short may have noted what
 * it did not make, or dropped what it did not forget. */
static const char *what_to_drop(const struct model *model, enum sql_dialect dialect)
{
    if (dialect == DIALECT_CLICKHOUSE)
        return "TABLE IF EXISTS";
    if (model->kind == MODEL_INDEX)
        return "INDEX IF EXISTS";
    return model_is_view(model, dialect) ? "VIEW" : "TABLE";
}

static bool drop_model(const struct upgrade *upgrade, const struct model *model, struct error *err)
{
    const char *what = what_to_drop(model, upgrade->dest->ops->dialect);
    MEM_FREE_TEXT char *sql = mem_format("DROP %s %s", what, model->name);

    return execute(upgrade, model, sql, err);
}

/* Tries to replace a view in place: PostgreSQL can where columns are only added at the end,
 * ClickHouse from 20.5 on. A failure leaves everything as it was. */
static bool replace_view(const struct upgrade *upgrade, size_t index)
{
    const struct model *model = &models[index];
    const enum sql_dialect dialect = upgrade->dest->ops->dialect;
    struct error ignored;

    if (dialect == DIALECT_SQLITE ||
        (dialect == DIALECT_POSTGRES && !execute(upgrade, model, "SAVEPOINT etl_camada", &ignored)))
        return false;
    MEM_FREE_TEXT char *sql = mem_format("CREATE OR REPLACE VIEW %s",
                                         buf_text(&upgrade->sql[index]) + strlen(create_mark));
    const bool ok = execute(upgrade, model, sql, &ignored);
    if (dialect == DIALECT_CLICKHOUSE)
        return ok;
    if (ok)
        return execute(upgrade, model, "RELEASE SAVEPOINT etl_camada", &ignored);
    execute(upgrade, model, "ROLLBACK TO SAVEPOINT etl_camada; RELEASE SAVEPOINT etl_camada",
            &ignored);
    return false;
}

/* Decides what has to go: a changed model that cannot be replaced, and whatever of ours reads it.
 * Fails if anything else reads it. */
static bool mark_dropped(struct upgrade *upgrade, size_t index, struct error *err)
{
    struct dependents dependents = {0};

    if (upgrade->drop_before[index])
        return true;
    upgrade->drop_before[index] = upgrade->make[index] = true;
    bool ok = catalog_dependents(upgrade->dest, models[index].name, &dependents, err);
    for (size_t i = 0; ok && i < dependents.count; i++) {
        const struct model *reader = model_find(dependents.names[i]);
        if (!reader)
            ok = error_set(err, ERROR_CONFIG,
                           "%s reads %s, which has to be made anew, and is not one of the layers:"
                           " drop it, run this command again, and create it again",
                           dependents.names[i], models[index].name);
        else
            ok = mark_dropped(upgrade, (size_t)(reader - models), err);
    }
    dependents_done(&dependents);
    return ok;
}

/* Whether the model has to be made anew although its text is the same: ClickHouse keeps the columns
 * that a view had when it was made, and a view that reads a changed one may have others. */
static bool follows_change(const struct upgrade *upgrade, const struct model *model)
{
    const enum sql_dialect dialect = upgrade->dest->ops->dialect;

    return dialect == DIALECT_CLICKHOUSE && upgrade->view_changed && model_is_view(model, dialect);
}

static bool replace(struct upgrade *upgrade, size_t index, struct error *err)
{
    const struct model *model = &models[index];
    const bool view = model_is_view(model, upgrade->dest->ops->dialect);

    upgrade->view_changed = upgrade->view_changed || view;
    if (model->kind == MODEL_SETTINGS) {
        upgrade->make[index] = true; /* adds the rows that are missing and changes none */
        return true;
    }
    return upgrade->drop_before[index] || (view && replace_view(upgrade, index)) ||
           mark_dropped(upgrade, index, err);
}

static bool decide(struct upgrade *upgrade, size_t index, struct error *err)
{
    const struct model *model = &models[index];
    const char *known = catalog_sha256(&upgrade->catalog, model->name);
    char now[CATALOG_SHA256_SIZE];

    catalog_hash(buf_text(&upgrade->sql[index]), now);
    if (!known) {
        upgrade->make[index] = true;
        upgrade->change->created++;
        return true;
    }
    if (strcmp(known, now) == 0) {
        upgrade->change->kept++;
        return !follows_change(upgrade, model) || replace(upgrade, index, err);
    }
    upgrade->change->replaced++;
    return replace(upgrade, index, err);
}

/* PostgreSQL runs a view with the rights of its owner unless it is told otherwise: row level
 * security of the tables would not hold. */
static bool secure_view(const struct upgrade *upgrade, const struct model *model, struct error *err)
{
    MEM_FREE_TEXT char *sql =
        mem_format("ALTER VIEW %s SET (security_invoker = true)", model->name);

    return upgrade->dest->ops->dialect != DIALECT_POSTGRES ||
           !model_is_view(model, DIALECT_POSTGRES) || execute(upgrade, model, sql, err);
}

static bool make_model(struct upgrade *upgrade, size_t index, struct error *err)
{
    const struct model *model = &models[index];

    if (!execute(upgrade, model, buf_text(&upgrade->sql[index]), err) ||
        !secure_view(upgrade, model, err))
        return error_context(err, "layer %s", model->name);
    upgrade->change->refill =
        upgrade->change->refill ||
        (model->kind == MODEL_SUMMARY && !model_is_view(model, upgrade->dest->ops->dialect));
    return true;
}

/* ClickHouse makes and drops at once: what an interruption leaves must be known as ours, and as
 * unfinished, so that the next installation makes it anew. */
static bool note_beginning(struct upgrade *upgrade, size_t index, struct error *err)
{
    return upgrade->dest->ops->dialect != DIALECT_CLICKHOUSE ||
           catalog_note(upgrade->dest, models[index].name, "unfinished", err);
}

static bool make_all(struct upgrade *upgrade, struct error *err)
{
    for (size_t i = model_count; i-- > 0;)
        if (upgrade->drop_before[i] && catalog_sha256(&upgrade->catalog, models[i].name) &&
            (!note_beginning(upgrade, i, err) || !drop_model(upgrade, &models[i], err)))
            return false;
    for (size_t i = 0; i < model_count; i++)
        if (upgrade->make[i] && (!note_beginning(upgrade, i, err) || !make_model(upgrade, i, err)))
            return false;
    return true;
}

static bool is_noted(const struct upgrade *upgrade, size_t index)
{
    const char *known = catalog_sha256(&upgrade->catalog, models[index].name);
    char now[CATALOG_SHA256_SIZE];

    catalog_hash(buf_text(&upgrade->sql[index]), now);
    return !upgrade->make[index] && known && strcmp(known, now) == 0;
}

static bool carry_out(struct upgrade *upgrade, struct error *err)
{
    const enum sql_dialect dialect = upgrade->dest->ops->dialect;

    for (size_t i = 0; i < model_count; i++)
        if (model_is_in(&models[i], dialect) && !decide(upgrade, i, err))
            return false;
    if (!make_all(upgrade, err))
        return false;
    for (size_t i = 0; i < model_count; i++)
        if (model_is_in(&models[i], dialect) && !is_noted(upgrade, i) &&
            !catalog_note(upgrade->dest, models[i].name, buf_text(&upgrade->sql[i]), err))
            return false;
    return dictionary_write(upgrade->dest, err);
}

bool layers_install(struct destination *dest, struct report_list reports, struct layers_change *out,
                    struct error *err)
{
    struct upgrade upgrade = {.change = out};

    *out = (struct layers_change){0};
    if (!destination_begin_work(dest, err))
        return false;
    bool ok = upgrade_init(&upgrade, dest, reports, err) && carry_out(&upgrade, err) &&
              destination_commit_work(dest, err);
    if (!ok)
        destination_rollback(dest);
    upgrade_free(&upgrade);
    return ok;
}

static bool drop_all(struct upgrade *upgrade, struct error *err)
{
    for (size_t i = 0; i < model_count; i++)
        if (models[i].kind != MODEL_SETTINGS && catalog_sha256(&upgrade->catalog, models[i].name) &&
            !mark_dropped(upgrade, i, err))
            return false;
    for (size_t i = model_count; i-- > 0;) {
        if (!upgrade->drop_before[i])
            continue;
        if (!drop_model(upgrade, &models[i], err) ||
            !catalog_forget(upgrade->dest, models[i].name, err))
            return false;
        upgrade->change->dropped++;
    }
    return true;
}

bool layers_drop(struct destination *dest, struct layers_change *out, struct error *err)
{
    struct upgrade upgrade = {.change = out};

    *out = (struct layers_change){0};
    if (!destination_begin_work(dest, err))
        return false;
    upgrade.dest = dest;
    upgrade.sql = mem_array(model_count, sizeof(*upgrade.sql));
    upgrade.make = mem_array(model_count, sizeof(*upgrade.make));
    upgrade.drop_before = mem_array(model_count, sizeof(*upgrade.drop_before));
    bool ok = catalog_read(dest, &upgrade.catalog, err) && drop_all(&upgrade, err) &&
              destination_commit_work(dest, err);
    if (!ok)
        destination_rollback(dest);
    upgrade_free(&upgrade);
    return ok;
}

bool layers_print(struct destination *dest, const char *name, struct report_list reports,
                  struct buf *out, struct error *err)
{
    const struct model *named = name ? model_find(name) : NULL;
    struct layer_dialect dialect;

    if (name && (!named || !model_is_in(named, dest->ops->dialect)))
        return error_set(err, ERROR_CONFIG, "there is no model '%s'", name);
    if (!find_dialect(dest, &dialect, err))
        return false;
    for (size_t i = 0; i < model_count; i++) {
        if ((name && strcmp(models[i].name, name) != 0) || !model_is_in(&models[i], dialect.sql))
            continue;
        if (!add_sql(out, &models[i], dialect, reports, err))
            return false;
        if (!name)
            buf_add_char(out, '\n');
    }
    return true;
}
