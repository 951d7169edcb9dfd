/* SPDX-License-Identifier: MIT */
/* Log lines on standard error, written with one write each so that threads do not mix. */
#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 64 * 1024 };

static struct {
    enum log_level level;
    enum log_format format;
    void (*clear)(void *arg);
    void *clear_arg;
} sink = {.level = LOG_INFO};

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void log_setup(enum log_level level, enum log_format format)
{
    sink.level = level;
    sink.format = format;
}

bool log_level_from_name(const char *name, enum log_level *out)
{
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_on_line(void (*clear)(void *arg), void *arg)
{
    sink.clear = clear;
    sink.clear_arg = arg;
}

/* Text values are quoted only where a reader or a grep would stumble. */
static void add_text_value(struct buf *line, const char *text)
{
    if (*text && !strpbrk(text, " \t\r\n\"="))
        buf_add_text(line, text);
    else
        json_add_string(line, text, strlen(text));
}

static void format_text(struct buf *line, enum log_level level, const char *event,
                        const struct log_field *fields)
{
    char now[CLOCK_STAMP_SIZE];

    buf_addf(line, "%s %-5s %s", clock_format_local(clock_now(), now) + 11, level_names[level],
             event);
    for (; fields->key; fields++) {
        buf_addf(line, " %s=", fields->key);
        if (fields->text)
            add_text_value(line, fields->text);
        else
            buf_addf(line, "%" PRId64, fields->number);
    }
}

static void format_json(struct buf *line, enum log_level level, const char *event,
                        const struct log_field *fields)
{
    char now[CLOCK_STAMP_SIZE];

    buf_addf(line, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"",
             clock_format_zoned(clock_now(), now), level_names[level], event);
    for (; fields->key; fields++) {
        buf_addf(line, ",\"%s\":", fields->key);
        if (fields->text)
            json_add_string(line, fields->text, strlen(fields->text));
        else
            buf_addf(line, "%" PRId64, fields->number);
    }
    buf_add_char(line, '}');
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
    BUF_DONE struct buf line = BUF_INIT(LINE_MAX_BYTES);

    if (level < sink.level)
        return;
    if (sink.format == LOG_JSON)
        format_json(&line, level, event, fields);
    else
        format_text(&line, level, event, fields);
    buf_add_char(&line, '\n');
    if (sink.clear)
        sink.clear(sink.clear_arg);
    ssize_t ignored = write(STDERR_FILENO, line.data, line.len);
    (void)ignored; /* there is no better place to complain to */
}
