/*
 * Objects of one bucket of S3, or of what speaks it: put, get, list. Requests are signed by
 * libcurl, TLS is verified, and the proxy variables of the environment are heeded, as curl does.
 *
 * Keys are whole: with the prefix (s3/address.h). A failure is ERROR_SYSTEM, and transient if the
 * same call may succeed a little later; its message names the object and what S3 said, and no
 * secret. Each call has a deadline and ends soon after a signal to stop.
 */
#ifndef S3_S3_H
#define S3_S3_H

#include "base/buf.h"
#include "base/error.h"
#include "model/settings.h"
#include "s3/answer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct s3;

/* `settings` are borrowed until close. Nothing is sent yet. */
struct s3 *s3_new(const struct bucket_settings *settings);
void s3_free(struct s3 *s3); /* accepts NULL */

/* Puts a file, or bytes, with their SHA-256, which S3 compares before it keeps the object. */
bool s3_put_file(struct s3 *s3, const char *key, const char *path, struct error *err);
bool s3_put_bytes(struct s3 *s3, const char *key, const char *bytes, size_t len, struct error *err);

/* Whether there is an object of that size. */
bool s3_has(struct s3 *s3, const char *key, uint64_t size, bool *has, struct error *err);

/* Adds the object to `out`, or writes it into the new file `to`, of which nothing is left after a
 * failure. One that is missing, or larger than the buffer's limit or `max`, is ERROR_DATA. */
bool s3_get_bytes(struct s3 *s3, const char *key, struct buf *out, struct error *err);
bool s3_get_file(struct s3 *s3, const char *key, const char *to, uint64_t max, struct error *err);

/* Calls `each` for every key that begins with `prefix`, in S3's order. */
bool s3_list(struct s3 *s3, const char *prefix, s3_each_key *each, void *arg, struct error *err);

#endif
