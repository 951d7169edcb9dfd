/* SPDX-License-Identifier: MIT */
/* Readers without pause, and the windows that they watch. */
#include "tests/support/clickhouse_crowd.h"

#include "base/mem.h"
#include "tests/support/clickhouse_stage.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIELDS_MAX = 8, LATEST = 5 /* windows of the change log that are looked at */ };

/* --- windows --------------------------------------------------------------------------------- */

static bool swaps(int version)
{
    return version % 3 == 2;
}

/* The second half of the rows has two keys each, which take turns: the row of one is deleted where
 * the other's is inserted. */
static uint64_t key_of(int row, int version)
{
    const int turns = (version + 1) / 3;

    return 1000 + (uint64_t)row + (row >= CROWD_HALF && turns % 2 ? 1000 : 0);
}

static int day_of(int row)
{
    return 1 + row % 9;
}

void crowd_version(int version, struct work *work, struct ledger_entry *entry)
{
    work_done(work);
    work_init(work);
    *entry = fixture_entry(fixture_window(1, 9));
    entry->rows.read = (uint64_t)version;
    for (int i = 0; i < CROWD_ROWS; i++) {
        char uc[16], status[16];
        snprintf(uc, sizeof(uc), "u%d", i);
        snprintf(status, sizeof(status), "V%d", version);
        const struct line line = {
            uc, status, day_of(i), NULL, key_of(i, version), 1000 + (uint64_t)version};
        if (version == 0) {
            work_add(work, ROW_INSERT, line);
        } else if (swaps(version) && i >= CROWD_HALF) {
            work_remove(work, key_of(i, version - 1), day_of(i));
            work_add_logged(work, line);
            entry->changes.deleted++;
            entry->changes.inserted++;
        } else {
            work_add(work, ROW_UPDATE, line);
            entry->changes.updated++;
        }
    }
}

/* --- asking ---------------------------------------------------------------------------------- */

struct reader {
    struct crowd *crowd;
    struct clickhouse_destination dest;
    enum crowd_kind kind;
    uint64_t fields[FIELDS_MAX]; /* of the last row */
    uint64_t version;            /* the newest that was seen */
    unsigned seed;
    int kills; /* of servers, before the last answer */
};

void crowd_tell(struct crowd *crowd, const char *format, ...)
{
    va_list args;

    if (atomic_flag_test_and_set(&crowd->told))
        return;
    va_start(args, format);
    vsnprintf(crowd->words, sizeof(crowd->words), format, args);
    va_end(args);
}

static bool take_fields(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct reader *reader = arg;

    (void)err;
    for (size_t i = 0; i < count && i < FIELDS_MAX; i++)
        reader->fields[i] = cells[i].text ? strtoull(cells[i].text, NULL, 10) : UINT64_MAX;
    return true;
}

/* Asks for one row of numbers. Returns false without an answer, which is no wrong one; then a
 * server that is down is up again. */
static bool ask(struct reader *reader, const char *sql)
{
    struct crowd *crowd = reader->crowd;
    const int kills = atomic_load(&crowd->server_kills); /* one may begin after the answer */
    struct error err;

    memset(reader->fields, 0xFF, sizeof(reader->fields));
    if (clickhouse_query(&reader->dest.ch, "read", sql, NULL, 0, take_fields, reader, &err)) {
        reader->kills = kills;
        return true;
    }
    if (atomic_load(&crowd->server_kills) == reader->kills) {
        atomic_fetch_add(&crowd->unexpected, 1);
        crowd_tell(crowd, "%s", err.message);
    }
    atomic_fetch_add(&crowd->errors, 1);
    pthread_rwlock_rdlock(&crowd->server);
    pthread_rwlock_unlock(&crowd->server);
    return false;
}

/* --- questions: each returns whether the answer is a right one; *answered whether there is one -
 */

#define VERSION "toUInt64OrZero(substring(STATUS, 2))"

/* A reader that has seen a version never sees an older one. */
static bool is_version(struct reader *reader, uint64_t low, uint64_t high)
{
    const bool right = low == high && low >= reader->version;

    if (right)
        reader->version = low;
    return right;
}

static bool ask_sums(struct reader *reader, bool *answered)
{
    const uint64_t *f = reader->fields;

    *answered = ask(reader, "SELECT count(), uniqExact(_row_key), min(" VERSION "), max(" VERSION
                            "), sum(" VERSION ") FROM visits");
    return !*answered || (f[0] == CROWD_ROWS && f[1] == CROWD_ROWS && f[4] == CROWD_ROWS * f[2] &&
                          is_version(reader, f[2], f[3]));
}

static bool ask_keys(struct reader *reader, bool *answered)
{
    const uint64_t *f = reader->fields;
    const int updated = rand_r(&reader->seed) % CROWD_HALF;
    const int swapped = CROWD_HALF + rand_r(&reader->seed) % CROWD_HALF;

    MEM_FREE_TEXT char *sql =
        mem_format("SELECT countIf(`UC / MD` = 'u%d'), countIf(`UC / MD` = 'u%d'), min(" VERSION
                   "), max(" VERSION ") FROM visits WHERE `UC / MD` IN ('u%d', 'u%d')",
                   updated, swapped, updated, swapped);
    *answered = ask(reader, sql);
    return !*answered || (f[0] == 1 && f[1] == 1 && is_version(reader, f[2], f[3]));
}

