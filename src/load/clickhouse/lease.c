/* SPDX-License-Identifier: MIT */
/* Takes, renews and releases the lease by appending to etl_lease_log. */
#include "load/clickhouse/lease.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "load/clickhouse/sql.h"
#include "load/clickhouse/text.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_MAX = 64 * 1024, ZOMBIE_MS = 1000, TOKENS_KEPT = 16, TRIES_MAX = 50 };

/* The lease as it was read. Texts are owned. */
struct found {
    uint64_t token; /* 0: nobody ever had one */
    char *run, *holder, *taken_at;
    int64_t expires_at;
    bool held, released;
};

static void found_done(struct found *found)
{
    free(found->run);
    free(found->holder);
    free(found->taken_at);
}

static char *copy(struct cell cell)
{
    return cell.text ? mem_copy_n(cell.text, cell.len) : mem_copy("?");
}

static bool take_found(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct found *found = arg;

    (void)count;
    (void)err;
    found->token = strtoull(cells[0].text, NULL, 10);
    found->released = !cells[1].text;
    found->run = copy(cells[1]);
    found->holder = copy(cells[2]);
    found->taken_at = copy(cells[3]);
    found->expires_at = strtoll(cells[4].text, NULL, 10);
    found->held = !found->released && strcmp(cells[5].text, "1") == 0;
    return true;
}

/* By the server's clock. */
static bool read_lease(struct clickhouse_destination *dest, struct found *out, struct error *err)
{
    return clickhouse_query(&dest->ch, "read the lease",
                            "SELECT token, run_id, holder, taken_at, expires_at,"
                            " expires_at > toUInt32(now()) FROM etl_lease",
                            NULL, 0, take_found, out, err);
}

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

static bool refuse(const struct found *found, struct error *err)
{
    char until[CLOCK_STAMP_SIZE];

    return error_set(err, ERROR_LOCKED,
                     "another run holds the lease: %s of %s, since %s, until %s if it is dead",
                     found->run, found->holder, found->taken_at,
                     clock_format_zoned((time_t)found->expires_at, until));
}

static bool is_free(const struct found *found, const struct lease *lease)
{
    return !found->held || strcmp(found->run, lease->run_id) == 0 ||
           (lease->is_dead && lease->is_dead(found->holder));
}

