/*
 * A report as data: how to export it, what its columns are, which columns identify a row.
 *
 * config/ fills it from one YAML file, and it never changes afterwards. All strings and arrays are
 * in the arena of the configuration that holds the report. Column numbers are positions in
 * `columns`. A run works with a copy that may grow: it adds columns of the export that the profile
 * does not know.
 */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/arena.h"
#include "model/step.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The type of a cell. All cells are canonical text: dates as yyyy-mm-dd, times as HH:MM:SS,
 * timestamps as "yyyy-mm-dd HH:MM:SS". These may be NULL. A text is NULL only if its column is
 * missing from the file or, in an added column, empty. */
enum column_type { COLUMN_TEXT, COLUMN_DATE, COLUMN_TIME, COLUMN_TIMESTAMP };

enum column_source {
    COLUMN_FROM_FILE,    /* read from the export */
    COLUMN_DERIVED,      /* computed by one of the report's derivations */
    COLUMN_EXTRACTED_AT, /* when the row's present content was exported; not in the fingerprint */
};

enum { COLUMN_NAME_MAX = 63 }; /* bytes; PostgreSQL cuts longer names, and two could become one */

struct column {
    const char *name; /* in the table */
    enum column_type type;
    enum column_source source;
    struct names from; /* COLUMN_FROM_FILE: header names it may come under, at least one */
    bool required;     /* without it in the header the file is refused; key columns always are */
};

/* column := `then` where column `from` contains `contains` (compared in upper case), else
 * `otherwise`. */
struct derivation {
    size_t column;
    size_t from;
    const char *contains;
    const char *then;
    const char *otherwise;
};

/* The plan of windows; see run/windows.h. Days are counted in the portal's time zone. */
struct window_rule {
    int32_t begin;  /* first day of the history */
    int end_offset; /* last day asked for, relative to today: 0, or 1 where the end is exclusive */
    int days;       /* length of a window in a full cycle */
    int incremental_days; /* how far back an incremental cycle looks from the last day */
    int incremental_step; /* length of its windows */
    bool from_end; /* windows are laid backwards from the end, so the short one is the first */
};

/* When a window is not applied. Ratios are 0..1; see load/guard.h and transform/. */
struct limits {
    double max_delete_ratio;  /* of the rows that the table holds in the window */
    int64_t min_deletes;      /* so few deletes never hold a window, unless the export is empty */
    double max_reject_ratio;  /* of the records read */
    double max_foreign_ratio; /* rows dated outside all that was asked for: wrong period */
    int64_t min_rejects;      /* so few rejected records never refuse a file with a usable one */
    double max_unreadable_ratio; /* of a column's filled cells: dates and times that are none */
    int64_t min_unreadable;      /* so few of them never refuse a file */
    int64_t max_new_columns;     /* a header with more names that are unknown is no header */
    double max_update_ratio;     /* of the rows that the table holds on past days of the window */
    int64_t min_updates;         /* so few updates never hold a window */
    /* at the end of the last window: rows that go there are asked for twice */
    int64_t confirm_days;
    int64_t min_day_rows; /* a weekday that usually has fewer is never doubtful by their number */
    double min_day_ratio; /* of what a weekday has had before: fewer rows are asked for twice */
};

/* The limits of a profile that does not set them. */
#define LIMITS_DEFAULT                                                                             \
    ((struct limits){.max_unreadable_ratio = 0.5,                                                  \
                     .min_unreadable = 10,                                                         \
                     .max_new_columns = 10,                                                        \
                     .max_update_ratio = 0.5,                                                      \
                     .min_updates = 20,                                                            \
                     .confirm_days = 3,                                                            \
                     .min_day_rows = 20,                                                           \
                     .min_day_ratio = 0.5})

/* What is done with a column of the export that the profile does not know. */
enum new_columns { NEW_COLUMNS_ADD, NEW_COLUMNS_IGNORE, NEW_COLUMNS_REFUSE };

struct report {
    const char *name; /* also the table's */
    struct names aliases;
    const char *source_file; /* the YAML file, for messages */

    struct steps open;   /* once a session */
    struct steps window; /* once a window; the last step starts the download */
    struct names files;  /* shell patterns that the name of an export must match */

    struct window_rule windows;
    const struct column *columns;
    size_t column_count;
    size_t added_count; /* so many of the last columns are not the profile's, but added */
    enum new_columns new_columns;
    struct names drop;    /* header names that are known and left out */
    struct names footers; /* shell patterns of what totals and footers begin with, in capitals
                             without accents */
    const struct derivation *derivations;
    size_t derivation_count;
    const size_t *key; /* columns that identify a row; window_date is one of them */
    size_t key_count;
    size_t window_date; /* the date column by which windows own rows */
    struct limits limits;
};

/* Returns the number of the profile's own columns, which come first. */
static inline size_t report_own_columns(const struct report *report)
{
    return report->column_count - report->added_count;
}

/* Whether the column is part of the key. */
bool report_is_key(const struct report *report, size_t column);

/* Returns the report with that name or alias, or NULL. */
const struct report *report_find(const struct report *reports, size_t count, const char *name);

/* Whether one of the shell patterns matches the name of an export. Case does not count, because
 * portals and file systems change it. A packed export is named as it would be unpacked ("x.csv.gz",
 * "x.csv.zip") or has its packing in the place of ".csv" ("x.zip"). */
bool report_names_file(const struct names *files, const char *name);

enum { REPORT_ADDED_MAX = 100 }; /* a garbled header must not add a thousand columns to a table */

/* A run's copy of a report, to which columns are added. Added columns are texts read from the file.
 * They stand behind the profile's own, in ascending order of their names' bytes, so that the same
 * columns always make the same report. */
struct grown_report {
    struct report report;   /* what all code uses: its address stays, its `columns` may move */
    struct column *columns; /* the array of `report` */
    struct arena names;
};

/* Makes a copy of the profile's report, without added columns. The profile must outlive it. */
void grown_report_init(struct grown_report *grown, const struct report *profile);
/* Makes a second copy with the same columns, which it owns. */
void grown_report_copy(struct grown_report *copy, const struct grown_report *grown);
void grown_report_done(struct grown_report *grown); /* accepts a zeroed one */

/* Returns why no column of that name can be added, as words for "the column is ignored: "; NULL if
 * one can. The name is a header's, in the form of model/header.h. */
const char *report_cannot_add(const struct report *report, const char *name);

/* Adds a column for which report_cannot_add returns NULL; the name is copied. What was computed
 * from the report's columns before must be computed again. */
void grown_report_add(struct grown_report *grown, const char *name);

#endif
