/* SPDX-License-Identifier: MIT */
/* Computes and compares the hashes of files. */
#include "extract/replay/file_digest.h"

#include "base/file.h"

#include <string.h>
#include <xxhash.h>

static void hash(const char *bytes, size_t len, uint64_t out[2])
{
    XXH128_hash_t made = XXH3_128bits(bytes, len);

    out[0] = made.low64;
    out[1] = made.high64;
}

static bool is_equal(const uint64_t one[2], const uint64_t other[2])
{
    return one[0] == other[0] && one[1] == other[1];
}

static void add_line(struct file_digest *digest, const char *line, size_t len)
{
    uint64_t made[2];

    while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--; /* the last line may lack its break, and may stand elsewhere in the other file */
    hash(line, len, made);
    if (digest->count++ == 0) {
        memcpy(digest->first, made, sizeof(made));
        return;
    }
    digest->lines[0] += made[0];
    digest->lines[1] += made[1];
}

bool file_digest_of(const char *path, struct file_digest *out, struct error *err)
{
    struct file_map map;
    struct file_digest made = {0};

    if (!file_map_open(path, &map, err))
        return false;
    hash(map.data, map.size, made.bytes);
    made.size = map.size;
    for (size_t at = 0; at < map.size;) {
        const char *end = memchr(map.data + at, '\n', map.size - at);
        size_t next = end ? (size_t)(end - map.data) + 1 : map.size;
        add_line(&made, map.data + at, next - at);
        at = next;
    }
    file_map_close(&map);
    *out = made;
    return true;
}

enum file_digest_match file_digest_compare(const struct file_digest *one,
                                           const struct file_digest *other)
{
    if (one->size == other->size && is_equal(one->bytes, other->bytes))
        return FILE_DIGEST_BYTES;
    if (one->count == other->count && is_equal(one->first, other->first) &&
        is_equal(one->lines, other->lines))
        return FILE_DIGEST_LINES;
    return FILE_DIGEST_NONE;
}
