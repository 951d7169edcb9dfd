/*
 * Pages that were made, kept in memory: for those who ask for the same page of the same data, and
 * for the time in which the database is away. Several threads may use one.
 */
#ifndef SERVE_CACHE_H
#define SERVE_CACHE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { CACHE_PAGES_MAX = 64, CACHE_BYTES_MAX = 32 * 1024 * 1024, CACHE_ETAG_SIZE = 160 };

/* A page: what it was asked for by, and what it is. */
struct page {
    char etag[CACHE_ETAG_SIZE];
    char last_modified[40];
    const char *type; /* static */
    time_t made_at;
    struct buf body;
};

struct cache;

/* Keeps at most so many pages, of so many bytes together. */
struct cache *cache_new(size_t pages_max, size_t bytes_max);
void cache_free(struct cache *cache); /* accepts NULL */

/* Keeps a copy of the page under its key in the place of an earlier one. Pages that nobody asked
 * for the longest time give way; a page larger than everything is not kept. */
void cache_keep(struct cache *cache, const char *key, const struct page *page);

/* Appends a copy of the page to out->body, which the caller has initialised, and fills the rest of
 * *out; false if there is none of that key. With an etag: only one that was kept with it. */
bool cache_find(struct cache *cache, const char *key, const char *etag, struct page *out);

#endif
