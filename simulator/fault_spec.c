/* SPDX-License-Identifier: MIT */
/* Has a table of kinds and one of keys; a word that is in neither is refused. */
#include "simulator/fault_spec.h"

#include "base/date.h"
#include "simulator/number.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum key_bit {
    KEY_PERCENT = 1,
    KEY_BYTES = 2,
    KEY_RESET = 4,
    KEY_TRANSFER = 8,
    KEY_RETRY = 16,
    KEY_RATE = 32,
    KEY_MS = 64,
    KEY_DAYS = 128,
    KEY_NAME = 256,
    KEY_TO = 512,
    KEY_SHARE = KEY_PERCENT | KEY_BYTES,
};

static const struct kind {
    const char *word;
    enum fault_kind kind;
    enum fault_subject subject;
    unsigned keys;
    const char *name, *to; /* defaults of the keys name and to */
} kinds[] = {
    {"http500", FAULT_HTTP500, FAULT_OF_EXPORT, 0, "", ""},
    {"http503", FAULT_HTTP503, FAULT_OF_EXPORT, 0, "", ""},
    {"http429", FAULT_HTTP429, FAULT_OF_EXPORT, KEY_RETRY, "", ""},
    {"hang", FAULT_HANG, FAULT_OF_EXPORT, 0, "", ""},
    {"stall", FAULT_STALL, FAULT_OF_EXPORT, KEY_SHARE | KEY_TRANSFER, "", ""},
    {"slow", FAULT_SLOW, FAULT_OF_EXPORT, KEY_RATE | KEY_MS, "", ""},
    {"cut", FAULT_CUT, FAULT_OF_EXPORT, KEY_SHARE | KEY_TRANSFER | KEY_RESET, "", ""},
    {"fatal", FAULT_FATAL, FAULT_OF_EXPORT, KEY_SHARE, "", ""},
    {"html", FAULT_HTML, FAULT_OF_EXPORT, 0, "", ""},
    {"login-file", FAULT_LOGIN_FILE, FAULT_OF_EXPORT, 0, "", ""},
    {"header", FAULT_HEADER, FAULT_OF_EXPORT, 0, "", ""},
    {"short", FAULT_SHORT, FAULT_OF_EXPORT, KEY_SHARE, "", ""},
    {"empty", FAULT_EMPTY, FAULT_OF_EXPORT, 0, "", ""},
    {"period", FAULT_PERIOD, FAULT_OF_EXPORT, KEY_DAYS, "", ""},
    {"report", FAULT_REPORT, FAULT_OF_EXPORT, KEY_NAME, "", ""},
    {"stale", FAULT_STALE, FAULT_OF_EXPORT, 0, "", ""},
    {"dialog", FAULT_DIALOG, FAULT_OF_EXPORT, 0, "", ""},
    {"message", FAULT_MESSAGE, FAULT_OF_EXPORT, 0, "", ""},
    {"expired", FAULT_EXPIRED, FAULT_OF_EXPORT, 0, "", ""},
    {"column", FAULT_COLUMN, FAULT_OF_EXPORT, KEY_NAME, "Prioridade", ""},
    {"renamed", FAULT_RENAMED, FAULT_OF_EXPORT, KEY_NAME | KEY_TO, "Equipe", "Turma"},
    {"unnamed", FAULT_UNNAMED, FAULT_OF_EXPORT, 0, "", ""},
    {"misnamed", FAULT_MISNAMED, FAULT_OF_EXPORT, KEY_NAME, "export.csv", ""},
    {"mixed-header", FAULT_MIXED, FAULT_OF_EXPORT, 0, "header", ""},
    {"mixed-bom", FAULT_MIXED, FAULT_OF_EXPORT, 0, "bom", ""},
    {"mixed-rows", FAULT_MIXED, FAULT_OF_EXPORT, 0, "rows", ""},
    {"php-end", FAULT_LAST_WORDS, FAULT_OF_EXPORT, KEY_SHARE, "php", ""},
    {"sql-end", FAULT_LAST_WORDS, FAULT_OF_EXPORT, KEY_SHARE, "sql", ""},
    {"json-end", FAULT_LAST_WORDS, FAULT_OF_EXPORT, KEY_SHARE, "json", ""},
    {"footer", FAULT_FOOTER, FAULT_OF_EXPORT, 0, "", ""},
    {"totals", FAULT_TOTALS, FAULT_OF_EXPORT, 0, "", ""},
    {"ctrl-z", FAULT_CTRL_Z, FAULT_OF_EXPORT, 0, "", ""},
    {"padding", FAULT_PADDING, FAULT_OF_EXPORT, KEY_BYTES, "", ""},
    {"gzip", FAULT_PACKED, FAULT_OF_EXPORT, 0, "gzip", ""},
    {"gzip-as-csv", FAULT_PACKED, FAULT_OF_EXPORT, 0, "gzip-as-csv", ""},
    {"zip", FAULT_PACKED, FAULT_OF_EXPORT, 0, "zip", ""},
    {"utf-16", FAULT_PACKED, FAULT_OF_EXPORT, 0, "utf-16", ""},
    {"layout", FAULT_LAYOUT, FAULT_OF_PAGE, 0, "", ""},
    {"login500", FAULT_LOGIN500, FAULT_OF_LOGIN, 0, "", ""},
    {"locked", FAULT_LOCKED, FAULT_OF_LOGIN, 0, "", ""},
    {"blocked", FAULT_BLOCKED, FAULT_OF_LOGIN, 0, "", ""},
    {"expired-password", FAULT_EXPIRED_PASSWORD, FAULT_OF_LOGIN, 0, "", ""},
    {"captcha", FAULT_CAPTCHA, FAULT_OF_LOGIN, 0, "", ""},
};

