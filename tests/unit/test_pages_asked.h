/*
 * Filters that a test asks for as an address would: "de=2026-09-01&regional=SUL".
 */
#ifndef TESTS_UNIT_TEST_PAGES_ASKED_H
#define TESTS_UNIT_TEST_PAGES_ASKED_H

#include "base/date.h"
#include "pages/filters.h"
#include "tests/support/unit.h"

#include <string.h>

#define ALL (FILTER_BIT(FILTER_COUNT) - 1)
#define LATEST "2026-11-26" /* the last day with data */
enum { PAIRS_MAX = 40, TEXT_MAX = 16384 };

/* A request of names and values, and what was read of it. */
struct asked {
    struct request_value values[PAIRS_MAX];
    size_t count;
    struct arena arena;
    struct filters filters;
    struct filters_problem problem;
};

static inline int32_t day_of(const char *iso)
{
    int32_t day = 0;

    assert_true(date_parse_iso(iso, strlen(iso), &day));
    return day;
}

static inline int hex_of(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

static inline const char *decoded(struct arena *arena, const char *text, size_t len)
{
    char *out = arena_copy(arena, text, len);
    char *to = out;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '%') {
            *to++ = (char)(hex_of(text[i + 1]) * 16 + hex_of(text[i + 2]));
            i += 2;
        } else {
            *to++ = text[i];
        }
    }
    *to = '\0';
    return out;
}

/* Reads "name=value&name=value", as a server would decode it. */
static inline bool ask_of(struct asked *asked, const char *query, uint32_t accepted,
                          const char *latest)
{
    *asked = (struct asked){0};
    while (*query) {
        const size_t len = strcspn(query, "&"), name = strcspn(query, "=");
        assert_true(asked->count < PAIRS_MAX && name < len);
        asked->values[asked->count++] = (struct request_value){
            .name = decoded(&asked->arena, query, name),
            .value = decoded(&asked->arena, query + name + 1, len - name - 1)};
        query += len + (query[len] == '&');
    }
    const struct request request = {
        .path = "/hoje", .values = asked->values, .value_count = asked->count};
    return filters_read(&request, accepted, day_of(latest), &asked->arena, &asked->filters,
                        &asked->problem);
}

static inline bool ask(struct asked *asked, const char *query)
{
    return ask_of(asked, query, ALL, LATEST);
}

static inline void ask_well(struct asked *asked, const char *query)
{
    if (!ask(asked, query))
        fail_msg("%s: %s", query, asked->problem.message);
}

#endif
