/* SPDX-License-Identifier: MIT */
/* Decodes addresses and forms. */
#include "serve/decode.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

/* The one filter that may be given several times. */
#define REPEATABLE "equipe"
enum { REPEATS_MAX = 20 };

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes `len` bytes in place and ends them with a NUL. False for an escape that is none. */
static bool unescape(char *text, size_t len, bool plus_is_blank)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= len || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0)
                return false;
            c = (char)(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            if (!c)
                return false; /* it would end the text */
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        text[out++] = c;
    }
    text[out] = '\0';
    return true;
}

/* Whether the text is UTF-8 without control characters: those of ASCII, and U+0080 to U+009F. */
static bool is_clean(const char *text)
{
    if (u8_check((const uint8_t *)text, strlen(text)))
        return false;
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0))
            return false;
    return true;
}

static bool refuse(struct decode_fault *fault, const char *message, const char *field)
{
    fault->message = message;
    fault->field[0] = '\0';
    if (field && strlen(field) < sizeof(fault->field) && is_clean(field))
        snprintf(fault->field, sizeof(fault->field), "%s", field);
    return false;
}

static bool decode_part(char *text, size_t len, bool plus_is_blank, const char *field,
                        struct decode_fault *fault)
{
    if (!unescape(text, len, plus_is_blank))
        return refuse(fault, "O endereço tem um código % que não existe.", field);
    if (!is_clean(text))
        return refuse(fault, "O endereço tem caracteres que não são texto.", field);
    return true;
}

/* Whether the value may come after those that are there. */
static bool check_repeats(const struct decoded *decoded, const char *name,
                          struct decode_fault *fault)
{
    size_t repeats = 0;

    for (size_t i = 0; i < decoded->value_count; i++)
        repeats += strcmp(decoded->values[i].name, name) == 0;
    if (repeats == 0)
        return true;
    if (strcmp(name, REPEATABLE) != 0)
        return refuse(fault, "O mesmo filtro veio duas vezes.", name);
    return repeats < REPEATS_MAX || refuse(fault, "São equipes demais; no máximo 20.", name);
}

/* Decodes one "name=value" of `len` bytes. */
static bool decode_pair(char *text, size_t len, struct decoded *out, struct decode_fault *fault)
{
    char *equals = memchr(text, '=', len);
    const size_t name_len = equals ? (size_t)(equals - text) : len;
    char *value = equals ? equals + 1 : text + len;

    if (out->value_count == DECODE_VALUES_MAX)
        return refuse(fault, "O endereço tem valores demais.", NULL);
    const size_t value_len = len - (size_t)(value - text);
    /* The value first: the name's NUL takes the place of the '='. */
    if (equals && !decode_part(value, value_len, true, NULL, fault))
        return false;
    if (!decode_part(text, name_len, true, NULL, fault))
        return false;
    if (!*text)
        return refuse(fault, "O endereço tem um valor sem nome.", NULL);
    if (!check_repeats(out, text, fault))
        return false;
    out->values[out->value_count++] =
        (struct request_value){.name = text, .value = equals ? value : text + strlen(text)};
    return true;
}

/* Decodes the pairs of a text that ends with a NUL. */
static bool decode_pairs(char *text, struct decoded *out, struct decode_fault *fault)
{
    while (*text) {
        const size_t len = strcspn(text, "&");
        char *next = text + len + (text[len] == '&');
        text[len] = '\0';
        if (len && !decode_pair(text, len, out, fault))
            return false;
        text = next;
    }
    return true;
}

static void start(struct decoded *out, const char *text, size_t len)
{
    *out = (struct decoded){
        .path = "",
        .values = mem_array(DECODE_VALUES_MAX, sizeof(*out->values)),
        .memory = mem_copy_n(text, len),
        .memory_len = len,
    };
}

bool decode_target(const char *target, struct decoded *out, struct decode_fault *fault)
{
    struct decoded decoded;

    if (*target != '/')
        return refuse(fault, "O endereço não começa com uma barra.", NULL);
    start(&decoded, target, strlen(target));
    char *query = strchr(decoded.memory, '?');
    const size_t path_len = query ? (size_t)(query - decoded.memory) : strlen(decoded.memory);
    bool ok = true;
    if (query)
        ok = decode_pairs(query + 1, &decoded, fault);
    ok = ok && decode_part(decoded.memory, path_len, false, NULL, fault);
    if (!ok) {
        decoded_done(&decoded);
        return false;
    }
    decoded.path = decoded.memory;
    *out = decoded;
    return true;
}

bool decode_form(const char *body, size_t len, struct decoded *out, struct decode_fault *fault)
{
    struct decoded decoded;

    if (len && memchr(body, '\0', len))
        return refuse(fault, "O formulário tem caracteres que não são texto.", NULL);
    start(&decoded, len ? body : "", len);
    if (!decode_pairs(decoded.memory, &decoded, fault)) {
        decoded_done(&decoded);
        return false;
    }
    *out = decoded;
    return true;
}

const char *decoded_value(const struct decoded *decoded, const char *name)
{
    for (size_t i = 0; i < decoded->value_count; i++)
        if (strcmp(decoded->values[i].name, name) == 0)
            return decoded->values[i].value;
    return NULL;
}

void decoded_done(struct decoded *decoded)
{
    if (decoded->memory)
        explicit_bzero(decoded->memory, decoded->memory_len);
    free(decoded->values);
    free(decoded->memory);
    *decoded = (struct decoded){0};
}
