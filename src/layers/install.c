/* SPDX-License-Identifier: MIT */
/* Creates, upgrades and drops the layers. */
#include "layers/install.h"

#include "base/mem.h"
#include "layers/catalog.h"
#include "layers/dictionary.h"
#include "layers/history.h"
#include "layers/models.h"
#include "load/sql_text.h"

#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 256 * 1024 };

static const char create_mark[] = "CREATE VIEW ";

static bool is_view(const struct model *model)
{
    return model->kind == MODEL_VIEW || model->kind == MODEL_SILVER;
}

static const struct report *find_report(struct report_list reports, const char *name)
{
    for (size_t i = 0; i < reports.count; i++)
        if (strcmp(reports.all[i]->name, name) == 0)
            return reports.all[i];
    return NULL;
}

/* Adds the model's SQL as it is installed. */
static bool add_sql(struct buf *out, const struct model *model, enum sql_dialect dialect,
                    struct report_list reports, struct error *err)
{
    if (model->kind != MODEL_SILVER) {
        buf_add_text(out, model_text(model, dialect));
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

/* What becomes of each model. */
struct upgrade {
    struct destination *dest;
    struct catalog catalog;
    struct buf *sql;   /* of each model */
    bool *make;        /* its text has to be run */
    bool *drop_before; /* it is there, and has to go first */
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
    if (!catalog_read(dest, &upgrade->catalog, err))
        return false;
    for (size_t i = 0; i < model_count; i++) {
        upgrade->sql[i] = BUF_INIT(SQL_MAX);
        if (!add_sql(&upgrade->sql[i], &models[i], dest->ops->dialect, reports, err))
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

/* An index may be gone with its table, if that was dropped and loaded anew. */
static bool drop_model(const struct upgrade *upgrade, const struct model *model, struct error *err)
{
    const char *what = model->kind == MODEL_INDEX ? "INDEX IF EXISTS"
                       : is_view(model)           ? "VIEW"
                                                  : "TABLE";
    MEM_FREE_TEXT char *sql = mem_format("DROP %s %s", what, model->name);

    return execute(upgrade, model, sql, err);
}

/* Tries to replace a view in place: PostgreSQL can where columns are only added at the end. A
 * failure leaves the transaction as it was. */
static bool replace_view(const struct upgrade *upgrade, size_t index)
{
    const struct model *model = &models[index];
    struct error ignored;

    if (upgrade->dest->ops->dialect == DIALECT_SQLITE ||
        !execute(upgrade, model, "SAVEPOINT etl_camada", &ignored))
        return false;
    MEM_FREE_TEXT char *sql = mem_format("CREATE OR REPLACE VIEW %s",
                                         buf_text(&upgrade->sql[index]) + strlen(create_mark));
    if (execute(upgrade, model, sql, &ignored))
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

static bool decide(struct upgrade *upgrade, size_t index, struct error *err)
{
    const struct model *model = &models[index];
    const char *known = catalog_sha256(&upgrade->catalog, model->name);
    char now[CATALOG_SHA256_SIZE];

    catalog_hash(buf_text(&upgrade->sql[index]), now);
    if (!known) {
        upgrade->make[index] = true;
        upgrade->change->created++;
    } else if (strcmp(known, now) == 0) {
        upgrade->change->kept++;
    } else if (model->kind == MODEL_SETTINGS) {
        upgrade->make[index] = true; /* adds the rows that are missing and changes none */
        upgrade->change->replaced++;
    } else {
        upgrade->change->replaced++;
        if (!upgrade->drop_before[index] && (!is_view(model) || !replace_view(upgrade, index)))
            return mark_dropped(upgrade, index, err);
    }
    return true;
}

/* PostgreSQL runs a view with the rights of its owner unless it is told otherwise: row level
 * security of the tables would not hold. */
static bool secure_view(const struct upgrade *upgrade, const struct model *model, struct error *err)
{
    MEM_FREE_TEXT char *sql =
        mem_format("ALTER VIEW %s SET (security_invoker = true)", model->name);

    return upgrade->dest->ops->dialect == DIALECT_SQLITE || !is_view(model) ||
           execute(upgrade, model, sql, err);
}

static bool make_model(struct upgrade *upgrade, size_t index, struct error *err)
{
    const struct model *model = &models[index];

    if (!execute(upgrade, model, buf_text(&upgrade->sql[index]), err) ||
        !secure_view(upgrade, model, err))
        return error_context(err, "layer %s", model->name);
    upgrade->change->refill = upgrade->change->refill || model->kind == MODEL_SUMMARY;
    return true;
}

static bool carry_out(struct upgrade *upgrade, struct error *err)
{
    for (size_t i = 0; i < model_count; i++)
        if (!decide(upgrade, i, err))
            return false;
    for (size_t i = model_count; i-- > 0;)
        if (upgrade->drop_before[i] && catalog_sha256(&upgrade->catalog, models[i].name) &&
            !drop_model(upgrade, &models[i], err))
            return false;
    for (size_t i = 0; i < model_count; i++)
        if (upgrade->make[i] && !make_model(upgrade, i, err))
            return false;
    for (size_t i = 0; i < model_count; i++)
        if (!catalog_note(upgrade->dest, models[i].name, buf_text(&upgrade->sql[i]), err))
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

bool layers_print(const char *name, enum sql_dialect dialect, struct report_list reports,
                  struct buf *out, struct error *err)
{
    if (name && !model_find(name))
        return error_set(err, ERROR_CONFIG, "there is no model '%s'", name);
    for (size_t i = 0; i < model_count; i++) {
        if (name && strcmp(models[i].name, name) != 0)
            continue;
        if (!add_sql(out, &models[i], dialect, reports, err))
            return false;
        if (!name)
            buf_add_char(out, '\n');
    }
    return true;
}
