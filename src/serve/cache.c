/* SPDX-License-Identifier: MIT */
/* Keeps pages in an array: there are so few that a search through all is cheap. */
#include "serve/cache.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *key; /* NULL: a free place */
    struct page page;
    uint64_t used; /* the number of its last use */
};

struct cache {
    pthread_mutex_t lock;
    struct entry *entries;
    size_t entry_count, bytes, bytes_max;
    uint64_t uses;
};

struct cache *cache_new(size_t pages_max, size_t bytes_max)
{
    struct cache *cache = mem_alloc(sizeof(*cache));

    pthread_mutex_init(&cache->lock, NULL);
    cache->entries = mem_array(pages_max, sizeof(*cache->entries));
    cache->entry_count = pages_max;
    cache->bytes_max = bytes_max;
    return cache;
}

static void drop(struct cache *cache, struct entry *entry)
{
    cache->bytes -= entry->page.body.len;
    free(entry->key);
    buf_done(&entry->page.body);
    *entry = (struct entry){0};
}

void cache_free(struct cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < cache->entry_count; i++)
        drop(cache, &cache->entries[i]);
    free(cache->entries);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static struct entry *find(struct cache *cache, const char *key)
{
    for (size_t i = 0; i < cache->entry_count; i++)
        if (cache->entries[i].key && strcmp(cache->entries[i].key, key) == 0)
            return &cache->entries[i];
    return NULL;
}

/* Returns a free place, or the one that was not used for the longest time. */
static struct entry *oldest(struct cache *cache)
{
    struct entry *found = &cache->entries[0];

    for (size_t i = 1; i < cache->entry_count; i++)
        if (cache->entries[i].used < found->used)
            found = &cache->entries[i];
    return found;
}

/* Returns the page that was not used for the longest time; NULL if there is none. */
static struct entry *oldest_page(struct cache *cache)
{
    struct entry *found = NULL;

    for (size_t i = 0; i < cache->entry_count; i++)
        if (cache->entries[i].key && (!found || cache->entries[i].used < found->used))
            found = &cache->entries[i];
    return found;
}

void cache_keep(struct cache *cache, const char *key, const struct page *page)
{
    if (page->body.len > cache->bytes_max)
        return;
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = find(cache, key);
    if (entry)
        drop(cache, entry);
    while (cache->bytes + page->body.len > cache->bytes_max)
        drop(cache, oldest_page(cache));
    entry = oldest(cache);
    if (entry->key)
        drop(cache, entry);
    entry->key = mem_copy(key);
    entry->page = *page;
    entry->page.body = BUF_INIT(cache->bytes_max);
    buf_add(&entry->page.body, page->body.data, page->body.len);
    entry->used = ++cache->uses;
    cache->bytes += page->body.len;
    pthread_mutex_unlock(&cache->lock);
}

bool cache_find(struct cache *cache, const char *key, const char *etag, struct page *out)
{
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = find(cache, key);
    const bool found = entry && (!etag || strcmp(entry->page.etag, etag) == 0);
    if (found) {
        struct buf body = out->body;
        *out = entry->page;
        out->body = body;
        buf_add(&out->body, entry->page.body.data, entry->page.body.len);
        entry->used = ++cache->uses;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}
