/* SPDX-License-Identifier: MIT */
/* Overwriting secrets before their memory is used for something else. */
#include "config/wipe.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

void wipe_text(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void wipe_buf(struct buf *buf)
{
    if (buf->data)
        explicit_bzero(buf->data, buf->cap);
    buf_done(buf);
}
