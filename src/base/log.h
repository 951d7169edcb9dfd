/*
 * Log lines: one event and its fields, as text on a terminal and as one JSON object a line
 * otherwise.
 *
 *     log_info("window.loaded", log_text("report", name), log_int("inserted", n));
 *
 * Within a run every JSON line has the run's id, so that one query finds all of them.
 *
 * run/ and cli/ log each result and failure once. extract/ may log which step it does. Other code
 * logs nothing, or at debug. Secrets are never logged: they are in struct settings, and no log call
 * takes it.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct error;

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_TEXT, LOG_JSON };

struct log_field {
    const char *key;  /* NULL ends a list */
    const char *text; /* NULL: `number` is the value */
    int64_t number;
    bool brief; /* `text` stands for all other fields in the text format, and is in no JSON */
};

static inline struct log_field log_text(const char *key, const char *text)
{
    return (struct log_field){.key = key, .text = text ? text : ""};
}

static inline struct log_field log_int(const char *key, int64_t number)
{
    return (struct log_field){.key = key, .number = number};
}

/* Returns what a person reads in the text format in the place of all fields. */
static inline struct log_field log_brief(const char *text)
{
    return (struct log_field){.key = "", .text = text, .brief = true};
}

/* Sets the run whose id all JSON lines have from now on; NULL: none. The id is copied. */
void log_set_run(const char *id);

/* Sets the level and the format. Lines below `level` are dropped; the others go to standard
 * error. */
void log_setup(enum log_level level, enum log_format format);

/* Writes all lines to a file too (base/log_file.h), in that format, as text with the date. NULL: to
 * no file. ERROR_CONFIG: it cannot be opened. */
bool log_to_file(const char *path, enum log_format format, struct error *err);

void log_set_level(enum log_level level);                        /* changes the level alone */
bool log_level_from_name(const char *name, enum log_level *out); /* debug info warn error */

/* Shows a line that is rewritten in place (progress on a terminal); it stands below the last log
 * line. NULL removes the line. `text` must fit into the terminal's width. */
void log_live(const char *text);

void log_write(enum log_level level, const char *event, const struct log_field *fields);

#define log_fields(...) ((const struct log_field[]){__VA_ARGS__, {0}})
#define log_debug(event, ...) log_write(LOG_DEBUG, event, log_fields(__VA_ARGS__))
#define log_info(event, ...) log_write(LOG_INFO, event, log_fields(__VA_ARGS__))
#define log_warn(event, ...) log_write(LOG_WARN, event, log_fields(__VA_ARGS__))
#define log_error(event, ...) log_write(LOG_ERROR, event, log_fields(__VA_ARGS__))

#endif
