/* SPDX-License-Identifier: MIT */
/* Writes cells behind their lengths. */
#include "model/encoded_row.h"

#include "base/mem.h"

#include <stdlib.h>

void encoded_row_init(struct encoded_row *row, size_t columns, size_t max)
{
    *row = (struct encoded_row){.bytes = BUF_INIT(max),
                                .offsets = mem_array(columns, sizeof(uint32_t)),
                                .columns = columns};
}

void encoded_row_done(struct encoded_row *row)
{
    buf_done(&row->bytes);
    free(row->offsets);
    *row = (struct encoded_row){0};
}

void encoded_row_clear(struct encoded_row *row)
{
    buf_reset(&row->bytes);
}

void encoded_row_add(struct encoded_row *row, size_t column, struct cell cell)
{
    char *to = encoded_row_open(row, cell.len);

    if (!to)
        return;
    if (cell.len)
        memcpy(to, cell.text, cell.len);
    encoded_row_end(row, column, cell.text ? (uint32_t)cell.len : ENCODED_NULL, cell.len);
}
