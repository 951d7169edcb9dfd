/* SPDX-License-Identifier: MIT */
/* Prints rows as aligned columns or as JSON, on standard output. */
#include "cli/table.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

enum { CELL_WIDTH_MAX = 60, LINE_MAX_BYTES = 1024 * 1024 };

struct cell table_text(const char *text)
{
    return (struct cell){.text = text, .len = text ? strlen(text) : 0};
}

void table_init(struct table *table, const char *const *columns, bool json)
{
    *table = (struct table){.columns = columns, .json = json};
}

void table_done(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct table){0};
}

static void print_json(const struct table *table, const struct cell *cells, size_t count)
{
    BUF_DONE struct buf line = BUF_INIT(LINE_MAX_BYTES);

    for (size_t i = 0; i < count; i++) {
        buf_addf(&line, "%s\"%s\":", i ? "," : "{", table->columns[i]);
        if (cells[i].text)
            json_add_string(&line, cells[i].text, cells[i].len);
        else
            buf_add_text(&line, "null");
    }
    buf_add_char(&line, '}');
    puts(buf_text(&line));
}

/* Returns a cell's text for the screen, which the caller frees: on one line, and cut to
 * CELL_WIDTH_MAX characters, so that the columns behind it stay on the screen. NULL for NULL. */
static char *shorten(struct cell cell)
{
    if (!cell.text)
        return NULL;
    char *text = mem_copy_n(cell.text, cell.len);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    uint8_t *end = (uint8_t *)text;
    for (int width = 0; *end && width < CELL_WIDTH_MAX; width++) {
        ucs4_t rune;
        end += u8_strmbtouc(&rune, end) > 0 ? u8_strmbtouc(&rune, end) : 1;
    }
    *end = '\0';
    return text;
}

bool table_add(void *arg, const struct cell *cells, size_t count, struct error *err)
{
    struct table *table = arg;

    (void)err;
    if (table->json) {
        print_json(table, cells, count);
        return true;
    }
    if (table->count + count > table->room) {
        table->room = (table->room + count) * 2;
        table->cells = mem_grow(table->cells, table->room, sizeof(*table->cells));
    }
    for (size_t i = 0; i < count; i++)
        table->cells[table->count++] = shorten(cells[i]);
    return true;
}

/* Returns the number of characters. */
static int width_of(const char *text)
{
    return text ? (int)u8_mbsnlen((const uint8_t *)text, strlen(text)) : 0;
}

static void print_cell(const char *text, int width, bool last)
{
    printf("%s%*s", text ? text : "", last ? 0 : width - width_of(text) + 2, "");
}

void table_print(const struct table *table, const char *empty)
{
    size_t columns = 0;
    int widths[64] = {0};

    if (table->json)
        return;
    if (!table->count) {
        puts(empty);
        return;
    }
    for (; columns < 64 && table->columns[columns]; columns++)
        widths[columns] = width_of(table->columns[columns]);
    assert(columns > 0);
    for (size_t i = 0; i < table->count; i++)
        if (width_of(table->cells[i]) > widths[i % columns])
            widths[i % columns] = width_of(table->cells[i]);
    for (size_t i = 0; i < columns; i++)
        print_cell(table->columns[i], widths[i], i + 1 == columns);
    for (size_t i = 0; i < table->count; i++) {
        if (i % columns == 0)
            putchar('\n');
        print_cell(table->cells[i], widths[i % columns], i % columns + 1 == columns);
    }
    putchar('\n');
}