static bool note(struct clickhouse_destination *dest, const char *purpose, uint64_t token,
                 const struct lease *lease, const char *kind, int seconds, struct error *err)
{
    BUF_DONE struct buf row = BUF_INIT(ROW_MAX);
    char now[CLOCK_STAMP_SIZE];

    buf_addf(&row, "%" PRIu64 "\t", token);
    clickhouse_add_text(&row, lease->run_id);
    clickhouse_add_text(&row, kind);
    clickhouse_add_text(&row, lease->holder);
    clickhouse_add_text(&row, clock_format_zoned(clock_now(), now));
    buf_addf(&row, "%d\n", seconds);
    return clickhouse_insert(&dest->ch, purpose,
                             "INSERT INTO etl_lease_log (token, run, kind, holder, taken_at,"
                             " seconds) FORMAT TabSeparated",
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
    static const char purpose[] = "forget old leases";
    BUF_DONE struct buf partitions = BUF_INIT(1024 * 1024);
    MEM_FREE_TEXT char *sql = mem_format(
        "SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase()"
        " AND table = 'etl_lease_log' AND active AND partition IN (SELECT concat('(',"
        " toString(token), ',\\'', run, '\\')') FROM etl_lease_log WHERE token + %d < %" PRIu64 ")",
        TOKENS_KEPT, token);

    if (!clickhouse_query(&dest->ch, purpose, sql, NULL, 0, take_partition, &partitions, err))
        return false;
    for (char *from = partitions.data, *end; from && (end = strchr(from, '\n')); from = end + 1) {
        MEM_FREE_TEXT char *drop =
            mem_format("ALTER TABLE etl_lease_log DROP PARTITION %.*s", (int)(end - from), from);
        if (!clickhouse_run(&dest->ch, purpose, drop, err))
            return false;
    }
    return true;
}

/* What a run began and did not commit is taken back for good. If that run was thought dead, a
 * commit of its may be on its way: it has a second, and what comes later is void all the same. */
static bool void_others(struct clickhouse_destination *dest, uint64_t token, bool was_held,
                        struct error *err)
{
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
    MEM_FREE_TEXT char *sql =
        mem_format("INSERT INTO etl_void (tx) SELECT tx FROM etl_begun WHERE tx < %" PRIu64
                   " AND tx NOT IN (SELECT tx FROM etl_ledger)"
                   " AND tx NOT IN (SELECT tx FROM etl_void)",
                   token << CLICKHOUSE_WINDOW_BITS);

    if (was_held)
        poll(&stop, 1, ZOMBIE_MS);
    return stop_check(err) && clickhouse_run(&dest->ch, "take back what was left", sql, err);
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
    static const char purpose[] = "take the lease";
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

/* The token is read before the lease is judged: whoever claims in between either is seen to hold
 * the lease or has claimed this very token. */
static bool try_claim(struct clickhouse_destination *dest, const struct lease *lease,
                      uint64_t *token, bool *was_held, bool *ours, struct error *err)
{
    struct found before = {0};

    bool ok = read_last_token(dest, token, err) && read_lease(dest, &before, err) &&
              (is_free(&before, lease) || refuse(&before, err)) &&
              reserve(dest, lease, "claim", ++*token, ours, err);
    *was_held = before.token && !before.released;
    found_done(&before);
    return ok;
}

static const char too_slow[] = "others are always faster; try again";

bool clickhouse_take_lease(struct destination *base, const struct lease *lease, int64_t *token,
                           struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    bool was_held = false, ours = false;
    uint64_t taken = 0;

    for (int i = 0; !ours && i < TRIES_MAX; i++)
        if (!try_claim(dest, lease, &taken, &was_held, &ours, err))
            return false;
    if (!ours)
        return clickhouse_report_error(&dest->ch, "take the lease", err, too_slow);
    if (!void_others(dest, taken, was_held, err) || !forget_old(dest, taken, err))
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

/* Whether the lease is still this run's, and how long it lasts, by the server's clock. */
struct standing {
    uint64_t token;
    int64_t seconds_left;
};

static bool take_standing(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct standing *standing = arg;

    (void)count;
    (void)err;
    standing->token = strtoull(cells[0].text, NULL, 10);
    standing->seconds_left = strtoll(cells[1].text, NULL, 10);
    return true;
}

static bool check_owner(struct clickhouse_destination *dest, struct standing *out,
                        struct error *err)
{
    MEM_FREE_TEXT char *sql =
        mem_format("SELECT max(token), max(if(token = %" PRId64
                   ", toInt64(toUInt32(at)) + toInt64(seconds), 0)) - toInt64(toUInt32(now()))"
                   " FROM etl_lease_log WHERE kind IN ('claim', 'renew')",
                   dest->base.token);

    if (!clickhouse_query(&dest->ch, "check the lease", sql, NULL, 0, take_standing, out, err))
        return false;
    return out->token == (uint64_t)dest->base.token ||
           error_set(err, ERROR_LOCKED, "the lease of this run expired and another run took it");
}

bool clickhouse_renew_lease(struct destination *base, struct error *err)
{
    struct clickhouse_destination *dest = clickhouse_of(base);
    struct standing standing = {0};

    if (!check_owner(dest, &standing, err))
        return false;
    if (standing.seconds_left * 3 > (int64_t)base->lease.seconds * 2)
        return true;
    return note(dest, "renew the lease", (uint64_t)base->token, &base->lease, "renew",
                base->lease.seconds, err) &&
           check_owner(dest, &standing, err);
}

bool clickhouse_release_lease(struct destination *base, struct error *err)
{
    return note(clickhouse_of(base), "release the lease", (uint64_t)base->token, &base->lease,
                "release", 0, err);
}
