/* SPDX-License-Identifier: MIT */
/*
 * The address and the form of a request to `serve`. Any bytes are refused with words, or give a
 * path, names and values that are UTF-8 without control characters. Encoded anew, these give the
 * same again. The other readers of what a stranger sends take the same bytes.
 */
#include "base/buf.h"
#include "base/url.h"
#include "serve/actions.h"
#include "serve/address.h"
#include "serve/decode.h"
#include "serve/edition.h"
#include "serve/token.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MAX = 64 * 1024 };

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check_text(const char *text)
{
    demand(!u8_check((const uint8_t *)text, strlen(text)), "a text is UTF-8");
    for (const char *c = text; *c; c++)
        demand((unsigned char)*c >= ' ' && *c != 0x7f, "a text has no control characters");
}

static void check_decoded(const struct decoded *decoded)
{
    demand(decoded->value_count <= DECODE_VALUES_MAX, "values have a maximum");
    check_text(decoded->path);
    for (size_t i = 0; i < decoded->value_count; i++) {
        check_text(decoded->values[i].name);
        check_text(decoded->values[i].value);
        demand(*decoded->values[i].name != '\0', "a value has a name");
    }
}

static void check_fault(const struct decode_fault *fault)
{
    demand(fault->message && *fault->message, "a refusal says why");
    check_text(fault->field);
}

static void add_values(const struct decoded *decoded, struct buf *out)
{
    for (size_t i = 0; i < decoded->value_count; i++) {
        url_add_encoded(out, decoded->values[i].name);
        buf_add_char(out, '=');
        url_add_encoded(out, decoded->values[i].value);
        buf_add_char(out, '&');
    }
}

static void demand_same(const struct decoded *one, const struct decoded *other)
{
    demand(strcmp(one->path, other->path) == 0, "the path is the same");
    demand(one->value_count == other->value_count, "there are as many values");
    for (size_t i = 0; i < one->value_count; i++) {
        demand(strcmp(one->values[i].name, other->values[i].name) == 0, "a name is the same");
        demand(strcmp(one->values[i].value, other->values[i].value) == 0, "a value is the same");
    }
}

static void try_target(const char *target)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);
    struct decoded decoded, again;
    struct decode_fault fault;

    if (!decode_target(target, &decoded, &fault)) {
        check_fault(&fault);
        return;
    }
    check_decoded(&decoded);
    demand(*decoded.path == '/', "a path begins with a slash");
    buf_add_char(&text, '/');
    url_add_encoded(&text, decoded.path + 1);
    buf_add_char(&text, '?');
    add_values(&decoded, &text);
    demand(!text.full && decode_target(text.data, &again, &fault), "it is decoded again");
    demand_same(&decoded, &again);
    decoded_done(&again);
    decoded_done(&decoded);
}

static void try_form(const char *body, size_t len)
{
    BUF_DONE struct buf text = BUF_INIT(TEXT_MAX);
    struct decoded decoded, again;
    struct decode_fault fault;

    if (!decode_form(body, len, &decoded, &fault)) {
        check_fault(&fault);
        return;
    }
    check_decoded(&decoded);
    add_values(&decoded, &text);
    demand(!text.full && decode_form(text.data, text.len, &again, &fault), "it is decoded again");
    demand_same(&decoded, &again);
    decoded_done(&again);
    decoded_done(&decoded);
}

static void try_headers(const char *text)
{
    struct address address;
    struct error err;
    long rows;

    if (!address_parse(text, &address, &err))
        demand(err.kind == ERROR_CONFIG, "a refusal is one of configuration");
    demand(address_parse("127.0.0.1:80", &address, &err), "a good address is read");
    if (address_allows_host(&address, NULL, text))
        demand(strspn(text, "0123456789abcdefABCDEF.:[]") > 0 ||
                   strncasecmp(text, "localhost", 9) == 0,
               "only digits and localhost are let in");
    demand(!token_same_origin(text, "sigos.example") || strcasestr(text, "://sigos.example"),
           "an origin names the host");
    edition_matches(text, "W/\"1\"");
    actions_rows_at_stake(text, &rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > DECODE_TARGET_MAX)
        return 0;
    char *exact = malloc(size ? size : 1), *text = malloc(size + 1);
    memcpy(exact, data, size); /* so that the sanitizer reports reads after its end */
    memcpy(text, data, size);
    text[size] = '\0';
    try_target(text);
    try_form(exact, size);
    try_headers(text);
    free(exact);
    free(text);
    return 0;
}
