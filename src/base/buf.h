/*
 * A growing byte buffer that is born with a maximum.
 *
 * Invariants: data is NULL or NUL-terminated at data[len]; len never exceeds max. What does not fit
 * is not added and `full` stays set until buf_reset, so that a writer may add many pieces and ask
 * once at the end: hostile input becomes an error of the caller's, never memory.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t len;
    size_t cap;
    size_t max;
    bool full; /* something did not fit */
};

#define BUF_INIT(limit) ((struct buf){.max = (limit)})

void buf_done(struct buf *buf); /* accepts a zeroed one; leaves it empty with the same max */
#define BUF_DONE __attribute__((cleanup(buf_done)))

void buf_reset(struct buf *buf);                /* empties it, keeps the memory */
bool buf_reserve(struct buf *buf, size_t more); /* room for `more` bytes, or full */
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_drop_front(struct buf *buf, size_t len); /* forgets the first len bytes */
const char *buf_text(const struct buf *buf);      /* never NULL */
char *buf_detach(struct buf *buf);                /* the text, owned by the caller; buf is empty */

#endif
