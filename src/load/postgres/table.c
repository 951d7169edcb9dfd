/* SPDX-License-Identifier: MIT */
/*
 * Makes a report's table, checks it, or adopts it from another program.
 *
 * A table that another program made and filled is adopted: it gets the technical columns, empty.
 * (The Python program's tables have the same columns without these.) Its rows are legacy rows until
 * the first complete window of their day replaces them, in that window's transaction, so that no
 * reader sees the day empty. The guard counts legacy rows (plan.h), so that a bad export cannot
 * empty a day by adoption either. Legacy rows without a date belong to no window: at the end of a
 * full cycle they get a random key, which no export has, and are decided like other undated rows.
 * So a day equals the portal after its first complete window, and the table after the first full
 * cycle.
 */
#include "load/postgres/table.h"

#include "base/mem.h"
#include "load/postgres/identity.h"
#include "load/postgres/index.h"
#include "load/postgres/shape.h"
#include "load/postgres/sql.h"

#include <string.h>

static const char examine_purpose[] = "look at a report's table";

/* What the table has of the columns and indexes that are needed. */
struct findings {
    bool exists;
    bool has_key, has_hash, has_index;
    /* whether it is published without a replica identity: postgres/identity.c */
    bool lacks_identity;
    struct buf
        wrong; /* Columns that are missing or of another type; only the beginning of a long list. */
};

static PGresult *read_columns(struct postgres_destination *dest, const struct report *report,
                              struct error *err)
{
    MEM_FREE_TEXT char *name = postgres_sql_table_name(report);
    struct parameters p = {0};

    parameter_text(&p, name);
    return postgres_query(dest, examine_purpose,
                          "SELECT a.attname, format_type(a.atttypid, NULL)"
                          "  FROM pg_class AS c"
                          "  LEFT JOIN pg_attribute AS a"
                          "    ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                          " WHERE c.oid = to_regclass($1)",
                          &p, err);
}

/* Returns the type of a column, or NULL if there is no such column. */
static const char *type_of(const PGresult *columns, const char *name)
{
    for (int row = 0; row < PQntuples(columns); row++)
        if (strcmp(PQgetvalue(columns, row, 0), name) == 0)
            return PQgetvalue(columns, row, 1);
    return NULL;
}

static bool type_fits(enum column_type type, const char *found)
{
    static const char *const names[] = {
        [COLUMN_TEXT] = "text",
        [COLUMN_DATE] = "date",
        [COLUMN_TIME] = "time without time zone",
        [COLUMN_TIMESTAMP] = "timestamp without time zone",
    };

    return strcmp(found, names[type]) == 0 ||
           (type == COLUMN_TEXT && strcmp(found, "character varying") == 0);
}

static void note_wrong(struct buf *wrong, const char *name, const char *found)
{
    buf_addf(wrong, "%s\"%s\"", wrong->len ? ", " : "", name);
    if (found)
        buf_addf(wrong, " (is %s)", found);
}

/* Whether the technical column is there; adds it to out->wrong if it is of another type. */
static bool find_hash(struct findings *out, const PGresult *columns, const char *name)
{
    const char *type = type_of(columns, name);

    if (type && strcmp(type, "uuid") != 0)
        note_wrong(&out->wrong, name, type);
    return type != NULL;
}

static bool examine_columns(struct postgres_destination *dest, const struct report *report,
                            struct findings *out, struct error *err)
{
    RESULT_CLEAR PGresult *columns = read_columns(dest, report, err);

    if (!columns)
        return false;
    out->exists = PQntuples(columns) > 0;
    if (!out->exists)
        return true;
    for (size_t i = 0; i < report->column_count; i++) {
        const char *type = type_of(columns, report->columns[i].name);
        if (!type || !type_fits(report->columns[i].type, type))
            note_wrong(&out->wrong, report->columns[i].name, type);
    }
    out->has_key = find_hash(out, columns, COLUMN_ROW_KEY);
    out->has_hash = find_hash(out, columns, COLUMN_ROW_HASH);
    if (out->has_key != out->has_hash)
        note_wrong(&out->wrong, out->has_key ? COLUMN_ROW_HASH : COLUMN_ROW_KEY, NULL);
    return true;
}

static bool check_table(struct postgres_destination *dest, const struct report *report,
                        const struct findings *found, struct error *err)
{
    if (found->wrong.len)
        return postgres_report_error(
            dest, examine_purpose, err,
            "table %s is there, but these columns are missing or of another "
            "type: %s%s; it was left as it is: rename it, or choose another "
            "schema",
            report->name, buf_text(&found->wrong), found->wrong.full ? ", …" : "");
    return true;
}

static bool make_table(struct postgres_destination *dest, const struct report *report,
                       struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_create_table(report);

    return postgres_run(dest, "make a report's table", sql, err);
}

static bool adopt_table(struct postgres_destination *dest, const struct report *report,
                        struct error *err)
{
    MEM_FREE_TEXT char *sql = postgres_sql_adopt_table(report);

    return postgres_run(dest, "adopt a report's table", sql, err) &&
           postgres_make_legacy_index(dest, report, err);
}

static bool examine(struct postgres_destination *dest, const struct report *report,
                    struct findings *out, struct error *err)
{
    struct findings found = {.wrong = BUF_INIT(512)};

    bool ok = postgres_check_shape(dest, report, err) &&
              examine_columns(dest, report, &found, err) &&
              check_table(dest, report, &found, err) &&
              postgres_has_index(dest, report, &found.has_index, err) &&
              postgres_lacks_identity(dest, report, &found.lacks_identity, err);
    buf_done(&found.wrong);
    *out = found;
    return ok || error_context(err, "%s", report->name);
}

bool postgres_find_table(struct postgres_destination *dest, const struct report *report,
                         enum destination_state *out, struct error *err)
{
    struct findings found;

    if (!examine(dest, report, &found, err))
        return false;
    *out = !found.exists   ? DESTINATION_EMPTY
           : found.has_key ? DESTINATION_READY
                           : DESTINATION_UNADOPTED;
    return true;
}

bool postgres_table_is_ready(struct postgres_destination *dest, const struct report *report,
                             bool *out, struct error *err)
{
    struct findings found;

    if (!examine(dest, report, &found, err))
        return false;
    *out = found.exists && found.has_key && found.has_index && !found.lacks_identity;
    return true;
}

bool postgres_migrate_table(struct postgres_destination *dest, const struct report *report,
                            struct error *err)
{
    struct findings found;

    if (!examine(dest, report, &found, err))
        return false;
    bool ok = found.exists ? found.has_key || adopt_table(dest, report, err)
                           : make_table(dest, report, err);
    const bool is_new = !found.exists || !found.has_key;
    ok = ok && (found.has_index || postgres_make_index(dest, report, err)) &&
         (!(is_new || found.lacks_identity) || postgres_give_identity(dest, report, err));
    return ok || error_context(err, "%s", report->name);
}
