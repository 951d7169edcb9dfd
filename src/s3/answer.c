/* SPDX-License-Identifier: MIT */
/* Finds elements in S3's answers: they are flat, have no attributes that matter and no CDATA. */
#include "s3/answer.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Reads the reference at `from`. Returns the character, and sets *len; '\0' if it is unknown. A
 * number may stand for an ASCII character: keys of the archive have no others. */
static char reference(const char *from, size_t *len)
{
    static const struct {
        const char *reference;
        char is;
    } known[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''},
    };
    const bool is_hex = strncmp(from, "&#x", 3) == 0;
    char *end;

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        *len = strlen(known[i].reference);
        if (strncmp(from, known[i].reference, *len) == 0)
            return known[i].is;
    }
    if (strncmp(from, "&#", 2) != 0)
        return '\0';
    const unsigned long number = strtoul(from + (is_hex ? 3 : 2), &end, is_hex ? 16 : 10);
    *len = (size_t)(end - from) + 1;
    return *end == ';' && number < 128 ? (char)number : '\0';
}

/* Replaces references in place; false if one is unknown. */
static bool unescape(char *text)
{
    char *to = text;

    for (const char *from = text; *from;) {
        size_t len = 1;
        const char c = *from == '&' ? reference(from, &len) : *from;
        if (!c)
            return false;
        *to++ = c;
        from += len;
    }
    *to = '\0';
    return true;
}

char *s3_answer_text(const char *xml, const char *name, const char **end)
{
    MEM_FREE_TEXT char *opening = mem_format("<%s>", name);
    MEM_FREE_TEXT char *closing = mem_format("</%s>", name);
    const char *from = strstr(xml, opening);
    const char *to = from ? strstr(from, closing) : NULL;

    if (!to)
        return NULL;
    from += strlen(opening);
    char *text = mem_copy_n(from, (size_t)(to - from));
    if (!unescape(text)) {
        free(text);
        return NULL;
    }
    if (end)
        *end = to + strlen(closing);
    return text;
}

bool s3_answer_list(const char *xml, s3_each_key *each, void *arg, bool *more, struct error *err)
{
    MEM_FREE_TEXT char *truncated = s3_answer_text(xml, "IsTruncated", NULL);
    const char *at = strstr(xml, "<ListBucketResult");

    if (!at || !truncated)
        return error_set(err, ERROR_SYSTEM, "what answered is no list of objects: is this S3?");
    while ((at = strstr(at, "<Contents>"))) {
        const char *end;
        MEM_FREE_TEXT char *key = s3_answer_text(at, "Key", &end);
        if (!key)
            return error_set(err, ERROR_SYSTEM,
                             "the list of objects has a key that cannot be "
                             "read");
        if (!each(arg, key, err))
            return false;
        at = end;
    }
    *more = strcmp(truncated, "true") == 0;
    return true;
}
