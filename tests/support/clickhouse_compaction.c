/* SPDX-License-Identifier: MIT */
/* Windows that leave dead rows, and compactions of them. */
#include "tests/support/clickhouse_compaction.h"

#include "base/mem.h"
#include "tests/support/clickhouse_server.h"

#include <stdlib.h>
#include <string.h>

void compaction_update(struct click *click, const char *status, uint64_t print)
{
    work_done(&click->work);
    work_init(&click->work);
    work_add(&click->work, ROW_UPDATE, (struct line){"100", status, 2, NULL, 1, print});
    work_add(&click->work, ROW_UPDATE, (struct line){"200", status, 3, NULL, 2, print + 1});
    click_apply(click);
    click_commit(click);
}

void compaction_expect(struct click *click, struct destination *dest, bool few_too,
                       enum compaction_outcome outcome)
{
    struct compaction found = {0};

    click_succeeded(click,
                    destination_compact(dest, &fixture_report, few_too, &found, &click->err));
    assert_int_equal(found.outcome, outcome);
}

void compaction_run(struct click *click)
{
    compaction_expect(click, click->dest, true, COMPACTION_DONE);
}

bool compaction_take_told(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)err;
    (void)count;
    buf_addf(arg, "%.*s\n", (int)cells[0].len, cells[0].text);
    return true;
}

void compaction_expect_repair(struct click *click, const char *words)
{
    BUF_DONE struct buf told = BUF_INIT(64 * 1024);

    click_succeeded(click, destination_repair(click->dest, &fixture_report, compaction_take_told,
                                              &told, &click->err));
    if (words ? !strstr(buf_text(&told), words) : told.len != 0)
        fail_msg("\"%s\" instead of \"%s\"", buf_text(&told), words ? words : "");
}

bool compaction_run_through(struct click *click, enum proxy_fault fault, const char *text)
{
    struct clickhouse_destination dest;
    struct compaction found;
    struct proxy proxy = proxy_start(clickhouse_server_port(0), fault, text, strlen(text));

    click_succeeded(click, click_open(&dest, &click->err));
    free(dest.ch.address.origin);
    dest.ch.address.origin = mem_format("http://127.0.0.1:%d", proxy.port);
    const bool ok = destination_compact(&dest.base, &fixture_report, true, &found, &click->err);
    clickhouse_disconnect(&dest);
    proxy_stop(&proxy);
    return ok;
}

void compaction_start_anew(void **state)
{
    void *again = *state;

    click_end(&again);
    assert_int_equal(click_start(&again), 0);
    *state = again;
}

void compaction_expect_rows(struct click *click, const char *rows)
{
    click_expect(click->own.ch.address.cluster ? "SELECT count() FROM visits_all"
                                               : "SELECT count() FROM visits_rows",
                 rows);
}

void compaction_expect_end(struct click *click)
{
    click_expect(CLICK_ROWS, COMPACTION_ROWS);
    click_expect("SELECT count() FROM visits", "3");
    click_expect("SELECT count() FROM etl_changes", "2");
    compaction_expect_rows(click, "3");
    click_expect(COMPACTION_DEATHS, "0");
    click_expect(COMPACTIONS_OPEN, "0");
    click_expect("SELECT count() FROM system.tables WHERE database = 'sigos'"
                 " AND name LIKE 'visits_dead%'",
                 "0");
    compaction_expect_repair(click, NULL);
}
