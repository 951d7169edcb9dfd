/* SPDX-License-Identifier: MIT */
/* Finds elements in S3's answers: they are flat, have no attributes that matter and no CDATA. */
#include "s3/answer.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Replaces references in place; false if one is unknown. */
static bool unescape(char *text)
{
    static const struct {
        const char *reference;
        char is;
    } known[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''},
    };
    char *to = text;

    for (const char *from = text; *from;) {
        size_t i = 0;
        if (*from != '&') {
            *to++ = *from++;
            continue;
        }
        while (i < sizeof(known) / sizeof(*known) &&
               strncmp(from, known[i].reference, strlen(known[i].reference)) != 0)
            i++;
        if (i == sizeof(known) / sizeof(*known))
            return false;
        *to++ = known[i].is;
        from += strlen(known[i].reference);
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
