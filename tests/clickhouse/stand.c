/* SPDX-License-Identifier: MIT */
/* ClickHouse for the end-to-end tests: `clickhouse_stand [COUNT]` starts servers with the empty
 * database "sigos", prints an address for each, and ends them when its standard input ends. */
#include "tests/support/clickhouse_server.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const size_t count = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 1;
    char byte;

    if (!clickhouse_server_exists() || count < 1 || count > CLICKHOUSE_SERVERS_MAX)
        return 1;
    clickhouse_server_start(count);
    clickhouse_server_reset();
    for (size_t i = 0; i < count; i++) {
        MEM_FREE_TEXT char *url = clickhouse_server_url(i, "sigos", "");
        puts(url);
    }
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    clickhouse_server_stop();
    return 0;
}
