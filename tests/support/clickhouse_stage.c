/* SPDX-License-Identifier: MIT */
/* What there is of the ClickHouse destination, behind the functions of load/destination.h. */
#include "tests/support/clickhouse_stage.h"

#include "base/mem.h"
#include "base/stop.h"
#include "load/clickhouse/destination.h"
#include "load/clickhouse/schema.h"
#include "load/clickhouse/table.h"
#include "load/clickhouse/window.h"
#include "tests/support/clickhouse_server.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void click_succeeded(struct click *click, bool ok)
{
    if (!ok)
        fail_msg("%s", click->err.message);
}

bool click_open(struct clickhouse_destination *dest, struct error *err)
{
    MEM_FREE_TEXT char *url = clickhouse_server_cluster_url();
    struct clickhouse_address address;

    *dest = (struct clickhouse_destination){.base.ops = &clickhouse_destination};
    if (!clickhouse_address_read(url, &address, err))
        return false;
    clickhouse_init(&dest->ch, &address);
    return clickhouse_connect(dest, err) && clickhouse_schema_migrate(dest, err) &&
           clickhouse_make_table(dest, &fixture_report, err);
}

int click_start(void **state)
{
    struct click *click = mem_alloc(sizeof(*click));

    clickhouse_server_reset();
    work_init(&click->work);
    click->dest = &click->own.base;
    *state = click;
    if (click_open(&click->own, &click->err) && fixture_first_load(click->dest, &click->err))
        return 0;
    print_error("%s\n", click->err.message);
    return -1;
}

int click_end(void **state)
{
    struct click *click = *state;

    work_done(&click->work);
    clickhouse_rollback(click->dest);
    clickhouse_disconnect(&click->own);
    free(click);
    return 0;
}

void click_expect(const char *sql, const char *expected)
{
    MEM_FREE_TEXT char *found = clickhouse_server_query(0, sql);

    if (strcmp(found ? found : "NULL", expected) != 0)
        fail_msg("%s: %s instead of %s", sql, found ? found : "NULL", expected);
}

void click_apply(struct click *click)
{
    click_succeeded(click,
                    fixture_apply(click->dest, fixture_window(1, 9), &click->work, &click->err));
}

void click_commit(struct click *click)
{
    click_succeeded(click, fixture_commit(click->dest, fixture_window(1, 9), &click->err));
}

bool click_begin_tests(size_t servers)
{
    struct error err;

    if (!clickhouse_server_exists() || !stop_install(&err)) {
        print_message("clickhouse-server is not installed\n");
        return false;
    }
    setenv("TZ", "America/Sao_Paulo", 1);
    tzset();
    clickhouse_server_start(servers);
    return true;
}