static bool to_u32(const char *text, uint64_t max, uint32_t *out)
{
    uint64_t number;

    if (!sim_number_parse(text, max, &number))
        return false;
    *out = (uint32_t)number;
    return true;
}

static bool to_text(const char *text, char out[FAULT_TEXT_SIZE])
{
    return *text && snprintf(out, FAULT_TEXT_SIZE, "%s", text) < FAULT_TEXT_SIZE;
}

static bool set_percent(struct fault *f, const char *v)
{
    f->bytes = -1;
    return to_u32(v, 100, &f->percent);
}

static bool set_bytes(struct fault *f, const char *v)
{
    uint64_t bytes;

    if (!sim_number_parse(v, INT64_MAX, &bytes))
        return false;
    f->bytes = (int64_t)bytes;
    return true;
}

static bool set_reset(struct fault *f, const char *v)
{
    return to_u32(v, 1, &f->reset);
}

static bool set_transfer(struct fault *f, const char *v)
{
    static const char *const words[] = {
        [TRANSFER_LENGTH] = "length", [TRANSFER_CHUNKED] = "chunked", [TRANSFER_CLOSE] = "close"};

    for (int32_t i = 0; i < 3; i++)
        if (strcmp(words[i], v) == 0) {
            f->transfer = i;
            return true;
        }
    return false;
}

static bool set_retry(struct fault *f, const char *v)
{
    return to_u32(v, 86400, &f->retry);
}

static bool set_bytes_rate(struct fault *f, const char *v)
{
    return to_u32(v, UINT32_MAX, &f->rate);
}

static bool set_ms(struct fault *f, const char *v)
{
    return to_u32(v, 3600 * 1000, &f->ms);
}

static bool set_days(struct fault *f, const char *v)
{
    return to_u32(v, 36500, &f->days);
}

static bool set_name(struct fault *f, const char *v)
{
    return to_text(v, f->name);
}

static bool set_to(struct fault *f, const char *v)
{
    return to_text(v, f->to);
}

static const struct key {
    const char *word;
    unsigned bit;
    bool (*set)(struct fault *fault, const char *value);
} keys[] = {
    {"percent", KEY_PERCENT, set_percent},
    {"bytes", KEY_BYTES, set_bytes},
    {"reset", KEY_RESET, set_reset},
    {"retry", KEY_RETRY, set_retry},
    {"rate", KEY_RATE, set_bytes_rate},
    {"ms", KEY_MS, set_ms},
    {"days", KEY_DAYS, set_days},
    {"name", KEY_NAME, set_name},
    {"transfer", KEY_TRANSFER, set_transfer},
    {"to", KEY_TO, set_to},
};

