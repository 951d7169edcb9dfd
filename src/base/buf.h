/*
 * A growing byte buffer with a maximum.
 *
 * Invariants: data is NULL or NUL-terminated at data[len]; len never exceeds max. Bytes that do not
 * fit are not added, and `full` stays set until buf_reset. So a writer may add many pieces and
 * check `full` once at the end, and input that is too large becomes an error of the caller instead
 * of using up the memory.
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

void buf_done(struct buf *buf); /* frees the bytes; leaves it empty with the same max */
#define BUF_DONE __attribute__((cleanup(buf_done)))

void buf_reset(struct buf *buf);                /* empties it and clears `full`, keeps the memory */
bool buf_reserve(struct buf *buf, size_t more); /* makes room for `more` bytes; false sets `full` */
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_drop_front(struct buf *buf, size_t len); /* drops the first len bytes */
const char *buf_text(const struct buf *buf);      /* NUL-terminated, never NULL */
/* the text, owned by the caller; the buffer is empty then */
char *buf_detach(struct buf *buf);

#endif
