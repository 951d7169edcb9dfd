/* SPDX-License-Identifier: MIT */
/* The front of all destinations: finds the kind by the URL's scheme and keeps the order of calls.
 */
#include "load/destination.h"

#include "base/buf.h"
#include "load/postgres/destination.h"
#include "load/sqlite/destination.h"
#include "load/standing.h"

#include <assert.h>
#include <string.h>

enum { URL_MAX = 64 * 1024 };

static const struct destination_ops *const kinds[] = {
    &sqlite_destination,
    &postgres_destination,
    &postgresql_destination,
};
enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

static const char *known_schemes(struct buf *text)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        buf_addf(text, "%s%s", i ? ", " : "", kinds[i]->scheme);
    return buf_text(text);
}

/* Only the scheme of a bad URL goes into the message: the rest may hold a password. */
static bool open_for(const char *url, enum destination_use use, struct destination **out,
                     struct error *err)
{
    BUF_DONE struct buf known = BUF_INIT(256);
    const char *colon = strchr(url, ':');

    if (!colon)
        return error_set(err, ERROR_CONFIG,
                         "the database address has no scheme; it begins with one of: %s",
                         known_schemes(&known));
    size_t len = (size_t)(colon - url);
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (strlen(kinds[i]->scheme) == len && memcmp(kinds[i]->scheme, url, len) == 0)
            return kinds[i]->open(url, use, out, err);
    return error_set(err, ERROR_CONFIG, "unknown kind of database \"%.*s\" (known: %s)",
                     len < 32 ? (int)len : 32, url, known_schemes(&known));
}

bool destination_open(const char *url, struct destination **out, struct error *err)
{
    return open_for(url, DESTINATION_LOAD, out, err);
}

bool destination_open_existing(const char *url, enum destination_use use, struct destination **out,
                               struct error *err)
{
    assert(use != DESTINATION_LOAD);
    return open_for(url, use, out, err);
}

bool destination_look(struct destination *dest, const struct report *report,
                      enum destination_state *out, struct error *err)
{
    assert(!dest->report);
    return dest->ops->look(dest, report, out, err);
}

/* Copies `from`, with the value of every password=… and sslpassword=… hidden. */
static void add_parameters(struct buf *out, const char *from)
{
    static const char word[] = "password=";

    for (const char *hit; (hit = strstr(from, word)); from = hit + strcspn(hit, "&#")) {
        hit += sizeof(word) - 1;
        buf_add(out, from, (size_t)(hit - from));
        buf_add_text(out, "***");
    }
    buf_add_text(out, from);
}

/* The last '@' ends the credentials: a password that was not escaped may hold '@', '/' and '?'
 * itself. That hides too much of an odd address rather than too little of a careless one. */
char *destination_describe(const char *url)
{
    BUF_DONE struct buf text = BUF_INIT(URL_MAX);
    const char *slashes = strstr(url, "://");
    const char *user = slashes ? slashes + 3 : url;
    const char *at = slashes ? strrchr(user, '@') : NULL;
    const char *colon = at ? memchr(user, ':', (size_t)(at - user)) : NULL;

    if (colon) {
        buf_add(&text, url, (size_t)(colon - url));
        buf_add_text(&text, ":***");
        add_parameters(&text, at);
    } else {
        add_parameters(&text, url);
    }
    return buf_detach(&text);
}

bool destination_migrate(struct destination *dest, const struct report *report, struct error *err)
{
    assert(!dest->report);
    return dest->ops->migrate(dest, report, err);
}

bool destination_start_run(struct destination *dest, const struct run *run, struct error *err)
{
    return dest->ops->start_run(dest, run, err);
}

bool destination_end_run(struct destination *dest, const struct run *run, int exit_code,
                         time_t ended_at, struct error *err)
{
    assert(!dest->report);
    return dest->ops->end_run(dest, run, exit_code, ended_at, err);
}

