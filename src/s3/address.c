/* SPDX-License-Identifier: MIT */
/* Makes the addresses of objects. */
#include "s3/address.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/url.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_MAX = 8 * 1024 }; /* a key has 1024 bytes at most */

char *s3_key(const struct bucket_settings *bucket, const char *path)
{
    return bucket->prefix ? mem_format("%s/%s", bucket->prefix, path) : mem_copy(path);
}

static bool has_own_host(const struct bucket_settings *bucket)
{
    return !bucket->endpoint && !strchr(bucket->name, '.');
}

char *s3_origin(const struct bucket_settings *bucket)
{
    if (bucket->endpoint)
        return mem_copy(bucket->endpoint);
    if (has_own_host(bucket))
        return mem_format("https://%s.s3.%s.amazonaws.com", bucket->name, bucket->region);
    return mem_format("https://s3.%s.amazonaws.com", bucket->region);
}

char *s3_address(const struct bucket_settings *bucket, const char *key)
{
    MEM_FREE_TEXT char *origin = s3_origin(bucket), *rest = mem_copy(key ? key : "");
    struct buf address = BUF_INIT(ADDRESS_MAX);

    buf_addf(&address, "%s/", origin);
    if (!has_own_host(bucket))
        buf_addf(&address, "%s%s", bucket->name, key ? "/" : "");
    for (char *part = rest; part;) {
        char *slash = strchr(part, '/');
        if (slash)
            *slash = '\0';
        url_add_encoded(&address, part);
        if (slash)
            buf_add_char(&address, '/');
        part = slash ? slash + 1 : NULL;
    }
    return buf_detach(&address);
}

char *s3_name(const struct bucket_settings *bucket, const char *key)
{
    return mem_format("s3://%s/%s", bucket->name, key);
}
