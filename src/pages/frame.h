/*
 * What is around every page: head, navigation, line of freshness, foot.
 */
#ifndef PAGES_FRAME_H
#define PAGES_FRAME_H

#include "base/buf.h"
#include "pages/request.h"

/* Everything before the content. The line of freshness is HTML, or NULL. */
void frame_begin(struct buf *out, const struct request *request, const char *title,
                 const char *freshness);
/* Everything behind it; `data` is the block of the charts, or NULL. */
void frame_end(struct buf *out, const struct request *request, const char *data);

/* The parts of frame_begin, for a single file: up to the assets, and from the body on. */
void frame_head(struct buf *out, const struct request *request, const char *title);
void frame_top(struct buf *out, const struct request *request, const char *freshness);

#endif
