/*
 * Reads where the bronze archive is copied to: BRONZE_S3_* and AWS_*.
 */
#ifndef CONFIG_BUCKET_SETTINGS_H
#define CONFIG_BUCKET_SETTINGS_H

#include "base/error.h"
#include "config/env_file.h"
#include "model/settings.h"

#include <stdbool.h>

/* Reads all of it; nothing is read while BRONZE_S3_BUCKET is not set. *out is zeroed before, its
 * texts are copies, and it is the caller's also after a failure. ERROR_CONFIG says which variable
 * is wrong or missing, and never a secret. */
bool bucket_settings_read(const struct env_file *file, struct bucket_settings *out,
                          struct error *err);

/* Frees the texts and overwrites them first; accepts a zeroed one. */
void bucket_settings_done(struct bucket_settings *bucket);

#endif
