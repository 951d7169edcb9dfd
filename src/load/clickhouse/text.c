/* SPDX-License-Identifier: MIT */
/* Quotes and unquotes. */
#include "load/clickhouse/text.h"

#include "load/sql_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { UUID_LEN = 36 };

void clickhouse_add_name(struct buf *sql, const char *name)
{
    sql_add_name_for(DIALECT_CLICKHOUSE, sql, name);
}

void clickhouse_add_literal(struct buf *sql, const char *text)
{
    sql_add_literal_for(DIALECT_CLICKHOUSE, sql, text);
}

/* Returns the end of the text or name in quotes that begins here. */
static const char *end_of_quoted(const char *from)
{
    const char *c = from + 1;

    while (*c && *c != *from)
        c += *c == '\\' && c[1] ? 2 : 1;
    return *c ? c + 1 : c;
}

void clickhouse_bind(struct buf *out, const char *sql, const char *const *values, size_t count)
{
    while (*sql) {
        if (strchr("'\"`", *sql)) {
            const char *end = end_of_quoted(sql);
            buf_add(out, sql, (size_t)(end - sql));
            sql = end;
        } else if (*sql == '$' && isdigit((unsigned char)sql[1])) {
            char *end;
            const unsigned long number = strtoul(sql + 1, &end, 10);
            if (number < 1 || number > count)
                abort();
            if (values[number - 1])
                clickhouse_add_literal(out, values[number - 1]);
            else
                buf_add_text(out, "NULL");
            sql = end;
        } else {
            buf_add_char(out, *sql++);
        }
    }
}

/* What stands behind the backslash for a character, or 0 if it stands for itself. */
static char escape_of(char c)
{
    switch (c) {
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\0':
        return '0';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

static bool needs_escape(char c)
{
    return escape_of(c) != 0;
}

void clickhouse_add_field(struct buf *row, struct cell cell)
{
    size_t from = 0;

    if (!cell.text) {
        buf_add_text(row, "\\N");
        return;
    }
    for (size_t i = 0; i < cell.len; i++) {
        if (!needs_escape(cell.text[i]))
            continue;
        buf_add(row, cell.text + from, i - from);
        buf_add_char(row, '\\');
        buf_add_char(row, escape_of(cell.text[i]));
        from = i + 1;
    }
    buf_add(row, cell.text + from, cell.len - from);
}

void clickhouse_add_element(struct buf *row, bool first, struct cell cell)
{
    if (!first)
        buf_add_char(row, ',');
    if (!cell.text) {
        buf_add_text(row, "NULL");
        return;
    }
    buf_add_char(row, '\'');
    for (size_t from = 0, to; from < cell.len; from = to + 1) {
        for (to = from; to < cell.len && cell.text[to] != '\''; to++)
            ;
        clickhouse_add_field(row, (struct cell){cell.text + from, to - from});
        if (to < cell.len)
            buf_add_text(row, "\\'");
    }
    buf_add_char(row, '\'');
}

void clickhouse_add_cell(struct buf *row, struct cell cell)
{
    clickhouse_add_field(row, cell);
    buf_add_char(row, '\t');
}

void clickhouse_add_text(struct buf *row, const char *text)
{
    clickhouse_add_cell(row, (struct cell){text, strlen(text)});
}

static bool read_digits(const char *text, int from, int to, uint64_t *out)
{
    for (int i = from; i < to; i++) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (c == '-')
            continue;
        if (digit < 0)
            return false;
        *out = *out << 4 | (uint64_t)digit;
    }
    return true;
}

bool clickhouse_read_hash(struct cell cell, struct hash128 *out)
{
    *out = (struct hash128){0};
    return cell.text && cell.len == UUID_LEN && read_digits(cell.text, 0, 18, &out->high) &&
           read_digits(cell.text, 18, UUID_LEN, &out->low);
}

void clickhouse_add_hash(struct buf *row, struct hash128 hash)
{
    buf_addf(row, "%08" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
             hash.high >> 32, hash.high >> 16 & 0xffff, hash.high & 0xffff, hash.low >> 48,
             hash.low & 0xffffffffffff);
}

static char unescaped(char c)
{
    switch (c) {
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case '0':
        return '\0';
    default:
        return c; /* a backslash, a quote */
    }
}

/* Decodes a field in its place. */
static struct cell decode(char *field, size_t len)
{
    size_t to = 0;

    if (len == 2 && memcmp(field, "\\N", 2) == 0)
        return (struct cell){0};
    for (size_t i = 0; i < len; i++)
        field[to++] = field[i] == '\\' && i + 1 < len ? unescaped(field[++i]) : field[i];
    return (struct cell){field, to};
}

size_t clickhouse_split(char *line, size_t len, struct cell *cells, size_t room)
{
    char *const end = line + len;
    size_t count = 0;

    for (;;) {
        char *tab = memchr(line, '\t', (size_t)(end - line));
        char *stop = tab ? tab : end;
        if (count < room) {
            cells[count] = decode(line, (size_t)(stop - line));
            if (cells[count].text)
                line[cells[count].len] = '\0';
        }
        count++;
        if (!tab)
            return count;
        line = tab + 1;
    }
}

void clickhouse_add_on_cluster(struct buf *sql, struct clickhouse_site site)
{
    if (!site.has_keeper)
        return;
    buf_add_text(sql, " ON CLUSTER ");
    clickhouse_add_name(sql, site.cluster);
}