/* Of the latest windows, and those that are committed meanwhile. */
static bool ask_changes(struct reader *reader, bool *answered)
{
    static const char ledger[] =
        "SELECT count(), min(id) FROM (SELECT id FROM etl_windows WHERE status = 'loaded'"
        " AND rows_read > 0 ORDER BY id DESC LIMIT %d)";
    MEM_FREE_TEXT char *latest = mem_format(ledger, LATEST);
    const uint64_t *f = reader->fields;

    *answered = ask(reader, latest);
    if (!*answered || !f[0])
        return true;
    const uint64_t windows = f[0];
    MEM_FREE_TEXT char *sql = mem_format(
        "SELECT count(), countIf(ids != u + i + d OR versions != 1 OR ((u, i, d) != (%d, 0, 0)"
        " AND (u, i, d) != (%d, %d, %d))) FROM (SELECT bitShiftRight(id, 24) AS tx,"
        " uniqExact(id) AS ids, countIf(op = 'update') AS u, countIf(op = 'insert') AS i,"
        " countIf(op = 'delete') AS d,"
        " uniqExactIf(extract(ifNull(after, ''), 'V[0-9]+'), op != 'delete') AS versions"
        " FROM etl_changes WHERE id >= bitShiftLeft(toUInt64(%" PRIu64 "), 24) GROUP BY tx)",
        CROWD_ROWS, CROWD_HALF, CROWD_HALF, CROWD_HALF, f[1]);
    *answered = ask(reader, sql);
    return !*answered || (f[0] >= windows && f[1] == 0);
}

/* What was said to be loaded is there; what is there was said to be loaded. */
static bool ask_ledger(struct reader *reader, bool *answered)
{
    static const char ledger[] = "SELECT max(rows_read) FROM etl_windows WHERE status = 'loaded'";
    const uint64_t *f = reader->fields;

    *answered = ask(reader, ledger);
    if (!*answered)
        return true;
    const uint64_t said = f[0];
    *answered = ask(reader, "SELECT count(), min(" VERSION "), max(" VERSION ") FROM visits");
    if (!*answered)
        return true;
    const uint64_t seen = f[1];
    if (f[0] != CROWD_ROWS || !is_version(reader, f[1], f[2]) || seen < said)
        return false;
    *answered = ask(reader, ledger);
    return !*answered || f[0] >= seen;
}

/* --- readers --------------------------------------------------------------------------------- */

static _Noreturn void read_without_pause(struct crowd *crowd, enum crowd_kind kind, int began)
{
    static bool (*const questions[CROWD_KINDS])(struct reader *, bool *) = {
        [CROWD_SUMS] = ask_sums,
        [CROWD_KEYS] = ask_keys,
        [CROWD_CHANGES] = ask_changes,
        [CROWD_LEDGER] = ask_ledger,
    };
    struct reader reader = {.crowd = crowd, .kind = kind, .seed = (unsigned)kind};
    struct error err;

    if (!click_open(&reader.dest, &err))
        _exit(2);
    for (bool first = true, answered; !atomic_load(&crowd->over); first = false) {
        const bool right = questions[kind](&reader, &answered);
        if (answered)
            atomic_fetch_add(&crowd->answers[kind], 1);
        if (!right) {
            const uint64_t *f = reader.fields;
            atomic_fetch_add(&crowd->wrong[kind], 1);
            crowd_tell(crowd,
                       "kind %d, after version %" PRIu64 ": %" PRIu64 " %" PRIu64 " %" PRIu64
                       " %" PRIu64 " %" PRIu64,
                       kind, reader.version, f[0], f[1], f[2], f[3], f[4]);
        }
        if (first && write(began, "x", 1) != 1)
            _exit(3);
    }
    _exit(0);
}

struct crowd *crowd_start(void)
{
    struct crowd *crowd =
        mmap(NULL, sizeof(*crowd), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_rwlockattr_t shared;
    const pid_t parent = getpid();
    int began[2];
    char byte;

    assert_ptr_not_equal(crowd, MAP_FAILED);
    pthread_rwlockattr_init(&shared);
    pthread_rwlockattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_rwlock_init(&crowd->server, &shared);
    pthread_rwlockattr_destroy(&shared);
    assert_int_equal(pipe(began), 0);
    for (int i = 0; i < CROWD_KINDS; i++) {
        const pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() == parent)
                read_without_pause(crowd, (enum crowd_kind)i, began[1]);
            _exit(1);
        }
        crowd->readers[i] = pid; /* not by the child: it shares this memory */
    }
    close(began[1]); /* so that a reader that failed is no wait without end */
    for (int i = 0; i < CROWD_KINDS; i++)
        assert_int_equal(read(began[0], &byte, 1), 1);
    close(began[0]);
    return crowd;
}

void crowd_stop(struct crowd *crowd)
{
    atomic_store(&crowd->over, true);
    for (int i = 0; i < CROWD_KINDS; i++) {
        int status;
        assert_int_equal(TEMP_FAILURE_RETRY(waitpid(crowd->readers[i], &status, 0)),
                         crowd->readers[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

void crowd_done(struct crowd *crowd)
{
    pthread_rwlock_destroy(&crowd->server);
    munmap(crowd, sizeof(*crowd));
}
