/* SPDX-License-Identifier: MIT */
/* Reads .env files. */
#include "config/env_file.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    const char *file;
    const char *at, *end;
    size_t line;
    size_t values; /* bytes of all values */
    struct env_file *out;
};

/* Reports a fault without the line's text, which may be a secret. */
static bool fail(const struct reading *in, size_t line, const char *what, struct error *err)
{
    return error_set(err, ERROR_CONFIG, "%s:%zu: %s", in->file, line, what);
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static bool at_line_end(const struct reading *in)
{
    return in->at == in->end || is_break(*in->at);
}

static void skip_blanks(struct reading *in)
{
    while (in->at < in->end && is_blank(*in->at))
        in->at++;
}

/* Skips "\n", "\r\n" or a lone "\r". */
static void skip_break(struct reading *in)
{
    bool cr = *in->at++ == '\r';

    if (cr && in->at < in->end && *in->at == '\n')
        in->at++;
    in->line++;
}

static void skip_to_line_end(struct reading *in)
{
    while (!at_line_end(in))
        in->at++;
}

/* Whether the character ends a name. Any other is allowed, as in python-dotenv. */
static bool ends_name(char c)
{
    return (unsigned char)c <= ' ' || strchr("=#'\"$\x7F", c);
}

static bool read_name(struct reading *in, const char **name, size_t *len)
{
    *name = in->at;
    while (in->at < in->end && !ends_name(*in->at))
        in->at++;
    *len = (size_t)(in->at - *name);
    return *len > 0;
}

/* Skips the word "export" before a name. */
static void skip_export(struct reading *in)
{
    const size_t len = strlen("export");

    if ((size_t)(in->end - in->at) > len && strncmp(in->at, "export", len) == 0 &&
        is_blank(in->at[len])) {
        in->at += len;
        skip_blanks(in);
    }
}

/* Returns the character that an escape stands for; 0 if the backslash is a plain character. */
static char unescape(char quote, char c)
{
    static const char letters[] = "abfnrtv", controls[] = "\a\b\f\n\r\t\v";
    const char *found = strchr(letters, c);

    if (c == '\\' || c == '\'')
        return c;
    if (quote == '\'' || c == '\0')
        return 0;
    return c == '"' ? c : found ? controls[found - letters] : (char)0;
}

static bool read_quoted(struct reading *in, struct buf *value, struct error *err)
{
    const char quote = *in->at++;
    const size_t first_line = in->line;

    for (;;) {
        if (in->at == in->end)
            return fail(in, first_line, "the quote that begins here is not closed", err);
        char c = *in->at++;
        if (c == quote)
            break;
        char meant = c == '\\' && in->at < in->end ? unescape(quote, *in->at) : (char)0;
        if (meant)
            in->at++;
        else
            in->line += c == '\n' || (c == '\r' && (in->at == in->end || *in->at != '\n'));
        buf_add_char(value, meant ? meant : c);
    }
    skip_blanks(in);
    if (!at_line_end(in) && *in->at != '#')
        return fail(in, in->line, "something follows the closing quote", err);
    skip_to_line_end(in);
    return true;
}

/* Reads a value up to the end of the line or up to a # behind a blank. */
static void read_unquoted(struct reading *in, struct buf *value)
{
    const char *start = in->at;
    const char *end = start;

    skip_to_line_end(in);
    while (end < in->at && !(*end == '#' && is_blank(end[-1]))) /* a blank or = is before start */
        end++;
    while (end > start && is_blank(end[-1]))
        end--;
    buf_add(value, start, (size_t)(end - start));
}

static const char *lookup(const struct env_file *file, const char *name)
{
    const char *value = getenv(name);

    return value ? value : env_file_get(file, name);
}

/* Adds the value of "NAME" or "NAME:-default". */
static void add_variable(const struct env_file *file, const char *inside, size_t len,
                         struct buf *out)
{
    const char *fallback = memmem(inside, len, ":-", 2);
    MEM_FREE_TEXT char *name = mem_copy_n(inside, fallback ? (size_t)(fallback - inside) : len);
    const char *value = lookup(file, name);

    if (value)
        buf_add_text(out, value);
    else if (fallback)
        buf_add(out, fallback + 2, len - (size_t)(fallback + 2 - inside));
}

static void expand(const struct env_file *file, const struct buf *value, struct buf *out)
{
    const char *at = buf_text(value), *end = at + value->len;

    for (;;) {
        const char *open = memmem(at, (size_t)(end - at), "${", 2);
        const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
        if (!close)
            break;
        buf_add(out, at, (size_t)(open - at));
        add_variable(file, open + 2, (size_t)(close - open - 2), out);
        at = close + 1;
    }
    buf_add(out, at, (size_t)(end - at));
}

static bool read_value(struct reading *in, struct buf *out, struct error *err)
{
    SECRET_BUF struct buf raw = BUF_INIT(ENV_FILE_MAX);
    const size_t line = in->line;
    const char first = at_line_end(in) ? '\0' : *in->at;

    /* Takes all the room at once: a buffer that moves leaves a copy of a secret. */
    buf_reserve(&raw, (size_t)(in->end - in->at));
    buf_reserve(out, (size_t)(in->end - in->at));
    if (first != '\'' && first != '"')
        read_unquoted(in, &raw);
    else if (!read_quoted(in, &raw, err))
        return false;
    if (memchr(buf_text(&raw), '\0', raw.len))
        return fail(in, line, "the value holds a NUL", err);
    if (first == '\'')
        buf_add(out, buf_text(&raw), raw.len);
    else
        expand(in->out, &raw, out);
    return !out->full || fail(in, line, "the value is too long", err);
}

static bool read_line(struct reading *in, struct error *err)
{
    SECRET_BUF struct buf value = BUF_INIT(ENV_FILE_MAX);
    const char *name;
    size_t len;

    skip_blanks(in);
    if (at_line_end(in))
        return true;
    if (*in->at == '#') {
        skip_to_line_end(in);
        return true;
    }
    skip_export(in);
    if (!read_name(in, &name, &len))
        return fail(in, in->line, "a line must begin with a name", err);
    skip_blanks(in);
    if (at_line_end(in) || *in->at != '=')
        return fail(in, in->line, "no \"=\" follows the name", err);
    in->at++;
    skip_blanks(in);
    if (!read_value(in, &value, err))
        return false;

    in->values += value.len;
    if (in->values > ENV_FILE_VALUES_MAX)
        return fail(in, in->line, "the values are too long", err);
    struct env_file *out = in->out;
    out->lines = mem_grow(out->lines, out->count + 1, sizeof(*out->lines));
    out->lines[out->count++] = (struct env_line){
        .name = mem_copy_n(name, len),
        .value = mem_copy_n(buf_text(&value), value.len),
    };
    return true;
}

bool env_file_parse(const char *name, const char *text, size_t len, struct env_file *out,
                    struct error *err)
{
    struct env_file file = {0};
    struct reading in = {.file = name, .at = text, .end = text + len, .line = 1, .out = &file};

    if (len > ENV_FILE_MAX)
        return error_set(err, ERROR_CONFIG, "%s is larger than %d bytes", name, ENV_FILE_MAX);
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        in.at += 3; /* Windows' editor writes a BOM there */
    while (in.at < in.end) {
        if (!read_line(&in, err)) {
            env_file_done(&file);
            return false;
        }
        if (in.at < in.end)
            skip_break(&in);
    }
    *out = file;
    return true;
}

bool env_file_read(const char *path, struct env_file *out, struct error *err)
{
    SECRET_BUF struct buf text = BUF_INIT(ENV_FILE_MAX + 1); /* one byte more than is allowed */

    if (!file_read_into(path, &text, err)) {
        err->kind = ERROR_CONFIG;
        return false;
    }
    return env_file_parse(path, buf_text(&text), text.len, out, err);
}

const char *env_file_get(const struct env_file *file, const char *name)
{
    for (size_t i = file->count; i-- > 0;)
        if (strcmp(file->lines[i].name, name) == 0)
            return file->lines[i].value;
    return NULL;
}

void env_file_done(struct env_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->lines[i].name);
        secret_free(file->lines[i].value);
    }
    free(file->lines);
    *file = (struct env_file){0};
}
