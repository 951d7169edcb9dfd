/* SPDX-License-Identifier: MIT */
/* Fills errors and extends their messages. */
#define BASE_ERROR_DEFINE
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Appends as much as fits. */
static void append(char *text, size_t size, const char *more)
{
    size_t len = strlen(text), add = strlen(more);

    if (add > size - len - 1)
        add = size - len - 1;
    memcpy(text + len, more, add);
    text[len + add] = '\0';
}

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    va_list args;

    *err = (struct error){.kind = kind};
    va_start(args, format);
    vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    return false;
}

bool error_set_errno(struct error *err, enum error_kind kind, const char *format, ...)
{
    const char *why = strerror(errno);
    va_list args;

    *err = (struct error){.kind = kind};
    va_start(args, format);
    vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    append(err->message, sizeof(err->message), ": ");
    append(err->message, sizeof(err->message), why);
    return false;
}

bool error_context(struct error *err, const char *format, ...)
{
    char text[sizeof(err->message)];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    append(text, sizeof(text), ": ");
    append(text, sizeof(text), err->message);
    memcpy(err->message, text, sizeof(text));
    return false;
}

bool error_append(struct error *err, const char *format, ...)
{
    char text[sizeof(err->message)];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    append(err->message, sizeof(err->message), text);
    return false;
}

bool error_mark_transient(struct error *err)
{
    err->transient = true;
    return false;
}

bool error_mark_divisible(struct error *err)
{
    err->divisible = true;
    return false;
}

const char *error_kind_name(enum error_kind kind)
{
    static const char *const names[] = {
        [ERROR_NONE] = "none",       [ERROR_CONFIG] = "config",     [ERROR_LOGIN] = "login",
        [ERROR_PORTAL] = "portal",   [ERROR_DATA] = "data",         [ERROR_HELD] = "held",
        [ERROR_LOCKED] = "locked",   [ERROR_DATABASE] = "database", [ERROR_SYSTEM] = "system",
        [ERROR_STOPPED] = "stopped",
    };
    return names[kind];
}
