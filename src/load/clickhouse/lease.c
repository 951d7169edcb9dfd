/* SPDX-License-Identifier: MIT */
/* Takes, renews and releases the lease by appending to etl_lease_log. */
#include "load/clickhouse/lease.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "load/lease_claim.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/text.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_MAX = 64 * 1024,
    ZOMBIE_MS = 1000,
    UNDATED_ASK_MS = 50,
    TOKENS_KEPT = 16,
    TRIES_MAX = 50
};

static const char purpose[] = "take the lease";

/* The tokens whose holders may write. */
#define LIVING                                                                                     \
    "(SELECT token FROM etl_lease WHERE run_id IS NOT NULL AND expires_at > toUInt32(now()))"

/* --- what others hold ------------------------------------------------------------------------ */

/* Tokens whose holders are dead. */
struct dead {
    uint64_t *tokens;
    char **runs;
    size_t count;
};

static void dead_done(struct dead *dead)
{
    for (size_t i = 0; i < dead->count; i++)
        free(dead->runs[i]);
    free(dead->runs);
    free(dead->tokens);
}

struct judging {
    const struct lease *lease; /* that is wanted */
    struct dead dead;          /* that stand in its way */
};

static const char *text_or(struct cell cell, const char *otherwise)
{
    return cell.text ? cell.text : otherwise;
}

static bool take_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct judging *judging = arg;
    struct dead *dead = &judging->dead;
    const struct lease_row row = {
        .name = text_or(cells[0], ""),
        .token = strtoll(text_or(cells[1], "0"), NULL, 10),
        .run_id = text_or(cells[2], "?"),
        .holder = text_or(cells[3], "?"),
        .taken_at = text_or(cells[4], "?"),
        .expires_at = strtoll(text_or(cells[5], "0"), NULL, 10),
        .expired = *text_or(cells[6], "") == '1',
    };

    (void)count;
    switch (lease_judge(judging->lease, &row)) {
    case LEASE_HELD:
        return lease_refuse(&row, err);
    case LEASE_DEAD:
        dead->tokens = mem_grow(dead->tokens, dead->count + 1, sizeof(*dead->tokens));
        dead->runs = mem_grow(dead->runs, dead->count + 1, sizeof(*dead->runs));
        dead->tokens[dead->count] = (uint64_t)row.token;
        dead->runs[dead->count++] = mem_copy(row.run_id);
        break;
    case LEASE_APART:
        break;
    }
    return true;
}

/* By the server's clock. Fails if another run that lives holds something of the lease. */
static bool judge_others(struct clickhouse_destination *dest, struct judging *judging,
                         struct error *err)
{
    return clickhouse_query(&dest->ch, "read the lease",
                            "SELECT name, token, run_id, holder, taken_at, expires_at,"
                            " expires_at <= toUInt32(now()) FROM etl_lease"
                            " WHERE run_id IS NOT NULL",
                            NULL, 0, take_row, judging, err);
}

/* --- claims ---------------------------------------------------------------------------------- */

struct winner {
    const char *run; /* that hopes to be it */
    bool won;
};

static bool take_winner(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct winner *winner = arg;

    (void)count;
    (void)err;
    winner->won = cells[0].text && strcmp(cells[0].text, winner->run) == 0;
    return true;
}

static bool note(struct clickhouse_destination *dest, const char *what, uint64_t token,
                 const struct lease *lease, const char *kind, int seconds, struct error *err)
{
    BUF_DONE struct buf row = BUF_INIT(ROW_MAX);
    char now[CLOCK_STAMP_SIZE];

    buf_addf(&row, "%" PRIu64 "\t", token);
    clickhouse_add_text(&row, lease->run_id);
    clickhouse_add_text(&row, kind);
    clickhouse_add_text(&row, lease->holder);
    clickhouse_add_text(&row, clock_format_zoned(clock_now(), now));
    buf_addf(&row, "%d\t", seconds);
    clickhouse_add_field(&row, (struct cell){lease_name(lease), strlen(lease_name(lease))});
    buf_add_char(&row, '\n');
    return clickhouse_insert(&dest->ch, what,
                             "INSERT INTO etl_lease_log (token, run, kind, holder, taken_at,"
                             " seconds, name) FORMAT TabSeparated",
                             &row, err);
}

static bool take_partition(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)count;
    (void)err;
    buf_add(arg, cells[0].text, cells[0].len);
    buf_add_char(arg, '\n');
    return true;
}

/* Partitions of tokens long past go, or each start of a run would leave a part for ever. The lease
 * does not depend on it. */
