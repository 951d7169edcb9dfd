/* SPDX-License-Identifier: MIT */
/*
 * .env files. Any bytes are refused with file and line, or give names and values. Written to a file
 * in single quotes, these give the same names and values again. A file on disk is read like its
 * bytes.
 */
#include "base/buf.h"
#include "config/env_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char name[] = "FILE";

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static size_t lines_of(const char *text, size_t len)
{
    size_t lines = 1;

    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n' || text[i] == '\r';
    return lines;
}

static void check_refusal(const struct error *err, const char *text, size_t len)
{
    const char *rest = err->message + strlen(name);

    demand(err->kind == ERROR_CONFIG, "a refusal is one of configuration");
    demand(strncmp(err->message, name, strlen(name)) == 0, "a refusal names the file");
    if (len > ENV_FILE_MAX)
        return;
    demand(*rest == ':', "a refusal names a line");
    const unsigned long line = strtoul(rest + 1, NULL, 10);
    demand(line >= 1 && line <= lines_of(text, len), "the line that is named is in the file");
}

static void demand_same(const struct env_file *one, const struct env_file *other)
{
    demand(one->count == other->count, "there are as many lines");
    for (size_t i = 0; i < one->count; i++) {
        demand(strcmp(one->lines[i].name, other->lines[i].name) == 0, "a name is the same");
        demand(strcmp(one->lines[i].value, other->lines[i].value) == 0, "a value is the same");
    }
}

/* Begins with a comment, so that a first name is not taken for a byte order mark. */
static void write_quoted(const struct env_file *file, struct buf *out)
{
    buf_add_text(out, "# written\n");
    for (size_t i = 0; i < file->count; i++) {
        demand(*file->lines[i].name != '\0', "a name is not empty");
        buf_addf(out, "%s='", file->lines[i].name);
        for (const char *c = file->lines[i].value; *c; c++) {
            if (*c == '\\' || *c == '\'')
                buf_add_char(out, '\\');
            buf_add_char(out, *c);
        }
        buf_add_text(out, "'\n");
    }
}

static void check_length(const struct env_file *file)
{
    size_t len = 0;

    for (size_t i = 0; i < file->count; i++)
        len += strlen(file->lines[i].value);
    demand(len <= ENV_FILE_VALUES_MAX, "values have a maximum");
}

static void check_written(const struct env_file *file)
{
    BUF_DONE struct buf text = BUF_INIT(ENV_FILE_MAX);
    struct env_file again;
    struct error err;

    write_quoted(file, &text);
    if (text.full) /* expanded references may exceed the size limit of a file */
        return;
    demand(env_file_parse(name, buf_text(&text), text.len, &again, &err), "what is written reads");
    demand_same(file, &again);
    env_file_done(&again);
}

static void check_on_disk(const char *text, size_t len, bool good, const struct env_file *file)
{
    char path[64];
    struct env_file read = {0};
    struct error err;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    demand(fd >= 0 && write(fd, text, len) == (ssize_t)len, "there is memory");
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    demand(env_file_read(path, &read, &err) == good, "a file is read as its bytes are");
    demand_same(file, &read);
    env_file_done(&read);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct env_file file = {0};
    struct error err = {0};

    const bool good = env_file_parse(name, text, size, &file, &err);
    if (good) {
        check_length(&file);
        check_written(&file);
    } else {
        check_refusal(&err, text, size);
    }
    check_on_disk(text, size, good, &file);
    env_file_done(&file);
    return 0;
}
