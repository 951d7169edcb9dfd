/*
 * Log lines: one event and its fields, as text on a terminal and as one JSON object a line
 * otherwise.
 *
 *     log_info("window.loaded", log_text("report", name), log_int("inserted", n));
 *
 * run/ and cli/ log results and failures, once; extract/ may say which step it is on; the rest is
 * silent or at debug. Secrets never enter: credentials live in struct settings and no log call
 * takes it.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_TEXT, LOG_JSON };

struct log_field {
    const char *key;  /* NULL ends a list */
    const char *text; /* NULL: the number counts */
    int64_t number;
};

static inline struct log_field log_text(const char *key, const char *text)
{
    return (struct log_field){.key = key, .text = text ? text : ""};
}

static inline struct log_field log_int(const char *key, int64_t number)
{
    return (struct log_field){.key = key, .number = number};
}

/* Lines below `level` are dropped. Lines go to standard error. */
void log_setup(enum log_level level, enum log_format format);
bool log_level_from_name(const char *name, enum log_level *out); /* debug info warn error */

/* A line that is rewritten in place (the progress of a terminal), which makes room for the next log
 * line; NULL takes it away. */
void log_live(const char *text);

void log_write(enum log_level level, const char *event, const struct log_field *fields);

#define log_fields(...) ((const struct log_field[]){__VA_ARGS__, {0}})
#define log_debug(event, ...) log_write(LOG_DEBUG, event, log_fields(__VA_ARGS__))
#define log_info(event, ...) log_write(LOG_INFO, event, log_fields(__VA_ARGS__))
#define log_warn(event, ...) log_write(LOG_WARN, event, log_fields(__VA_ARGS__))
#define log_error(event, ...) log_write(LOG_ERROR, event, log_fields(__VA_ARGS__))

#endif