static bool set_key(struct fault *fault, unsigned allowed, const char *word, const char *value)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].word, word) == 0)
            return (keys[i].bit & allowed) && value && keys[i].set(fault, value);
    return false;
}

/* Reads a share, written as digits and a point, in millionths. strtod is not used because the
 * locale decides what it takes for a point. */
static bool read_share(const char *text, uint32_t *out)
{
    char digits[] = "0.000000";
    size_t len = strlen(text);
    uint32_t whole, rest;

    if (len == 0 || len >= sizeof digits || (len > 1 && text[1] != '.'))
        return false;
    memcpy(digits, text, len);
    digits[1] = '\0';
    if (!to_u32(digits, 1, &whole) || !to_u32(digits + 2, 999999, &rest))
        return false;
    *out = whole * 1000000 + rest;
    return *out > 0 && *out <= 1000000;
}

static bool set_when(struct fault *fault, unsigned allowed, const char *word, const char *value)
{
    const struct sim_report *report;

    (void)allowed;
    if (!value)
        return strcmp(word, "every") == 0 || (to_u32(word, UINT32_MAX, &fault->nth) && fault->nth);
    if (strcmp(word, "first") == 0)
        return to_u32(value, UINT32_MAX, &fault->first) && fault->first;
    if (strcmp(word, "rate") == 0)
        return read_share(value, &fault->per_million);
    if (fault->subject != FAULT_OF_EXPORT)
        return false;
    if (strcmp(word, "window") == 0)
        return date_parse_iso(value, strlen(value), &fault->window);
    report = strcmp(word, "report") == 0 ? sim_report_by_word(value) : NULL;
    if (report)
        fault->report = (int32_t)report->kind;
    return report != NULL;
}

typedef bool setter(struct fault *fault, unsigned allowed, const char *word, const char *value);

/* Sets each piece between commas, which is word or word=value. Changes `list`. */
static bool read_list(struct fault *fault, setter *set, unsigned allowed, char *list,
                      struct error *err)
{
    for (char *piece = list, *next; piece; piece = next) {
        next = strchr(piece, ',');
        if (next)
            *next++ = '\0';
        char *value = strchr(piece, '=');
        if (value)
            *value++ = '\0';
        if (!set(fault, allowed, piece, value))
            return error_set(err, ERROR_CONFIG, "fault %s: '%s%s%s' is not understood", fault->spec,
                             piece, value ? "=" : "", value ? value : "");
    }
    return true;
}

static const struct kind *find_kind(const char *word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].word, word) == 0)
            return &kinds[i];
    return NULL;
}

static struct fault fault_of(const struct kind *kind)
{
    struct fault fault = {
        .kind = kind->kind,
        .subject = kind->subject,
        .percent = 50,
        .bytes = -1,
        .transfer = FAULT_ANY,
        .retry = 2,
        .rate = 10000,
        .days = 30,
        .per_million = 1000000,
        .report = FAULT_ANY,
        .window = INT32_MIN,
    };

    memcpy(fault.name, kind->name, strlen(kind->name));
    memcpy(fault.to, kind->to, strlen(kind->to));
    return fault;
}

bool fault_parse(const char *spec, struct fault *out, struct error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789.,:=@_/ -";
    char text[FAULT_SPEC_SIZE];

    if (strspn(spec, allowed) != strlen(spec) ||
        snprintf(text, sizeof text, "%s", spec) >= (int)sizeof text)
        return error_set(err, ERROR_CONFIG, "a fault is too long or has a character that none has");
    char *when = strchr(text, '@');
    if (when)
        *when++ = '\0';
    char *how = strchr(text, ':');
    if (how)
        *how++ = '\0';
    const struct kind *kind = find_kind(text);
    if (!kind)
        return error_set(err, ERROR_CONFIG, "there is no fault '%s'; see sigos-sim --help", text);
    struct fault fault = fault_of(kind);
    memcpy(fault.spec, spec, strlen(spec) + 1);
    if ((how && !read_list(&fault, set_key, kind->keys, how, err)) ||
        (when && !read_list(&fault, set_when, 0, when, err)))
        return false;
    *out = fault;
    return true;
}
