/*
 * What one line of the archive's manifest says.
 */
#ifndef BRONZE_ENTRY_H
#define BRONZE_ENTRY_H

#include "model/ledger.h"
#include "model/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define BRONZE_SHA256_SIZE 65 /* 64 digits and a NUL */

/* A file of an export. The texts are owned by the entry. */
struct bronze_file {
    char *name; /* as the portal named it; no path */
    char *path; /* of the packed file, within the archive's folder */
    char sha256[BRONZE_SHA256_SIZE];
    uint64_t bytes, packed; /* sizes: of the file as it came, of the packed file */
};

enum bronze_kind {
    BRONZE_EXPORT,  /* the export of a window was loaded */
    BRONZE_SWEEP,   /* the undated rows that no export of the run showed were removed */
    BRONZE_REMOVED, /* the files of an earlier export were removed, because they grew old */
};

struct bronze_entry {
    enum bronze_kind kind;
    char run[RUN_ID_SIZE]; /* that loaded the export; of BRONZE_REMOVED: the removed export's */
    char *report;          /* owned */
    /* first, last: the days asked for; own_first, own_last: those that the load decided about, an
     * empty range if there is none. end_open is false. Not of BRONZE_SWEEP. */
    struct window window;
    /* The members below are of BRONZE_EXPORT, `kept` of BRONZE_SWEEP too. */
    time_t exported_at; /* what DATA_EXTRACAO of the rows says */
    int32_t today;      /* the run's day, a day number: the guard asks what is past */
    bool accepted;      /* a person let it through (--accept-shrink) */
    uint64_t rows;      /* records read */
    uint64_t rejected;  /* lines that could not be used */
    uint64_t undated;   /* rows without a date, which belong to no window */
    uint64_t kept;      /* rows that stayed in the table although the export does not show them */
    bool stored;        /* false: its files are those of an earlier, equal export */
    struct bronze_file *files; /* owned */
    size_t file_count;
    bool removed; /* a later BRONZE_REMOVED names it */
};

void bronze_entry_done(struct bronze_entry *entry); /* accepts a zeroed one */

/* Whether both are of one report and of the same days, asked for and decided about. */
bool bronze_same_window(const struct bronze_entry *one, const struct bronze_entry *other);

#endif
