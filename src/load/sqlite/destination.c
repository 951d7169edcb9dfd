/* SPDX-License-Identifier: MIT */
/* The SQLite destination: opening and closing files, windows, and the ops table. */
#include "load/sqlite/destination.h"

#include "base/mem.h"
#include "base/stop.h"
#include "load/journal_import.h"
#include "load/notes.h"
#include "load/sqlite/columns.h"
#include "load/sqlite/ledger.h"
#include "load/sqlite/lease.h"
#include "load/sqlite/read.h"
#include "load/sqlite/rows.h"
#include "load/sqlite/schema.h"
#include "load/sqlite/statement.h"
#include "load/sqlite/touched.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LOCK_TIMEOUT_MS = 30 * 1000, /* a window of 200,000 rows is written in some 3 s */
    POLL_MS = 20,                /* milliseconds between two tries for the lock */
};

#define SCHEME "sqlite"
#define MEMORY ":memory:"

static void sqlite_close_destination(struct destination *base)
{
    struct sqlite_destination *dest = sqlite_of(base);

    int code = sqlite3_close(dest->db); /* this rolls an open transaction back */
    assert(code == SQLITE_OK);          /* SQLITE_BUSY: a statement was not closed */
    (void)code;                         /* unused with NDEBUG */
    free(dest->path);
    free(dest);
}

/* Waits before the next try for the write lock; SQLite calls it as a busy handler. A signal to stop
 * ends this wait; it would not end SQLite's own. */
static int wait_for_writer(void *arg, int tries)
{
    struct sqlite_destination *dest = arg;
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};

    if (tries == 0)
        dest->waiting_since = clock_ms();
    if (stop_signal() || clock_ms() - dest->waiting_since >= dest->lock_timeout_ms)
        return 0;
    poll(&stop, 1, POLL_MS);
    return 1;
}

/* Returns the path within the URL, or NULL with err set. A host has no meaning, and other tools
 * read sqlite:///x as another file, so both are refused. */
static const char *path_of(const char *url, struct error *err)
{
    const char *path = url + strlen(SCHEME ":");

    if (*path && strncmp(path, "//", 2) != 0)
        return path;
    error_set(err, ERROR_CONFIG,
              "a SQLite database is written sqlite:PATH, for instance sqlite:sigos.db or "
              "sqlite:/srv/sigos/sigos.db");
    return NULL;
}

/* Makes the file if it is new. The rows are about consumers of electricity, so others have no
 * access, and the group has what the umask says, for analysts with accounts of their own. SQLite
 * gives its log the same mode. Only a new file may be opened and closed here: closing a file that
 * is in use would drop this process's locks on it. */
static bool make_file(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);

    if (fd < 0 && errno != EEXIST)
        return error_set_errno(err, ERROR_DATABASE, "sqlite %s: cannot be made", path);
    if (fd >= 0)
        close(fd);
    return true;
}

/* Sets synchronous to FULL. In WAL mode NORMAL too keeps every window whole, but a power cut may
 * lose the latest windows after the run has reported them as loaded. FULL costs one flush a window.
 *
 * The log file stays, emptied, when the program ends: without it, a reader that may not write the
 * folder could not open the database. */
static bool set_up_to_write(struct sqlite_destination *dest, struct error *err)
{
    int keep = 1;

    sqlite3_file_control(dest->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &keep);
    if (sqlite3_db_readonly(dest->db, "main") == 1)
        return error_set(err, ERROR_DATABASE, "sqlite %s: this user may not write the file",
                         dest->path);
    return sqlite_check_schema(dest, err) &&
           sqlite_run(dest, "set up the connection",
                      "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
                      "PRAGMA journal_size_limit = 0",
                      err);
}

static bool set_up(struct sqlite_destination *dest, enum destination_use use, struct error *err)
{
    sqlite3_extended_result_codes(dest->db, 1);
    sqlite3_busy_handler(dest->db, wait_for_writer, dest);
    return use == DESTINATION_READ ? sqlite_check_schema(dest, err) : set_up_to_write(dest, err);
}

