/*
 * A ClickHouse destination for a test, whose parts are in reach: an empty database "sigos" with the
 * first load of tests/support/destination_fixture.h.
 */
#ifndef TESTS_SUPPORT_CLICKHOUSE_STAGE_H
#define TESTS_SUPPORT_CLICKHOUSE_STAGE_H

#include "load/clickhouse/connect.h"
#include "tests/support/destination_fixture.h"
#include "tests/support/unit.h"

struct click {
    struct clickhouse_destination own;
    struct destination *dest; /* of it */
    struct work work;
    struct error err;
};

int click_start(void **state);
int click_end(void **state);
#define CLICK_TEST(f) cmocka_unit_test_setup_teardown(f, click_start, click_end)

/* Connects and makes schema and table. */
bool click_open(struct clickhouse_destination *dest, struct error *err);

void click_succeeded(struct click *click, bool ok);
/* Compares the first field of a statement on a connection of its own; "NULL" for NULL. */
void click_expect(const char *sql, const char *expected);

/* Begin a window of days 1 to 9 and apply the work; commit it. */
void click_apply(struct click *click);
void click_commit(struct click *click);

/* "UC STATUS" of all rows, sorted, with semicolons between. */
#define CLICK_ROWS                                                                                 \
    "SELECT arrayStringConcat(arraySort(groupArray(concat(`UC / MD`, ' ', STATUS))), ';')"         \
    " FROM visits"
#define CLICK_FIRST_ROWS "100 OPEN;200 OPEN;300 OPEN"

/* Starts the servers (two are shards) and the time zone of the program; false, with a message, if
 * it cannot. */
bool click_begin_tests(size_t servers);

#endif
