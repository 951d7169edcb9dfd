/* SPDX-License-Identifier: MIT */
/* Answers judged by what they say of themselves. */
#include "extract/replay/response.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool says(char why[RESPONSE_WHY_SIZE], const char *what)
{
    snprintf(why, RESPONSE_WHY_SIZE, "%s", what);
    return false;
}

static void take_type(struct response *delivery, const char *value, size_t len)
{
    size_t used = 0;

    for (size_t i = 0; i < len && value[i] != ';' && used + 1 < sizeof(delivery->type); i++)
        if (!isspace((unsigned char)value[i]))
            delivery->type[used++] = (char)tolower((unsigned char)value[i]);
    delivery->type[used] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One parameter's value: quoted with backslashes, or up to the next ';'. */
static void read_value(const char *at, const char *end, char out[RESPONSE_NAME_SIZE])
{
    while (at < end && isspace((unsigned char)*at))
        at++;
    bool quoted = at < end && *at == '"';
    size_t used = 0;

    for (at += quoted; at < end && *at != (quoted ? '"' : ';'); at++) {
        if (quoted && *at == '\\' && at + 1 < end)
            at++;
        if (used + 1 < RESPONSE_NAME_SIZE)
            out[used++] = *at;
    }
    while (!quoted && used && isspace((unsigned char)out[used - 1]))
        used--;
    out[used] = '\0';
}

/* UTF-8''relat%C3%B3rio.csv: charset and language go, escapes become bytes. */
static void decode_extended(char name[RESPONSE_NAME_SIZE])
{
    const char *from = strchr(name, '\'');
    size_t used = 0;

    from = from ? strchr(from + 1, '\'') : NULL;
    from = from ? from + 1 : name;
    while (*from) {
        int high = *from == '%' ? hex_digit(from[1]) : -1;
        int low = high >= 0 ? hex_digit(from[2]) : -1;
        if (low >= 0) {
            name[used++] = (char)(high * 16 + low);
            from += 3;
        } else {
            name[used++] = *from++;
        }
    }
    name[used] = '\0';
}

/* filename* wins over filename, as it does in browsers. */
static void take_disposition(struct response *delivery, const char *value, size_t len)
{
    static const char plain[] = "filename=", extended[] = "filename*=";
    const char *end = value + len;
    bool quoted = false;

    delivery->name[0] = '\0';
    for (const char *at = value; at < end; at++) {
        size_t left = (size_t)(end - at);
        bool begins = at == value || at[-1] == ';' || isspace((unsigned char)at[-1]);
        if (*at == '"')
            quoted = !quoted;
        if (quoted || !begins)
            continue;
        if (left > strlen(extended) && strncasecmp(at, extended, strlen(extended)) == 0) {
            read_value(at + strlen(extended), end, delivery->name);
            decode_extended(delivery->name);
            return;
        }
        if (left > strlen(plain) && strncasecmp(at, plain, strlen(plain)) == 0)
            read_value(at + strlen(plain), end, delivery->name);
    }
}

void response_take_header(struct response *delivery, const char *name, const char *value,
                          size_t len)
{
    if (strcasecmp(name, "Content-Type") == 0)
        take_type(delivery, value, len);
    else if (strcasecmp(name, "Content-Disposition") == 0)
        take_disposition(delivery, value, len);
}

bool response_is_elsewhere(const struct response *delivery)
{
    return delivery->status >= 300 && delivery->status < 400;
}

bool response_is_file(const struct response *delivery, const struct names *files,
                      char why[RESPONSE_WHY_SIZE])
{
    static const char *const others[] = {"text/html", "application/xhtml+xml", "application/json",
                                         "text/xml", "application/xml"};

    if (response_is_elsewhere(delivery)) {
        snprintf(why, RESPONSE_WHY_SIZE, "HTTP %d, the way to another page", delivery->status);
        return false;
    }
    if (delivery->status != 200) {
        snprintf(why, RESPONSE_WHY_SIZE, "HTTP %d", delivery->status);
        return false;
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (strcmp(delivery->type, others[i]) == 0) {
            snprintf(why, RESPONSE_WHY_SIZE, "%s instead of a file", delivery->type);
            return false;
        }
    }
    if (*delivery->name && !report_names_file(files, delivery->name)) {
        snprintf(why, RESPONSE_WHY_SIZE, "a file called '%s'", delivery->name);
        return false;
    }
    return true;
}

static bool is_packed(const struct response *delivery)
{
    return memcmp(delivery->start, "PK\003\004", 4) == 0 ||
           memcmp(delivery->start, "\x1F\x8B", 2) == 0;
}

static bool begins_like(const struct response *delivery, const struct response *model,
                        char why[RESPONSE_WHY_SIZE])
{
    const unsigned char *start = (const unsigned char *)delivery->start;
    const unsigned char *text = start;

    if (delivery->size == 0)
        return says(why, "an empty file");
    if (is_packed(delivery) != is_packed(model))
        return says(why, is_packed(model) ? "a file that is not compressed" : "a compressed file");
    if (memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    while (text < start + RESPONSE_START_SIZE - 1 && isspace(*text))
        text++;
    if (*text == '<')
        return says(why, "a page that is called a file");
    if (*text == '{')
        return says(why, "JSON that is called a file");
    return true;
}

bool response_is_like(const struct response *delivery, const struct response *model,
                      const struct names *files, char why[RESPONSE_WHY_SIZE])
{
    if (!response_is_file(delivery, files, why))
        return false;
    if (strcmp(delivery->type, model->type) != 0) {
        snprintf(why, RESPONSE_WHY_SIZE, "%s instead of %s",
                 *delivery->type ? delivery->type : "no type", model->type);
        return false;
    }
    if (!*delivery->name && *model->name)
        return says(why, "a file without a name");
    return begins_like(delivery, model, why);
}
