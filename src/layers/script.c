/* SPDX-License-Identifier: MIT */
/* Runs a script of sql/layers/load/ with its values put in. */
#include "layers/script.h"

#include "load/sql_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 64 * 1024 };

static size_t name_length(const char *text)
{
    size_t len = 0;

    while (isalpha((unsigned char)text[len]))
        len++;
    return len;
}

static const char *find_value(const struct script_value *values, const char *name, size_t len)
{
    for (; values && values->name; values++)
        if (strlen(values->name) == len && strncmp(values->name, name, len) == 0)
            return values->text;
    abort();
}

/* A colon within a line's comment names a value too, but nothing is put there. */
static void add_script(struct buf *sql, const char *script, const struct script_value *values)
{
    bool comment = false;

    for (const char *c = script; *c; c++) {
        comment = (comment || strncmp(c, "--", 2) == 0) && *c != '\n';
        const size_t len = *c == ':' && !comment ? name_length(c + 1) : 0;
        if (len == 0) {
            buf_add_char(sql, *c);
            continue;
        }
        sql_add_literal(sql, find_value(values, c + 1, len));
        c += len;
    }
}

bool layer_script_run(struct destination *dest, const char *purpose, const char *script,
                      const struct script_value *values, struct error *err)
{
    BUF_DONE struct buf sql = BUF_INIT(SQL_MAX);

    add_script(&sql, script, values);
    if (sql.full)
        return error_set(err, ERROR_DATABASE, "%s: the script is too long", purpose);
    return destination_execute(dest, purpose, buf_text(&sql), err);
}
