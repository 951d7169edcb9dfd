/* SPDX-License-Identifier: MIT */
/*
 * The filters of a page, as lines of name=value. Any bytes are refused with a field and a message,
 * or give filters. Written as a link and read again, these are the same filters. As JSON they can
 * be read, and as SQL they have as many places as values and none of the request's text.
 */
#include "base/buf.h"
#include "base/date.h"
#include "pages/filters.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ALL (FILTER_BIT(FILTER_COUNT) - 1)
enum { PAIRS_MAX = 64, TEXT_MAX = 1 << 20, LATEST = 20783 /* 2026-11-26 */ };

struct pairs {
    struct request_value values[PAIRS_MAX];
    size_t count;
    struct arena arena;
};

static void demand(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void split(const char *text, size_t len, struct pairs *out)
{
    const char *end = text + len;

    while (text < end && out->count < PAIRS_MAX) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        if (!line_end)
            line_end = end;
        const char *equals = memchr(text, '=', (size_t)(line_end - text));
        if (equals)
            out->values[out->count++] = (struct request_value){
                .name = arena_copy(&out->arena, text, (size_t)(equals - text)),
                .value = arena_copy(&out->arena, equals + 1, (size_t)(line_end - equals - 1))};
        text = line_end + 1;
    }
}

static char *decoded(struct arena *arena, const char *text, size_t len)
{
    char *out = arena_copy(arena, text, len), *to = out;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '%') {
            const char digits[] = {text[i + 1], text[i + 2], '\0'};
            *to++ = (char)strtol(digits, NULL, 16);
            i += 2;
        } else {
            *to++ = text[i];
        }
    }
    *to = '\0';
    return out;
}

/* Splits the query of a link. */
static void split_link(const char *link, struct pairs *out)
{
    const char *at = strchr(link, '?');

    while (at && *at) {
        at++;
        const size_t len = strcspn(at, "&"), name = strcspn(at, "=");
        demand(name < len && out->count < PAIRS_MAX, "a link has pairs");
        out->values[out->count++] = (struct request_value){
            decoded(&out->arena, at, name), decoded(&out->arena, at + name + 1, len - name - 1)};
        at += len;
    }
}

static bool read_pairs(struct pairs *pairs, struct filters *out, struct filters_problem *problem)
{
    const struct request request = {
        .path = "/hoje", .values = pairs->values, .value_count = pairs->count};

    return filters_read(&request, ALL, LATEST, &pairs->arena, out, problem);
}

static void demand_same(const struct filters *one, const struct filters *other)
{
    for (enum filter filter = 0; filter < FILTER_COUNT; filter++) {
        const char *first = one->values[filter], *second = other->values[filter];
        demand((first == NULL) == (second == NULL), "the same filters are given");
        demand(!first || strcmp(first, second) == 0, "a value is the same");
    }
    demand(one->team_count == other->team_count, "there are as many teams");
    for (size_t i = 0; i < one->team_count; i++)
        demand(strcmp(one->teams[i], other->teams[i]) == 0, "a team is the same");
    demand(one->has_first == other->has_first && one->first == other->first &&
               one->has_last == other->has_last && one->last == other->last,
           "the days are the same");
    demand(one->limit == other->limit, "the limit is the same");
}

static void check_link(const struct filters *filters)
{
    BUF_DONE struct buf link = BUF_INIT(TEXT_MAX);
    struct pairs again = {0};
    struct filters read = {0};
    struct filters_problem problem;

    filters_link(&link, "/linhas", ALL, filters, NULL, 0);
    demand(strspn(buf_text(&link), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789-._~%/?&=") == link.len,
           "a link needs no escaping but of &");
    split_link(buf_text(&link), &again);
    demand(read_pairs(&again, &read, &problem), "what is written reads");
    demand_same(filters, &read);
    arena_done(&again.arena);
}

static void check_json(const struct filters *filters)
{
    BUF_DONE struct buf json = BUF_INIT(TEXT_MAX);

    filters_json(&json, filters);
    demand(!strpbrk(buf_text(&json), "<>&"), "JSON may stand in a page");
    json_t *root = json_loadb(buf_text(&json), json.len, 0, NULL);
    demand(json_is_object(root), "JSON is JSON");
    json_decref(root);
}

static void check_sql(const struct filters *filters, struct arena *arena)
{
    static const struct filter_columns columns = {.date = "dia",
                                                  .grain = GRAIN_WEEK,
                                                  .regional = "regional",
                                                  .grupo = "grupo",
                                                  .equipe = "equipe",
                                                  .municipio = "municipio",
                                                  .tipo = "tipo",
                                                  .motivo = "motivo"};
    BUF_DONE struct buf sql = BUF_INIT(TEXT_MAX);
    struct sql_values values = {.arena = arena};
    size_t places = 0;

    demand(filters_where(&sql, &values, filters, &columns) == 0, "every filter has its column");
    for (const char *c = buf_text(&sql); *c; c++)
        places += *c == '$';
    demand(places == values.count, "every value has its place");
    demand(strspn(buf_text(&sql), " abcdefghijklmnopqrstuvwxyzANDI$0123456789<>=(),") == sql.len,
           "SQL has only our words");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pairs pairs = {0};
    struct filters filters = {0};
    struct filters_problem problem = {0};
    BUF_DONE struct buf sentence = BUF_INIT(TEXT_MAX);
    int32_t from = 0, to = 0;

    split((const char *)data, size, &pairs);
    if (read_pairs(&pairs, &filters, &problem)) {
        filters_sentence(&sentence, &filters);
        demand(!filters_band(&filters, &from, &to) || from <= to, "a band has its ends in order");
        check_link(&filters);
        check_json(&filters);
        check_sql(&filters, &pairs.arena);
    } else {
        demand(strncmp(problem.message, problem.field, strlen(problem.field)) == 0,
               "a message begins with its field");
        demand(strlen(problem.message) > strlen(problem.field) + 2, "a message says something");
    }
    arena_done(&pairs.arena);
    return 0;
}
