/*
 * Secrets leave memory with their owner.
 */
#ifndef CONFIG_WIPE_H
#define CONFIG_WIPE_H

struct buf;

void wipe_text(char *text); /* overwrites and frees; accepts NULL */
void wipe_buf(struct buf *buf);

#define WIPE_BUF __attribute__((cleanup(wipe_buf)))

#endif