static bool forget_old(struct clickhouse_destination *dest, uint64_t token, struct error *err)
{
    static const char what[] = "forget old leases";
    BUF_DONE struct buf partitions = BUF_INIT(1024 * 1024);
    MEM_FREE_TEXT char *sql = mem_format(
        "SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase()"
        " AND table = 'etl_lease_log' AND active AND partition IN (SELECT concat('(',"
        " toString(token), ',\\'', run, '\\')') FROM etl_lease_log WHERE token + %d < %" PRIu64
        " AND token NOT IN " LIVING ")",
        TOKENS_KEPT, token);

    if (!clickhouse_query(&dest->ch, what, sql, NULL, 0, take_partition, &partitions, err))
        return false;
    for (char *from = partitions.data, *end; from && (end = strchr(from, '\n')); from = end + 1) {
        MEM_FREE_TEXT char *drop =
            mem_format("ALTER TABLE etl_lease_log DROP PARTITION %.*s", (int)(end - from), from);
        if (!clickhouse_run(&dest->ch, what, drop, err))
            return false;
    }
    return true;
}

/* Takes the leases of the dead away: from then on they commit nothing. A commit that one of them
 * had sent before may be on its way: it has a second, and what comes later is void all the same. */
static bool bury(struct clickhouse_destination *dest, const struct dead *dead, struct error *err)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};

    for (size_t i = 0; i < dead->count; i++) {
        const struct lease other = {.run_id = dead->runs[i], .holder = ""};
        if (!note(dest, purpose, dead->tokens[i], &other, "release", 0, err))
            return false;
    }
    if (dead->count)
        poll(&stop, 1, ZOMBIE_MS);
    return stop_check(err);
}

/* What runs began that hold no lease any more, and did not commit, is taken back for good. */
static bool void_others(struct clickhouse_destination *dest, uint64_t token, struct error *err)
{
    MEM_FREE_TEXT char *sql = mem_format(
        "INSERT INTO etl_void (tx) SELECT tx FROM etl_begun WHERE tx < %" PRIu64
        " AND bitShiftRight(tx, %d) NOT IN " LIVING " AND tx NOT IN (SELECT tx FROM etl_ledger)"
        " AND tx NOT IN (SELECT tx FROM etl_void)",
        token << CLICKHOUSE_WINDOW_BITS, CLICKHOUSE_WINDOW_BITS);

    return clickhouse_run(&dest->ch, "take back what was left", sql, err);
}

static bool read_last_token(struct clickhouse_destination *dest, uint64_t *out, struct error *err)
{
    return clickhouse_number(&dest->ch, "take the lease", "SELECT max(token) FROM etl_lease_log",
                             out, err);
}

/* Writes a token down and finds out whether it is ours: of those who chose it the first has it. */
static bool reserve(struct clickhouse_destination *dest, const struct lease *lease,
                    const char *kind, uint64_t token, bool *ours, struct error *err)
{
    struct winner winner = {.run = lease->run_id};
    MEM_FREE_TEXT char *sql =
        mem_format("SELECT run FROM (SELECT run, toUInt64(splitByChar('_', _part)[2]) AS block FROM"
                   " etl_lease_log WHERE token = %" PRIu64 " AND kind IN ('claim', 'none'))"
                   " ORDER BY block LIMIT 1",
                   token);

    if (!note(dest, purpose, token, lease, kind, lease->seconds, err) ||
        !clickhouse_query(&dest->ch, purpose, sql, NULL, 0, take_winner, &winner, err))
        return false;
    *ours = winner.won;
    return true;
}

/* The token is read before the others are judged: whoever claims in between either is seen to hold
 * a lease or has claimed this very token. */
static bool try_claim(struct clickhouse_destination *dest, const struct lease *lease,
                      uint64_t *token, bool *ours, struct error *err)
{
    struct judging judging = {.lease = lease};

    *ours = false;
    bool ok = read_last_token(dest, token, err) && judge_others(dest, &judging, err) &&
              reserve(dest, lease, "claim", ++*token, ours, err) &&
              (!*ours || bury(dest, &judging.dead, err));
    dead_done(&judging.dead);
    return ok;
}

static const char too_slow[] = "others are always faster; try again";

bool clickhouse_take_lease(struct destination *base, const struct lease *lease, int64_t *token,
                           struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    bool ours = false;
    uint64_t taken = 0;

    for (int i = 0; !ours && i < TRIES_MAX; i++)
        if (!try_claim(dest, lease, &taken, &ours, err))
            return false;
    if (!ours)
        return clickhouse_report_error(&dest->ch, purpose, err, too_slow);
    if (!void_others(dest, taken, err) || !forget_old(dest, taken, err))
        return false;
    *token = (int64_t)taken;
    return true;
}