bool destination_take_lease(struct destination *dest, const struct lease *lease, struct error *err)
{
    assert(!dest->report && !dest->token);
    if (!dest->ops->take_lease(dest, lease, &dest->token, err))
        return false;
    dest->lease = *lease;
    return true;
}

bool destination_keep_lease(struct destination *dest, struct error *err)
{
    if (!dest || !dest->token)
        return true;
    assert(!dest->report);
    return dest->ops->keep_lease(dest, err);
}

void destination_release_lease(struct destination *dest)
{
    struct error ignored; /* it expires by itself */

    if (dest->token)
        dest->ops->release_lease(dest, &ignored);
    dest->token = 0;
}

bool destination_add_column(struct destination *dest, const struct report *report, const char *name,
                            const struct run *run, bool *added, struct error *err)
{
    assert(!dest->report);
    return dest->ops->add_column(dest, report, name, run, added, err);
}

bool destination_query(struct destination *dest, const char *sql, destination_row *row, void *arg,
                       struct error *err)
{
    return dest->ops->query(dest, sql, row, arg, err);
}

bool destination_advise(struct destination *dest, destination_row *advice, void *arg,
                        struct error *err)
{
    assert(!dest->report);
    return !dest->ops->advise || dest->ops->advise(dest, advice, arg, err);
}

bool destination_begin(struct destination *dest, const struct report *report, struct window window,
                       struct error *err)
{
    assert(!dest->report);
    if (!dest->ops->begin(dest, report, window, err))
        return false;
    if (dest->token && !dest->ops->renew_lease(dest, err)) {
        dest->ops->rollback(dest);
        return false;
    }
    dest->report = report;
    dest->window = window;
    return true;
}

bool destination_read_rows(struct destination *dest, const struct report *report,
                           struct row_range range, destination_standing *row, void *arg,
                           struct error *err)
{
    return dest->ops->read_rows(dest, report, range, row, arg, err);
}

bool destination_snapshot(struct destination *dest, struct snapshot *out, struct error *err)
{
    assert(dest->report);
    return dest->distrustful ? standing_snapshot(dest, out, err)
                             : dest->ops->snapshot(dest, out, err);
}

bool destination_coverage(struct destination *dest, bool *days, struct error *err)
{
    assert(dest->report);
    return dest->ops->coverage(dest, days, err);
}

void coverage_mark(bool *days, struct window window, int64_t first, int64_t last)
{
    if (first < window.own_first)
        first = window.own_first;
    if (last > window.own_last)
        last = window.own_last;
    for (int64_t day = first; day <= last; day++)
        days[day - window.own_first] = true;
}

bool destination_apply(struct destination *dest, const struct run *run, const struct batch *batch,
                       const struct plan *plan, struct error *err)
{
    assert(dest->report && batch->columns == dest->report->column_count);
    assert(plan->row_count == batch->row_count);
    return dest->ops->apply(dest, run, batch, plan, err);
}

bool destination_reject(struct destination *dest, const struct run *run, const struct batch *batch,
                        struct error *err)
{
    assert(dest->report);
    return dest->ops->reject(dest, run, batch, err);
}

bool destination_execute(struct destination *dest, const char *purpose, const char *sql,
                         struct error *err)
{
    assert(dest->report);
    return dest->ops->execute(dest, purpose, sql, err);
}

bool destination_commit(struct destination *dest, const struct ledger_entry *entry,
                        struct error *err)
{
    assert(dest->report);
    if (!dest->ops->commit(dest, entry, err))
        return false;
    dest->report = NULL;
    return true;
}

void destination_rollback(struct destination *dest)
{
    if (!dest->report)
        return;
    dest->ops->rollback(dest);
    dest->report = NULL;
}

bool destination_record(struct destination *dest, const struct ledger_entry *entry,
                        struct error *err)
{
    assert(!dest->report);
    return dest->ops->record(dest, entry, err);
}

void destination_close(struct destination *dest)
{
    if (dest)
        dest->ops->close(dest);
}
