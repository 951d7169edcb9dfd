/*
 * The addresses of objects (pure).
 */
#ifndef S3_ADDRESS_H
#define S3_ADDRESS_H

#include "model/settings.h"

/* Returns the key of a path of the archive: the prefix and the path. The caller frees it. */
char *s3_key(const struct bucket_settings *bucket, const char *path);

/* Returns the origin of the bucket's addresses, for the caller to free: the endpoint; of AWS
 * BUCKET.s3.REGION.amazonaws.com, where the name is part of the host, unless it has a dot, because
 * AWS's certificate is for one label. */
char *s3_origin(const struct bucket_settings *bucket);

/* Returns the address of a key, or of the bucket itself if it is NULL; the caller frees it. All but
 * unreserved characters and slashes are percent-encoded, as they are signed. */
char *s3_address(const struct bucket_settings *bucket, const char *key);

/* Returns s3://BUCKET/KEY, as people know objects; the caller frees it. */
char *s3_name(const struct bucket_settings *bucket, const char *key);

#endif