bool clickhouse_reserve_token(struct clickhouse_destination *dest, uint64_t *token,
                              struct error *err)
{
    const struct lease nobody = {.run_id = dest->ch.session, .holder = ""};
    bool ours = false;

    for (int i = 0; !ours && i < TRIES_MAX; i++)
        if (!read_last_token(dest, token, err) ||
            !reserve(dest, &nobody, "none", ++*token, &ours, err))
            return false;
    return ours || clickhouse_report_error(&dest->ch, "begin a window", err, too_slow);
}

/* --- keeping it ------------------------------------------------------------------------------ */

/* Whether the lease is still this run's, and how long it lasts, by the server's clock. */
struct standing {
    bool gone;
    int64_t seconds_left;
};

static bool take_standing(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct standing *standing = arg;

    (void)count;
    (void)err;
    standing->gone = *text_or(cells[0], "1") != '0';
    standing->seconds_left = strtoll(text_or(cells[1], "0"), NULL, 10);
    return true;
}

static bool check_owner(struct clickhouse_destination *dest, struct standing *out,
                        struct error *err)
{
    MEM_FREE_TEXT char *sql =
        mem_format("SELECT max(kind = 'release'), max(toInt64(toUInt32(at)) + toInt64(seconds)) -"
                   " toInt64(toUInt32(now())) FROM etl_lease_log WHERE token = %" PRId64,
                   dest->base.token);

    *out = (struct standing){.gone = true};
    if (!clickhouse_query(&dest->ch, "check the lease", sql, NULL, 0, take_standing, out, err))
        return false;
    return !out->gone || lease_lost(err);
}

bool clickhouse_renew_lease(struct destination *base, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    struct standing standing;

    if (!check_owner(dest, &standing, err))
        return false;
    if (standing.seconds_left * 3 > (int64_t)base->lease.seconds * 2)
        return true;
    return note(dest, "renew the lease", (uint64_t)base->token, &base->lease, "renew",
                base->lease.seconds, err) &&
           check_owner(dest, &standing, err);
}

void clickhouse_add_owner(struct buf *sql, const struct clickhouse_destination *dest)
{
    if (dest->base.token)
        buf_addf(sql,
                 " WHERE (SELECT count() FROM etl_lease_log WHERE token IN (%" PRId64 ", %" PRIu64
                 ") AND kind = 'release') = 0",
                 dest->base.token, dest->undated_token);
}

/* --- undated rows ---------------------------------------------------------------------------- */

/* They stand under day 0 (COLUMN _day), so a lease of that day is what no other run may have. */
static bool claim_undated(struct clickhouse_destination *dest, const struct lease *lease,
                          struct error *err)
{
    bool ours = false;

    for (int i = 0; !ours && i < TRIES_MAX; i++)
        if (!try_claim(dest, lease, &dest->undated_token, &ours, err)) {
            dest->undated_token = 0;
            return false;
        }
    if (ours)
        return true;
    dest->undated_token = 0;
    return clickhouse_report_error(&dest->ch, purpose, err, too_slow);
}

bool clickhouse_lock_undated(struct clickhouse_destination *dest, const struct report *report,
                             struct error *err)
{
    struct lease lease = dest->base.lease;
    const int64_t until = clock_ms() + dest->patience_ms;
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
    struct error why;

    if (!dest->base.token || lease_is_for_all(&lease))
        return true;
    MEM_FREE_TEXT char *name = lease_name_of_days(report->name, 0, 0);
    lease.name = name;
    while (!claim_undated(dest, &lease, &why)) {
        if (why.kind != ERROR_LOCKED || clock_ms() >= until) {
            *err = why;
            if (why.kind != ERROR_LOCKED)
                return false;
            error_set(err, ERROR_DATABASE, "rows without a date: %s", why.message);
            return error_mark_transient(err);
        }
        poll(&stop, 1, UNDATED_ASK_MS);
        if (!stop_check(err))
            return false;
    }
    return true;
}

void clickhouse_unlock_undated(struct clickhouse_destination *dest)
{
    const struct lease lease = {.run_id = dest->base.lease.run_id, .holder = ""};
    struct error ignored; /* it expires */

    if (dest->undated_token)
        note(dest, "release the lease", dest->undated_token, &lease, "release", 0, &ignored);
    dest->undated_token = 0;
}

bool clickhouse_release_lease(struct destination *base, struct error *err)
{
    return note(clickhouse_of(base), "release the lease", (uint64_t)base->token, &base->lease,
                "release", 0, err);
}
