/* SPDX-License-Identifier: MIT */
/* Compares gold figures with a recount. */
#include "tests/support/field_figures.h"

#include "base/file.h"
#include "base/mem.h"
#include "load/destination_open.h"
#include "tests/support/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TEXT_MAX = 1024 * 1024 };

void field_open(struct field *h, const char *url, unsigned seed)
{
    struct error err;

    *h = (struct field){.seed = seed};
    assert_true(file_make_temp_dir("etl-layers", &h->folder, &err));
    h->url = url ? mem_format("%s", url) : mem_format("sqlite:%s/base.db", h->folder);
    assert_true(profile_load(NULL, &h->profile, &err));
    srand(seed);
}

void field_close(struct field *h)
{
    destination_close(h->look);
    profile_done(&h->profile);
    file_remove_tree(h->folder);
    mem_free_text(&h->folder);
    mem_free_text(&h->url);
}

static bool add_row(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    (void)err;
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(arg, '\t');
        /* SQLite rounds to a real: 12.0 is 12 */
        const size_t len =
            cells[i].len > 2 && memcmp(cells[i].text + cells[i].len - 2, ".0", 2) == 0
                ? cells[i].len - 2
                : cells[i].len;
        buf_add(arg, cells[i].text, len);
    }
    buf_add_char(arg, '\n');
    return true;
}

void field_query(struct field *h, const char *sql, struct buf *out)
{
    struct error err;

    if (!h->look)
        assert_true(destination_open(h->url, &h->look, &err));
    if (!destination_query(h->look, sql, add_row, out, &err))
        fail_msg("%s: %s", sql, err.message);
}

void field_expect(struct field *h, const char *sql, const char *expected)
{
    BUF_DONE struct buf got = BUF_INIT(TEXT_MAX);

    field_query(h, sql, &got);
    const char *a = buf_text(&got), *b = expected;
    while (*a && strcspn(a, "\n") == strcspn(b, "\n") && strncmp(a, b, strcspn(a, "\n") + 1) == 0) {
        a += strcspn(a, "\n") + 1;
        b += strcspn(b, "\n") + 1;
    }
    if (*a || *b)
        fail_msg("seed %u: %.300s\ngot:      %.*s\nexpected: %.*s", h->seed, sql,
                 (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

static void expect_model(struct field *h, const char *model, const char *columns,
                         void (*recount)(const struct world *, struct buf *))
{
    BUF_DONE struct buf expected = BUF_INIT(TEXT_MAX);
    MEM_FREE_TEXT char *sql =
        mem_format("SELECT %s FROM %s WHERE grupo IS NOT NULL ORDER BY 1, 2, 3, 4", columns, model);

    recount(&h->world, &expected);
    field_expect(h, sql, buf_text(&expected));
}

void field_expect_figures(struct field *h)
{
    expect_model(h, "ouro_mes", world_months_columns, world_months);
    expect_model(h, "ouro_produtividade", world_productivity_columns, world_productivity);
    expect_model(h, "ouro_distribuicao_mes", world_distributions_columns, world_distributions);
    expect_model(h, "ouro_ticket_mes", world_tickets_columns, world_tickets);
}

void field_write_file(const char *path, const struct buf *text)
{
    const struct timespec old[2] = {{.tv_sec = 1735700000}, {.tv_sec = 1735700000}};
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(buf_text(text), 1, text->len, file), text->len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
}
