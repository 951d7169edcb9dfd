/*
 * The files that an extractor delivers for one window, and when they were exported.
 */
#ifndef MODEL_EXPORT_H
#define MODEL_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct export
{
    char **paths; /* owned; in the order in which they were exported: later rows win */
    size_t count;
    time_t extracted_at;
    bool by_hand; /* the files are a person's and may change while they are read */
};

void export_done(struct export *export); /* frees the paths, not the files; accepts a zeroed one */
void export_add(struct export *export, const char *path);

#endif
