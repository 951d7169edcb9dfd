/* SPDX-License-Identifier: MIT */
/* Looks up variables, and reads the files of secrets. */
#include "config/variables.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

static const char *unless_empty(const char *value)
{
    return value && *value ? value : NULL;
}

static const char *from_environment(const struct env_file *file, const char *name)
{
    (void)file;
    return unless_empty(getenv(name));
}

static const char *from_file(const struct env_file *file, const char *name)
{
    return unless_empty(env_file_get(file, name));
}

const char *variables_get(const struct env_file *file, const char *name)
{
    const char *value = from_environment(file, name);

    return value ? value : from_file(file, name);
}

static bool copy_secret(const struct buf *text, const char *path, char **out, struct error *err)
{
    const char *data = buf_text(text);
    size_t len = text->len;

    if (len > SECRET_MAX)
        return error_set(err, ERROR_CONFIG, "%s is larger than %d bytes", path, SECRET_MAX);
    if (len > 0 && data[len - 1] == '\n')
        len--;
    if (len > 0 && data[len - 1] == '\r')
        len--;
    if (len == 0)
        return error_set(err, ERROR_CONFIG, "%s is empty", path);
    if (memchr(data, '\0', len))
        return error_set(err, ERROR_CONFIG, "%s holds a NUL", path);
    *out = mem_copy_n(data, len);
    return true;
}

static bool read_secret(const char *name, const char *path, char **out, struct error *err)
{
    SECRET_BUF struct buf text = BUF_INIT(SECRET_MAX + 1); /* one byte more than is allowed */

    if (file_read_into(path, &text, err) && copy_secret(&text, path, out, err))
        return true;
    err->kind = ERROR_CONFIG;
    return error_context(err, "%s", name);
}

bool variables_get_secret(const struct env_file *file, const char *name, char **out,
                          struct error *err)
{
    static const char *(*const places[])(const struct env_file *, const char *) = {from_environment,
                                                                                   from_file};
    MEM_FREE_TEXT char *file_name = mem_format("%s_FILE", name);

    *out = NULL;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        const char *value = places[i](file, name), *path = places[i](file, file_name);
        if (value && path)
            return error_set(err, ERROR_CONFIG, "%s and %s are both set: one of them is too many",
                             name, file_name);
        if (path)
            return read_secret(file_name, path, out, err);
        if (value) {
            *out = mem_copy(value);
            return true;
        }
    }
    return true;
}
