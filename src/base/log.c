/* SPDX-License-Identifier: MIT */
/* Writes log lines to standard error, each with one write so that threads do not mix. */
#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log_file.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"

enum { LINE_MAX_BYTES = 64 * 1024, LIVE_SIZE = 1024, RUN_SIZE = 64 };

static struct {
    enum log_level level;
    enum log_format format, file_format;
    bool to_file;
    pthread_mutex_t lock; /* protects the members below, the terminal and the file */
    char live[LIVE_SIZE]; /* the line of log_live, which is on the terminal; "": none */
    char run[RUN_SIZE];   /* the id of the present run; "": none */
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

/* Returns what stands for all fields in the text format; NULL: nothing does. */
static const char *brief_of(const struct log_field *fields)
{
    for (; fields->key; fields++)
        if (fields->brief)
            return fields->text;
    return NULL;
}

enum { DATE_LENGTH = sizeof("2026-11-23 ") - 1 };

/* Both the date, on a terminal, and the level "info" are left out, so that the lines of a cycle fit
 * into a terminal. */
static void format_text(struct buf *line, bool dated, enum log_level level, const char *event,
                        const struct log_field *fields)
{
    char now[CLOCK_STAMP_SIZE];
    const char *brief = brief_of(fields);

    buf_addf(line, "%s ", clock_format_local(clock_now(), now) + (dated ? 0 : DATE_LENGTH));
    if (level != LOG_INFO)
        buf_addf(line, "%s ", level_names[level]);
    buf_add_text(line, event);
    if (brief) {
        buf_addf(line, " %s", brief);
        return;
    }
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
    if (*sink.run)
        buf_addf(line, ",\"run\":\"%s\"", sink.run);
    for (; fields->key; fields++) {
        if (fields->brief)
            continue;
        buf_addf(line, ",\"%s\":", fields->key);
        if (fields->text)
            json_add_string(line, fields->text, strlen(fields->text));
        else
            buf_addf(line, "%" PRId64, fields->number);
    }
    buf_add_char(line, '}');
}

static void write_out(const struct buf *text)
{
    ssize_t ignored = write(STDERR_FILENO, text->data, text->len);
    (void)ignored; /* a failed log line cannot be reported anywhere */
}

/* Writes a whole line. */
static void format_line(struct buf *line, enum log_format format, bool dated, enum log_level level,
                        const char *event, const struct log_field *fields)
{
    if (format == LOG_JSON)
        format_json(line, level, event, fields);
    else
        format_text(line, dated, level, event, fields);
    buf_add_char(line, '\n');
}

void log_set_level(enum log_level level)
{
    sink.level = level;
}

bool log_to_file(const char *path, enum log_format format, struct error *err)
{
    sink.to_file = path != NULL;
    sink.file_format = format;
    return log_file_open(path, err);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
    BUF_DONE struct buf line = BUF_INIT(LINE_MAX_BYTES), filed = BUF_INIT(LINE_MAX_BYTES);

    if (level < sink.level)
        return;
    pthread_mutex_lock(&sink.lock);
    if (*sink.live)
        buf_add_text(&line, CLEAR_LINE);
    format_line(&line, sink.format, false, level, event, fields);
    buf_add_text(&line, sink.live);
    write_out(&line);
    if (sink.to_file) {
        format_line(&filed, sink.file_format, true, level, event, fields);
        log_file_write(filed.data, filed.len);
    }
    pthread_mutex_unlock(&sink.lock);
}

void log_set_run(const char *id)
{
    pthread_mutex_lock(&sink.lock);
    snprintf(sink.run, sizeof(sink.run), "%s", id ? id : "");
    pthread_mutex_unlock(&sink.lock);
}

void log_live(const char *text)
{
    BUF_DONE struct buf shown = BUF_INIT(LINE_MAX_BYTES);

    pthread_mutex_lock(&sink.lock);
    if (strcmp(sink.live, text ? text : "") != 0) {
        if (*sink.live)
            buf_add_text(&shown, CLEAR_LINE);
        snprintf(sink.live, sizeof(sink.live), "%s", text ? text : "");
        buf_add_text(&shown, sink.live);
        write_out(&shown);
    }
    pthread_mutex_unlock(&sink.lock);
}
