/* SPDX-License-Identifier: MIT */
/*
 * The file name of a Content-Disposition header. Any header gives a name that is safe to show and
 * to compare, or none. The same bytes give the same name, written plainly, in quotes or
 * percent-encoded, whatever the other parameters are.
 */
#include "base/buf.h"
#include "extract/replay/response.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER_MAX = 16 << 20 };

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* Copies the header exactly, so that the sanitizer reports reads after its end. */
static struct response read_header(const char *bytes, size_t len, const char *name_before)
{
    struct response response = {0};
    char *header = malloc(len ? len : 1);

    snprintf(response.name, sizeof(response.name), "%s", name_before);
    memcpy(header, bytes, len);
    response_take_header(&response, "content-disposition", header, len);
    free(header);
    return response;
}

static void check_name(const struct response *response)
{
    const char *name = response->name;
    const size_t len = strnlen(name, sizeof(response->name));

    demand(len < sizeof(response->name), "a name ends");
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)name[i];
        demand(c >= ' ' && c != 0x7F, "a name has no control bytes");
        demand(c != '/' && c != '\\', "a name is no path");
    }
    demand(strcmp(name, ".") != 0 && strcmp(name, "..") != 0, "a name is no folder");
}

static void add_quoted(struct buf *out, const char *bytes, size_t len)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '"' || bytes[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, bytes[i]);
    }
    buf_add_char(out, '"');
}

static void add_escaped(struct buf *out, const char *bytes, size_t len)
{
    buf_add_text(out, "UTF-8'pt-BR'");
    for (size_t i = 0; i < len; i++)
        buf_addf(out, "%%%02X", (unsigned char)bytes[i]);
}

static void demand_name(const struct buf *header, const char *expected, const char *what)
{
    const struct response response = read_header(buf_text(header), header->len, "before");

    demand(strcmp(response.name, expected) == 0, what);
}

static void check_written(const char *bytes, size_t len)
{
    BUF_DONE struct buf header = BUF_INIT(HEADER_MAX);

    buf_add_text(&header, "attachment; filename=");
    add_quoted(&header, bytes, len);
    const struct response quoted = read_header(buf_text(&header), header.len, "");
    check_name(&quoted);
    buf_add_text(&header, "; filename*=UTF-8''other.csv");
    demand_name(&header, "other.csv", "filename* wins over filename");

    buf_reset(&header);
    buf_add_text(&header, "attachment; filename=other.csv; filename*=");
    add_escaped(&header, bytes, len);
    demand_name(&header, *quoted.name ? quoted.name : "other.csv",
                "a name is the same in quotes and in percent signs");

    buf_reset(&header);
    buf_add_text(&header, "attachment; title=");
    add_quoted(&header, bytes, len);
    buf_add_text(&header, "; filename=x.csv");
    demand_name(&header, "x.csv", "what another parameter says is no name");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    const struct response once = read_header(bytes, size, ""),
                          twice = read_header(bytes, size, "x");

    check_name(&once);
    demand(strcmp(once.name, twice.name) == 0, "a header counts as if it were the first");
    check_written(bytes, size);
    return 0;
}
