/* SPDX-License-Identifier: MIT */
/* Finds and replaces days in requests. */
#include "extract/replay/template.h"

#include "base/date.h"
#include "base/mem.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPELLED_SIZE = 16 };

/* Spellings of days; Y, M and D stand for the digits. No text is a day in two of them: what is the
 * month in ddmmyyyy would be the century in yyyymmdd, which is 20. */
static const char *const spellings[] = {
    "Y-M-D", "D-M-Y", "D/M/Y", "D%2FM%2FY", "D%2fM%2fY", "DMY", "YMD",
};

static size_t spell(int32_t day, const char *spelling, char out[SPELLED_SIZE])
{
    int year, month, dom;
    size_t len = 0;

    date_to_civil(day, &year, &month, &dom);
    for (const char *c = spelling; *c; c++) {
        int number = *c == 'Y' ? year : *c == 'M' ? month : dom;
        if (strchr("YMD", *c))
            len += (size_t)snprintf(out + len, SPELLED_SIZE - len, *c == 'Y' ? "%04d" : "%02d",
                                    number);
        else
            out[len++] = *c;
    }
    out[len] = '\0';
    return len;
}

static bool is_escape(const char *text, size_t at)
{
    return text[at] == '%' && isxdigit((unsigned char)text[at + 1]) &&
           isxdigit((unsigned char)text[at + 2]);
}

/* Whether a number, or a word if the spelling has no separators, goes on before or after the place:
 * then its digits are no day. The end of an escape such as "%20" is no such number. */
static bool is_part_of_word(const char *text, size_t at, size_t len, bool compact)
{
    unsigned char before = at ? (unsigned char)text[at - 1] : 0;
    unsigned char after = (unsigned char)text[at + len];

    if (at >= 3 && is_escape(text, at - 3))
        before = 0;
    return isdigit(before) || isdigit(after) || (compact && (isalpha(before) || isalpha(after)));
}

static void add_place(struct template *template, const struct template_place *place)
{
    template->places = mem_grow(template->places, template->count + 1, sizeof(*template->places));
    template->places[template->count++] = *place;
}

static void find_day(struct template *template, bool in_body, bool is_last)
{
    const char *text = in_body ? template->request.body : template->request.url;
    char day[SPELLED_SIZE];

    for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
        size_t len = spell(is_last ? template->last : template->first, spellings[i], day);
        bool compact = strlen(spellings[i]) == 3;
        for (const char *at = text; (at = strstr(at, day)); at += len) {
            struct template_place place = {in_body, (size_t)(at - text), spellings[i], is_last};
            if (!is_part_of_word(text, place.at, len, compact))
                add_place(template, &place);
        }
    }
}

static size_t count_places(const struct template *template, bool is_last)
{
    size_t count = 0;

    for (size_t i = 0; i < template->count; i++)
        count += template->places[i].is_last == is_last;
    return count;
}

static void find_days(struct template *template)
{
    for (int is_last = 0; is_last <= 1; is_last++) {
        find_day(template, false, is_last);
        if (template->request.body)
            find_day(template, true, is_last);
    }
}

/* Compares two places for qsort: the address before the body, then by position. */
static int by_place(const void *a, const void *b)
{
    const struct template_place *one = a, *other = b;

    if (one->in_body != other->in_body)
        return one->in_body - other->in_body;
    return (one->at > other->at) - (one->at < other->at);
}

/* Whether two places overlap, as in "24-10-2026-11-23", where one day ends and another begins in
 * the same digits. Then other days cannot be filled in. Sorts the places. */
static bool have_common_digits(struct template *template)
{
    char day[SPELLED_SIZE];

    qsort(template->places, template->count, sizeof(*template->places), by_place);
    for (size_t i = 1; i < template->count; i++) {
        const struct template_place *one = &template->places[i - 1], *next = one + 1;
        const size_t len = spell(template->first, one->spelling, day);
        if (one->in_body == next->in_body && next->at < one->at + len)
            return true;
    }
    return false;
}

bool template_holds(const struct request *request, int32_t first, int32_t last)
{
    struct template view = {
        .request = *request, .first = first, .last = last}; /* borrows the request */

    find_days(&view);
    bool both = count_places(&view, false) && count_places(&view, true);
    free(view.places);
    return both;
}

bool template_learn(const struct request *request, int32_t first, int32_t last,
                    struct template *out, const char **why)
{
    struct template made = {.first = first, .last = last};

    if (first == last) {
        *why = "a window of one day does not tell its first day from its last";
        return false;
    }
    request_copy(request, &made.request);
    find_days(&made);
    size_t firsts = count_places(&made, false), lasts = count_places(&made, true);
    if (!firsts || !lasts) {
        *why = "its days are not both in the request";
        template_done(&made);
        return false;
    }
    if (have_common_digits(&made)) {
        *why = "its days have digits in common";
        template_done(&made);
        return false;
    }
    made.certain = firsts == 1 && lasts == 1;
    *out = made;
    return true;
}

static char *text_of(const struct request *request, bool in_body)
{
    return in_body ? request->body : request->url;
}

static void write_days(const struct template *template, int32_t first, int32_t last,
                       struct request *request)
{
    char day[SPELLED_SIZE];

    for (size_t i = 0; i < template->count; i++) {
        const struct template_place *place = &template->places[i];
        size_t len = spell(place->is_last ? last : first, place->spelling, day);
        memcpy(text_of(request, place->in_body) + place->at, day, len);
    }
}

/* Keeps the places that hold the other window's day in its request. False if a place holds neither
 * that day nor the old one. */
static bool keep_varying_places(struct template *template, const struct request *request,
                                int32_t first, int32_t last)
{
    char new_day[SPELLED_SIZE], old_day[SPELLED_SIZE];
    size_t kept = 0;

    for (size_t i = 0; i < template->count; i++) {
        const struct template_place *place = &template->places[i];
        const char *text = text_of(request, place->in_body) + place->at;
        size_t len = spell(place->is_last ? last : first, place->spelling, new_day);
        spell(place->is_last ? template->last : template->first, place->spelling, old_day);
        if (memcmp(text, new_day, len) == 0)
            template->places[kept++] = *place;
        else if (memcmp(text, old_day, len) != 0)
            return false;
    }
    template->count = kept;
    return true;
}

static bool is_as_long(const struct request *one, const struct request *other)
{
    return strlen(one->url) == strlen(other->url) && one->body_len == other->body_len;
}

bool template_confirm(struct template *template, const struct request *request, int32_t first,
                      int32_t last, const char **why)
{
    struct request expected = {0};

    if (first == template->first || last == template->last || first == last)
        return true;
    if (!is_as_long(&template->request, request) ||
        !keep_varying_places(template, request, first, last)) {
        *why = "two windows' requests differ in more than their days";
        return false;
    }
    if (!count_places(template, false) || !count_places(template, true)) {
        *why = "the window's days are not both in the request";
        return false;
    }
    template->certain = true;
    template_fill(template, first, last, &expected);
    bool same = request_asks_same(&expected, request);
    request_done(&expected);
    if (!same)
        *why = "two windows' requests differ in more than their days";
    return same;
}

void template_fill(const struct template *template, int32_t first, int32_t last,
                   struct request *out)
{
    assert(template->certain);
    request_copy(&template->request, out);
    write_days(template, first, last, out);
}

void template_done(struct template *template)
{
    request_done(&template->request);
    free(template->places);
    *template = (struct template){0};
}