static bool is_absent(const char *path)
{
    return strcmp(path, MEMORY) != 0 && access(path, F_OK) < 0 && errno == ENOENT;
}

static bool sqlite_open(const char *url, enum destination_use use, struct destination **out,
                        struct error *err)
{
    const char *path = path_of(url, err);

    if (!path)
        return false;
    if (use != DESTINATION_LOAD && is_absent(path)) {
        *out = NULL;
        return true;
    }
    if (use == DESTINATION_LOAD && strcmp(path, MEMORY) != 0 && !make_file(path, err))
        return false;
    struct sqlite_destination *dest = mem_alloc(sizeof(*dest));
    dest->base.ops = &sqlite_destination;
    dest->path = mem_copy(path);
    dest->lock_timeout_ms = LOCK_TIMEOUT_MS;
    int code = sqlite3_open_v2(
        path, &dest->db, use == DESTINATION_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE,
        NULL);
    if (!(code == SQLITE_OK ? set_up(dest, use, err) : sqlite_report_failure(dest, "open", err))) {
        sqlite_close_destination(&dest->base);
        return false;
    }
    *out = &dest->base;
    return true;
}

static bool sqlite_begin(struct destination *base, const struct report *report,
                         struct window window, struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);

    (void)report;
    (void)window; /* kept by destination.c */
    if (!sqlite_transaction_begin(dest, "begin a window", err))
        return false;
    clock_format_zoned(clock_now(), dest->begun_at);
    return true;
}

static bool sqlite_commit(struct destination *base, const struct ledger_entry *entry,
                          struct error *err)
{
    struct sqlite_destination *dest = sqlite_of(base);

    /* Without this check the ledger's row would be written alone if SQLite has rolled the
     * transaction back by itself. */
    if (sqlite3_get_autocommit(dest->db))
        return error_set(err, ERROR_DATABASE, "sqlite %s: commit a window: its transaction is gone",
                         dest->path);
    return (!entry || sqlite_record(base, entry, err)) &&
           sqlite_run(dest, "commit a window", "COMMIT", err);
}

static bool sqlite_begin_work(struct destination *base, struct error *err)
{
    return sqlite_transaction_begin(sqlite_of(base), "begin a transaction", err);
}

static bool sqlite_commit_work(struct destination *base, struct error *err)
{
    return sqlite_run(sqlite_of(base), "commit", "COMMIT", err);
}

static void sqlite_rollback(struct destination *base)
{
    sqlite_end_read(sqlite_of(base));
    sqlite_transaction_rollback(sqlite_of(base));
}

const struct destination_ops sqlite_destination = {
    .scheme = SCHEME,
    .dialect = DIALECT_SQLITE,
    .notes = &notes_in_place,
    .open = sqlite_open,
    .inspect = sqlite_inspect,
    .migrate = sqlite_migrate,
    .start_run = sqlite_start_run,
    .end_run = sqlite_end_run,
    .take_lease = sqlite_take_lease,
    .renew_lease = sqlite_renew_lease,
    .keep_lease = sqlite_keep_lease,
    .release_lease = sqlite_release_lease,
    .add_column = sqlite_add_column,
    .query = sqlite_query,
    .begin_read = sqlite_begin_read,
    .touch = sqlite_touch,
    .begin_work = sqlite_begin_work,
    .commit_work = sqlite_commit_work,
    .begin = sqlite_begin,
    .snapshot = sqlite_snapshot,
    .read_rows = sqlite_read_rows,
    .loaded_days = sqlite_loaded_days,
    .apply = sqlite_apply,
    .reject = sqlite_reject,
    .import = journal_import_in_place,
    .execute = sqlite_execute,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .record = sqlite_record,
    .close = sqlite_close_destination,
};
