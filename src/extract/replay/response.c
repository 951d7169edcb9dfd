/* SPDX-License-Identifier: MIT */
/* Reads headers and first bytes of answers. */
#include "extract/replay/response.h"

#include "base/content.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool explain(char why[RESPONSE_WHY_SIZE], const char *what)
{
    snprintf(why, RESPONSE_WHY_SIZE, "%s", what);
    return false;
}

static void take_type(struct response *response, const char *value, size_t len)
{
    size_t used = 0;

    for (size_t i = 0; i < len && value[i] != ';' && used + 1 < sizeof(response->type); i++)
        if (!isspace((unsigned char)value[i]))
            response->type[used++] = (char)tolower((unsigned char)value[i]);
    response->type[used] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_blank(char c)
{
    return isspace((unsigned char)c);
}

/* Adds a character to the name as browsers do, so that both names are the same: no path, no control
 * characters, no dot at the beginning; end_name removes dots at the end. */
static void add_to_name(struct response *response, size_t *used, char c)
{
    const unsigned char byte = (unsigned char)c;
    const bool is_bad = byte < ' ' || byte == 0x7F || c == '/' || c == '\\';

    if ((c == '.' && *used == 0) || *used + 1 == RESPONSE_NAME_SIZE)
        return;
    response->name[(*used)++] = is_bad ? '_' : c;
}

static void end_name(struct response *response, size_t used)
{
    while (used && response->name[used - 1] == '.')
        used--;
    response->name[used] = '\0';
}

/* Takes a value that is in quotes, with backslashes, or plain. */
static void take_plain(struct response *response, const char *at, const char *end)
{
    const bool quoted = at < end && *at == '"';
    size_t used = 0;

    for (at += quoted; at < end && !(quoted && *at == '"'); at++) {
        if (quoted && *at == '\\' && at + 1 < end)
            at++;
        add_to_name(response, &used, *at);
    }
    end_name(response, used);
}

/* Takes a value such as UTF-8''relat%C3%B3rio.csv: charset and language are dropped, escapes become
 * bytes. Some servers put it in quotes. */
static void take_extended(struct response *response, const char *at, const char *end)
{
    const bool quoted = at < end && *at == '"';
    size_t used = 0;

    at += quoted;
    const char *close = quoted ? memchr(at, '"', (size_t)(end - at)) : NULL;
    end = close ? close : end;
    const char *charset = memchr(at, '\'', (size_t)(end - at));
    const char *language = charset ? memchr(charset + 1, '\'', (size_t)(end - charset - 1)) : NULL;
    for (at = language ? language + 1 : at; at < end; at++) {
        const int high = *at == '%' && end - at > 2 ? hex_digit(at[1]) : -1;
        const int low = high >= 0 ? hex_digit(at[2]) : -1;
        add_to_name(response, &used, low >= 0 ? (char)(high * 16 + low) : *at);
        at += low >= 0 ? 2 : 0;
    }
    end_name(response, used);
}

/* Returns where a parameter ends: at the next ';' outside of quotes. */
static const char *find_end(const char *at, const char *end)
{
    bool quoted = false;

    for (; at < end && (quoted || *at != ';'); at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (quoted && *at == '\\' && at + 1 < end)
            at++;
    }
    return at;
}

/* Returns the value of a parameter if it has this name, else NULL. */
static const char *find_value(const char *at, const char *end, const char *name)
{
    const size_t len = strlen(name);

    if ((size_t)(end - at) < len || strncasecmp(at, name, len) != 0)
        return NULL;
    for (at += len; at < end && is_blank(*at);)
        at++;
    if (at == end || *at != '=')
        return NULL;
    for (at++; at < end && is_blank(*at);)
        at++;
    return at;
}

/* Takes the file name. As in browsers, filename* is preferred to filename, and the first of each to
 * later ones. */
static void take_disposition(struct response *response, const char *value, size_t len)
{
    const char *end = value + len, *next;
    const char *found;

    response->name[0] = '\0';
    for (const char *at = value; at < end; at = next + 1) {
        const char *stop = next = find_end(at, end);
        while (at < stop && is_blank(*at))
            at++;
        while (stop > at && is_blank(stop[-1]))
            stop--;
        if ((found = find_value(at, stop, "filename*"))) {
            struct response extended = {0};
            take_extended(&extended, found, stop);
            if (*extended.name) {
                memcpy(response->name, extended.name, sizeof(extended.name));
                return;
            }
        } else if (!*response->name && (found = find_value(at, stop, "filename"))) {
            take_plain(response, found, stop);
        }
    }
}

void response_take_header(struct response *response, const char *name, const char *value,
                          size_t len)
{
    if (strcasecmp(name, "Content-Type") == 0)
        take_type(response, value, len);
    else if (strcasecmp(name, "Content-Disposition") == 0)
        take_disposition(response, value, len);
}

bool response_is_elsewhere(const struct response *response)
{
    return response->status >= 300 && response->status < 400;
}

bool response_is_file(const struct response *response, const struct names *files,
                      char why[RESPONSE_WHY_SIZE])
{
    static const char *const page_types[] = {"text/html", "application/xhtml+xml",
                                             "application/json", "text/xml", "application/xml"};

    if (response_is_elsewhere(response)) {
        snprintf(why, RESPONSE_WHY_SIZE, "HTTP %d, the way to another page", response->status);
        return false;
    }
    if (response->status != 200) {
        snprintf(why, RESPONSE_WHY_SIZE, "HTTP %d", response->status);
        return false;
    }
    for (size_t i = 0; i < sizeof(page_types) / sizeof(*page_types); i++) {
        if (strcmp(response->type, page_types[i]) == 0) {
            snprintf(why, RESPONSE_WHY_SIZE, "%s instead of a file", response->type);
            return false;
        }
    }
    if (*response->name && !report_names_file(files, response->name)) {
        snprintf(why, RESPONSE_WHY_SIZE, "a file called '%s'", response->name);
        return false;
    }
    return true;
}

static bool is_packed(enum content content)
{
    return content == CONTENT_ZIP || content == CONTENT_GZIP;
}

/* The first bytes are there whatever `size` says; behind a shorter body they are zero. */
static enum content content_of_start(const struct response *response)
{
    return content_of(response->start, sizeof(response->start), NULL);
}

static bool begins_like(const struct response *response, const struct response *model,
                        char why[RESPONSE_WHY_SIZE])
{
    const enum content content = content_of_start(response), expected = content_of_start(model);
    const bool packed = is_packed(expected);

    if (response->size == 0)
        return explain(why, "an empty file");
    if (is_packed(content) != packed)
        return explain(why, packed ? "a file that is not compressed" : "a compressed file");
    if (content_is_page(content))
        return explain(why, "a page that is called a file");
    if (content == CONTENT_JSON && expected != CONTENT_JSON) /* a header may begin with '[' */
        return explain(why, "JSON that is called a file");
    return true;
}

bool response_is_like(const struct response *response, const struct response *model,
                      const struct names *files, char why[RESPONSE_WHY_SIZE])
{
    if (!response_is_file(response, files, why))
        return false;
    if (strcmp(response->type, model->type) != 0) {
        snprintf(why, RESPONSE_WHY_SIZE, "%s instead of %s",
                 *response->type ? response->type : "no type", model->type);
        return false;
    }
    if (!*response->name && *model->name)
        return explain(why, "a file without a name");
    return begins_like(response, model, why);
}
