/* SPDX-License-Identifier: MIT */
/* Writes log lines to standard error, each with one write so that threads do not mix. */
#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"

enum { LINE_MAX_BYTES = 64 * 1024 };

static struct {
    enum log_level level;
    enum log_format format;
    pthread_mutex_t lock; /* protects what is on the terminal */
    bool live;            /* the line of log_live is on the terminal */
} sink = {.level = LOG_INFO, .lock = PTHREAD_MUTEX_INITIALIZER};

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

/* Adds a text value, in quotes only where it has characters that a reader or grep would misread. */
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

static void write_out(const char *text, size_t len)
{
    ssize_t ignored = write(STDERR_FILENO, text, len);
    (void)ignored; /* a failed log line cannot be reported anywhere */
}

static void clear_live(void)
{
    if (sink.live)
        write_out(CLEAR_LINE, sizeof(CLEAR_LINE) - 1);
    sink.live = false;
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
    pthread_mutex_lock(&sink.lock);
    clear_live();
    write_out(line.data, line.len);
    pthread_mutex_unlock(&sink.lock);
}

void log_live(const char *text)
{
    pthread_mutex_lock(&sink.lock);
    clear_live();
    sink.live = text != NULL;
    if (text)
        write_out(text, strlen(text));
    pthread_mutex_unlock(&sink.lock);
}
