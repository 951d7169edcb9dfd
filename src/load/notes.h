/*
 * What a load notes of a report within a window's transaction: its doubts (load/doubt_notes.h) and
 * the portal's habits (load/habits.h), in the tables etl_unread_lines, etl_kept_rows and
 * etl_habits. Each kind of database has its functions; two share theirs.
 */
#ifndef LOAD_NOTES_H
#define LOAD_NOTES_H

#include "load/destination_ops.h"
#include "load/doubts.h"

#include <stdbool.h>

struct note_ops {
    /* Hands over (line_id, run_id, own_first, own_last) of the report's lines that no later load
     * of some of their days has closed. */
    bool (*open_lines)(struct destination *dest, const char *report, destination_row *row,
                       void *arg, struct error *err);
    /* Forgets the kept rows of the window's days and, with `undated`, those without a date. */
    bool (*forget_rows)(struct destination *dest, bool undated, struct error *err);
    bool (*note_rows)(struct destination *dest, const struct doubt_list *rows, struct error *err);
    /* Forgets the lines of windows that lie within the window's days. */
    bool (*forget_lines)(struct destination *dest, struct error *err);
    /* Notes lines of the window; a line that is noted already is noted anew. */
    bool (*note_lines)(struct destination *dest, const struct run *run,
                       const struct doubt_list *lines, struct error *err);
    /* Notes a habit unless it is noted. */
    bool (*note_habit)(struct destination *dest, const struct run *run, const char *habit,
                       struct error *err);
};

/* By the SQL that SQLite and PostgreSQL share. */
extern const struct note_ops notes_in_place;

#endif
