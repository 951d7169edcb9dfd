/* SPDX-License-Identifier: MIT */
/* Finds a secret in each form in which a page may write it, and overwrites memory. */
#include "base/secret.h"

#include "base/buf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_DIGITS = 2 };

static bool holds(const char *text, size_t len, const char *secret)
{
    return len && memmem(text, len, secret, strlen(secret)) != NULL;
}

/* Returns the character of the HTML reference at `text`; 0 if it is not one of those that are
 * known. Page scripts and the browser write no others for characters that a password may have. */
static char reference(const char *text, size_t len, size_t *size)
{
    static const struct {
        const char *name;
        char character;
    } known[] = {{"&amp;", '&'},  {"&lt;", '<'},   {"&gt;", '>'},
                 {"&quot;", '"'}, {"&#39;", '\''}, {"&#34;", '"'}};

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        *size = strlen(known[i].name);
        if (*size <= len && memcmp(text, known[i].name, *size) == 0)
            return known[i].character;
    }
    return 0;
}

static void decode_references(const char *text, size_t len, struct buf *out)
{
    for (size_t i = 0; i < len;) {
        size_t size = 0;
        char c = text[i] == '&' ? reference(text + i, len - i, &size) : 0;
        buf_add_char(out, c ? c : text[i]);
        i += c ? size : 1;
    }
}

static void decode_address(const char *text, size_t len, struct buf *out)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '%' && i + NUMBER_DIGITS < len && isxdigit((unsigned char)text[i + 1]) &&
            isxdigit((unsigned char)text[i + 2])) {
            const char digits[] = {text[i + 1], text[i + 2], '\0'};
            buf_add_char(out, (char)strtoul(digits, NULL, 16));
            i += NUMBER_DIGITS;
        } else {
            buf_add_char(out, text[i] == '+' ? ' ' : text[i]);
        }
    }
}

bool secret_shows(const char *text, size_t len, const char *secret)
{
    BUF_DONE struct buf plain = BUF_INIT(len), address = BUF_INIT(len);

    if (!*secret)
        return false;
    decode_references(text, len, &plain);
    decode_address(buf_text(&plain), plain.len, &address);
    return holds(text, len, secret) || holds(buf_text(&plain), plain.len, secret) ||
           holds(buf_text(&address), address.len, secret);
}

void secret_free(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void secret_buf_done(struct buf *buf)
{
    if (buf->data)
        explicit_bzero(buf->data, buf->cap);
    buf_done(buf);
}
