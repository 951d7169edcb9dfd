/* SPDX-License-Identifier: MIT */
/* Changes the text of a CSV. */
#include "simulator/spoil_text.h"

#include "simulator/cp1252.h"
#include "simulator/csv.h"
#include "simulator/pack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

enum { BLOCK = 512, CTRL_Z = 0x1A };

/* Whether a record is sent in UTF-8. Record 0 is the header with the lines above it. */
static bool becomes_utf8(const char *how, size_t record)
{
    if (strcmp(how, "header") == 0)
        return record > 0;
    if (strcmp(how, "bom") == 0)
        return record == 0;
    return record % 2 == 1;
}

void spoil_mix(struct buf *file, const char *how)
{
    struct buf mixed = BUF_INIT(file->max);
    size_t from = 0, header = csv_header(file), record = 0;

    if (strcmp(how, "bom") == 0)
        buf_add_text(&mixed, "\xEF\xBB\xBF");
    while (from < file->len) {
        size_t end = csv_record_end(file, from);
        if (becomes_utf8(how, record))
            cp1252_read(&mixed, file->data + from, end - from);
        else
            buf_add(&mixed, file->data + from, end - from);
        record += from >= header;
        from = end;
    }
    mixed.full |= file->full;
    buf_done(file);
    *file = mixed;
}

void spoil_last_words(struct buf *file, size_t len, const char *who)
{
    static const char *const words[][2] = {
        {"php",
         "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000]: General error: 2006 MySQL "
         "server has gone away in /var/www/html/sigos/relatorios.php:412\nStack trace:\n"
         "#0 /var/www/html/sigos/relatorios.php(412): PDOStatement->fetch()\n#1 {main}\n"
         "  thrown in /var/www/html/sigos/relatorios.php on line 412\n"},
        {"sql", "SQLSTATE[HY000]: General error: 1205 Lock wait timeout exceeded; try restarting "
                "transaction\n"},
        {"json", "{\"error\":\"Tempo limite excedido\",\"code\":500}\n"},
    };

    csv_shorten(file, len);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i][0], who) == 0)
            buf_add_text(file, words[i][1]);
}

/* Returns the number of records below the header. */
static size_t count_rows(const struct buf *file)
{
    size_t count = 0, from = csv_record_end(file, csv_header(file));

    for (; from < file->len; from = csv_record_end(file, from))
        count++;
    return count;
}

static void end_line(struct buf *file)
{
    if (file->len && file->data[file->len - 1] != '\n')
        buf_add_text(file, "\r\n");
}

void spoil_footer(struct buf *file)
{
    size_t rows = count_rows(file), last = 0;

    if (file->len == 0)
        return;
    for (size_t next; (next = csv_record_end(file, last)) < file->len;)
        last = next;
    if (!memchr(file->data + last, ';', file->len - last)) { /* there is a footer already */
        while (file->len > last && strchr("\r\n", file->data[file->len - 1]))
            file->len--;
        return;
    }
    end_line(file);
    buf_addf(file, "Total de registros: %zu", rows);
}

void spoil_totals(struct buf *file)
{
    size_t from = csv_header(file), end = csv_record_end(file, from), rows = count_rows(file);

    end_line(file);
    buf_addf(file, "TOTAL;%zu", rows);
    for (size_t i = from, seen = 0; i < end; i++)
        if (file->data[i] == ';' && seen++ > 0)
            buf_add_char(file, ';');
    buf_add_text(file, "\r\n");
}

void spoil_ctrl_z(struct buf *file)
{
    buf_add_char(file, CTRL_Z);
}

void spoil_pad(struct buf *file, size_t count)
{
    if (count == 0)
        count = BLOCK - file->len % BLOCK;
    while (count-- > 0 && !file->full)
        buf_add_char(file, '\0');
}

static void add_utf16(const struct buf *file, struct buf *out)
{
    struct buf utf8 = BUF_INIT(out->max);
    size_t units = 0;

    cp1252_read(&utf8, file->data, file->len);
    uint16_t *made = u8_to_u16((const uint8_t *)buf_text(&utf8), utf8.len, NULL, &units);
    buf_add(out, "\xFF\xFE", 2);
    for (size_t i = 0; made && i < units; i++) {
        buf_add_char(out, (char)(made[i] & 0xFF));
        buf_add_char(out, (char)(made[i] >> 8));
    }
    free(made);
    buf_done(&utf8);
}

void spoil_pack(struct buf *file, const char *how)
{
    struct buf packed = BUF_INIT(file->max);
    const struct packed_file member = {.name = "relat\xA2rio.csv",
                                       .data = buf_text(file),
                                       .len = file->len,
                                       .method = PACK_DEFLATED};

    if (strcmp(how, "zip") == 0)
        pack_zip(&member, 1, &packed);
    else if (strcmp(how, "utf-16") == 0)
        add_utf16(file, &packed);
    else
        pack_gzip(buf_text(file), file->len, &packed);
    packed.full |= file->full;
    buf_done(file);
    *file = packed;
}
