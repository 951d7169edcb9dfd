/* SPDX-License-Identifier: MIT */
/*
 * The days in a request. The input is a page: the days of three windows, then the URL and, after a
 * line feed, the body of the request that the page makes for any window. In both, a byte of 1 to 7
 * stands for the window's first day in one of seven spellings, and a byte of 14 to 20 for its last
 * day; all other bytes are the same in every request. So the target knows the page's request for
 * each window. A template must make the same request. Where no digits beside the days can be
 * mistaken for a part of them, a template must be found.
 */
#include "base/buf.h"
#include "base/date.h"
#include "extract/replay/template.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WINDOWS = 3, SPELLINGS = 7, LAST_DAYS = 14, HEAD = 4 * WINDOWS, PAGE_MAX = 16 << 20 };

struct days {
    int32_t first, last;
};

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* Makes a day of this century, as portals have them. In other centuries two days may have the same
 * spelling. */
static int32_t day_of(const uint8_t *bytes)
{
    const int32_t first = date_from_civil(2000, 1, 1), end = date_from_civil(2100, 1, 1);

    return first + (bytes[0] << 8 | bytes[1]) % (end - first);
}

static void add_day(struct buf *out, int32_t day, int spelling)
{
    int y, m, d;

    date_to_civil(day, &y, &m, &d);
    switch (spelling) {
    case 0:
        buf_addf(out, "%04d-%02d-%02d", y, m, d);
        break;
    case 1:
        buf_addf(out, "%02d-%02d-%04d", d, m, y);
        break;
    case 2:
        buf_addf(out, "%02d/%02d/%04d", d, m, y);
        break;
    case 3:
        buf_addf(out, "%02d%%2F%02d%%2F%04d", d, m, y);
        break;
    case 4:
        buf_addf(out, "%02d%%2f%02d%%2f%04d", d, m, y);
        break;
    case 5:
        buf_addf(out, "%02d%02d%04d", d, m, y);
        break;
    default:
        buf_addf(out, "%04d%02d%02d", y, m, d);
    }
}

static bool is_day(char c, int from)
{
    return c >= from && c < from + SPELLINGS;
}

static char *write_page(const char *page, size_t len, struct days days, size_t *out_len)
{
    struct buf out = BUF_INIT(PAGE_MAX);

    for (size_t i = 0; i < len; i++) {
        const int c = (unsigned char)page[i];
        if (is_day(page[i], 1))
            add_day(&out, days.first, c - 1);
        else if (is_day(page[i], LAST_DAYS))
            add_day(&out, days.last, c - LAST_DAYS);
        else
            buf_add_char(&out, page[i]);
    }
    *out_len = out.len;
    return buf_detach(&out);
}

/* Makes the request of the page. */
static struct request ask(const char *page, size_t len, struct days days)
{
    const char *body = memchr(page, '\n', len);
    struct request request = {.method = strdup(body ? "POST" : "GET")};
    size_t url_len;

    request.url = write_page(page, body ? (size_t)(body - page) : len, days, &url_len);
    if (body)
        request.body =
            write_page(body + 1, (size_t)(page + len - body - 1), days, &request.body_len);
    return request;
}

/* Both days are in it, apart from each other, with nothing but signs between them. */
static bool is_plain(const char *page, size_t len)
{
    bool first = false, last = false;

    for (size_t i = 0; i < len; i++) {
        const bool day = is_day(page[i], 1) || is_day(page[i], LAST_DAYS);
        if (day ? i + 1 < len && (unsigned char)page[i + 1] <= LAST_DAYS + SPELLINGS &&
                      page[i + 1] != '\n'
                : !page[i] || !strchr("\n?&=;", page[i]))
            return false;
        first |= is_day(page[i], 1);
        last |= is_day(page[i], LAST_DAYS);
    }
    return first && last;
}

static void check_places(const struct template *template)
{
    for (size_t i = 0; i < template->count; i++) {
        const struct template_place *place = &template->places[i];
        const char *text = place->in_body ? template->request.body : template->request.url;
        demand(place->at < strlen(text), "a place is in its text");
    }
}

/* Asserts that the template makes the request that it was made of, and that its days are found in
 * other requests. */
static void check_certain(const struct template *template, const struct days *days)
{
    struct request own, other;

    template_fill(template, days[0].first, days[0].last, &own);
    demand(request_asks_same(&own, &template->request), "the own days give the own request");
    request_done(&own);
    template_fill(template, days[2].first, days[2].last, &other);
    demand(strlen(other.url) == strlen(template->request.url), "an address keeps its length");
    demand(template_holds(&other, days[2].first, days[2].last), "the days put in are found");
    request_done(&other);
}

/* Two windows without a common day have shown which fields follow the window. */
static void check_confirmed(struct template *template, const char *page, size_t len,
                            const struct days *days)
{
    struct request second = ask(page, len, days[1]), third = ask(page, len, days[2]), filled;
    const char *why = NULL;

    if (!template_confirm(template, &second, days[1].first, days[1].last, &why)) {
        demand(why && *why, "a reason is given");
        demand(!is_plain(page, len), "a plain request follows its days");
    } else if (days[1].first != days[1].last && days[1].first != days[0].first &&
               days[1].last != days[0].last) {
        demand(template->certain, "what was confirmed is certain");
        template_fill(template, days[2].first, days[2].last, &filled);
        demand(request_asks_same(&filled, &third), "a template asks for what the page would");
        request_done(&filled);
        check_certain(template, days);
    }
    request_done(&second);
    request_done(&third);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct days days[WINDOWS];
    struct template template = {0};
    const char *why = NULL;

    if (size < HEAD)
        return 0;
    for (size_t i = 0; i < WINDOWS; i++)
        days[i] = (struct days){day_of(data + 4 * i), day_of(data + 4 * i + 2)};
    const char *page = (const char *)data + HEAD;
    struct request first = ask(page, size - HEAD, days[0]);
    const bool holds = template_holds(&first, days[0].first, days[0].last);
    const bool learned = template_learn(&first, days[0].first, days[0].last, &template, &why);
    demand(!learned || holds, "a template is made of what holds both days");
    demand(learned || (why && *why), "a reason is given");
    demand(learned || days[0].first == days[0].last || !is_plain(page, size - HEAD),
           "a plain request is a template");
    if (learned) {
        check_places(&template);
        if (template.certain)
            check_certain(&template, days);
        check_confirmed(&template, page, size - HEAD, days);
    }
    template_done(&template);
    request_done(&first);
    return 0;
}
