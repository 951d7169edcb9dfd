/* SPDX-License-Identifier: MIT */
/* Runs statements of SQLite and reports their errors. */
#include "load/sqlite/statement.h"

#include "base/date.h"
#include "base/stop.h"

#include <string.h>

enum { HASH_SIZE = 16 };

struct sqlite_destination *sqlite_of(struct destination *dest)
{
    return (struct sqlite_destination *)dest;
}

/* Returns what a person can do about a failure that is not the program's own. */
static const char *advice(int code)
{
    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another process is writing to it: wait for it or stop it, then run again";
    case SQLITE_FULL:
        return "make room on its disk, then run again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return "give this user the right to write the file and its folder";
    case SQLITE_CANTOPEN:
        return "does its folder exist, and may this user write there?";
    case SQLITE_IOERR:
        return "its disk failed, or it is on a network share that cannot lock files";
    case SQLITE_CORRUPT:
        return "the file is damaged: restore a copy, or save what is left with sqlite3's .recover";
    case SQLITE_NOTADB:
        return "the file is something else and was left as it is: choose another name";
    default:
        return NULL;
    }
}

bool sqlite_report_failure(struct sqlite_destination *dest, const char *purpose, struct error *err)
{
    int code = sqlite3_errcode(dest->db) & 0xff;
    const char *what_to_do = advice(code);

    /* A signal also ends the wait for another writer; SQLite then reports "busy". */
    if (code == SQLITE_BUSY && !stop_check(err))
        return error_context(err, "sqlite %s: %s", dest->path, purpose);
    return error_set(err, ERROR_DATABASE, "sqlite %s: %s: %s%s%s%s", dest->path, purpose,
                     sqlite3_errmsg(dest->db), what_to_do ? " (" : "", what_to_do ? what_to_do : "",
                     what_to_do ? ")" : "");
}

bool sqlite_run(struct sqlite_destination *dest, const char *purpose, const char *sql,
                struct error *err)
{
    if (sqlite3_exec(dest->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_report_failure(dest, purpose, err);
    return true;
}

bool sqlite_transaction_begin(struct sqlite_destination *dest, const char *purpose,
                              struct error *err)
{
    return sqlite_run(dest, purpose, "BEGIN IMMEDIATE", err);
}

/* SQLite rolls back by itself after some failures, such as a full disk. */
void sqlite_transaction_rollback(struct sqlite_destination *dest)
{
    if (!sqlite3_get_autocommit(dest->db))
        sqlite3_exec(dest->db, "ROLLBACK", NULL, NULL, NULL);
}

bool statement_open(struct statement *out, struct sqlite_destination *dest, const char *purpose,
                    const char *sql, struct error *err)
{
    struct statement st = {.dest = dest, .purpose = purpose};

    if (sqlite3_prepare_v2(dest->db, sql, -1, &st.stmt, NULL) != SQLITE_OK)
        return sqlite_report_failure(dest, purpose, err);
    *out = st;
    return true;
}

void statement_close(struct statement *st)
{
    sqlite3_finalize(st->stmt);
    *st = (struct statement){0};
}

static void keep_bind_error(struct statement *st, int code)
{
    if (!st->bind_error)
        st->bind_error = code;
}

void statement_bytes(struct statement *st, const char *text, size_t len)
{
    keep_bind_error(
        st, text ? sqlite3_bind_text64(st->stmt, ++st->bound, text, len, SQLITE_STATIC, SQLITE_UTF8)
                 : sqlite3_bind_null(st->stmt, ++st->bound));
}

void statement_text(struct statement *st, const char *text)
{
    statement_bytes(st, text, text ? strlen(text) : 0);
}

void statement_cell(struct statement *st, struct cell cell)
{
    statement_bytes(st, cell.text, cell.len);
}

/* Binds the high byte first, so that blobs have the order of the numbers. */
void statement_hash(struct statement *st, struct hash128 hash)
{
    unsigned char bytes[HASH_SIZE];

    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(hash.high >> (56 - 8 * i));
        bytes[8 + i] = (unsigned char)(hash.low >> (56 - 8 * i));
    }
    keep_bind_error(st,
                    sqlite3_bind_blob(st->stmt, ++st->bound, bytes, HASH_SIZE, SQLITE_TRANSIENT));
}

void statement_count(struct statement *st, uint64_t number)
{
    statement_int(st, (int64_t)number);
}

void statement_int(struct statement *st, int64_t number)
{
    keep_bind_error(st, sqlite3_bind_int64(st->stmt, ++st->bound, number));
}

void statement_real(struct statement *st, double number)
{
    keep_bind_error(st, sqlite3_bind_double(st->stmt, ++st->bound, number));
}

static void bind_copy(struct statement *st, const char *text)
{
    keep_bind_error(st, sqlite3_bind_text(st->stmt, ++st->bound, text, -1, SQLITE_TRANSIENT));
}

void statement_day(struct statement *st, int32_t day)
{
    char text[DATE_ISO_SIZE];

    bind_copy(st, date_format_iso(day, text));
}

void statement_instant(struct statement *st, time_t when)
{
    char text[CLOCK_STAMP_SIZE];

    bind_copy(st, clock_format_zoned(when, text));
}

/* The result of sqlite3_reset is ignored: it is the failure that the last step reported. */
void statement_reset(struct statement *st)
{
    sqlite3_reset(st->stmt);
    st->bound = 0;
    st->bind_error = SQLITE_OK;
}

bool statement_next(struct statement *st, bool *row, struct error *err)
{
    if (st->bind_error) {
        error_set(err, ERROR_DATABASE, "sqlite %s: %s: a parameter was refused: %s", st->dest->path,
                  st->purpose, sqlite3_errstr(st->bind_error));
        statement_reset(st);
        return false;
    }
    int code = sqlite3_step(st->stmt);
    if (code == SQLITE_ROW) {
        *row = true;
        return true;
    }
    if (code != SQLITE_DONE)
        sqlite_report_failure(st->dest, st->purpose, err);
    else
        *row = false;
    statement_reset(st);
    return code == SQLITE_DONE;
}

bool statement_run(struct statement *st, struct error *err)
{
    bool row;

    do {
        if (!statement_next(st, &row, err))
            return false;
    } while (row);
    return true;
}

bool statement_run_one(struct statement *st, struct error *err)
{
    if (!statement_run(st, err))
        return false;
    int changed = sqlite3_changes(st->dest->db);
    if (changed != 1)
        return error_set(err, ERROR_DATABASE, "sqlite %s: %s: %d rows instead of one",
                         st->dest->path, st->purpose, changed);
    return true;
}

struct cell statement_read_cell(const struct statement *st, int column)
{
    const char *text = (const char *)sqlite3_column_text(st->stmt, column);

    return (struct cell){.text = text,
                         .len = text ? (size_t)sqlite3_column_bytes(st->stmt, column) : 0};
}

bool statement_read_hash(const struct statement *st, int column, struct hash128 *out)
{
    const unsigned char *bytes = sqlite3_column_blob(st->stmt, column);
    struct hash128 hash = {0};

    if (!bytes || sqlite3_column_bytes(st->stmt, column) != HASH_SIZE)
        return false;
    for (unsigned i = 0; i < 8; i++) {
        hash.high = hash.high << 8 | bytes[i];
        hash.low = hash.low << 8 | bytes[8 + i];
    }
    *out = hash;
    return true;
}
