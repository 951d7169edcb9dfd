/* SPDX-License-Identifier: MIT */
/* Counts answers by kind of address and status. */
#include "serve/counters.h"

#include "base/mem.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = 6 }; /* 1xx to 5xx; 0 is none */

struct counters {
    pthread_mutex_t lock;
    uint64_t answers[ROUTE_KINDS][CLASSES];
    uint64_t milliseconds[ROUTE_KINDS];
};

static const char *const names[ROUTE_KINDS] = {"page", "data", "file", "access", "other"};

struct counters *counters_new(void)
{
    struct counters *counters = mem_alloc(sizeof(*counters));

    pthread_mutex_init(&counters->lock, NULL);
    return counters;
}

void counters_free(struct counters *counters)
{
    if (!counters)
        return;
    pthread_mutex_destroy(&counters->lock);
    free(counters);
}

enum route_kind counters_kind(const char *target)
{
    static const struct {
        const char *begin;
        enum route_kind kind;
    } kinds[] = {
        {"/api/", ROUTE_DATA},          {"/csv/", ROUTE_DATA},         {"/estatico/", ROUTE_FILE},
        {"/entrar", ROUTE_ACCESS},      {"/sair", ROUTE_ACCESS},       {"/hoje", ROUTE_PAGE},
        {"/produtividade", ROUTE_PAGE}, {"/qualidade", ROUTE_PAGE},    {"/receita", ROUTE_PAGE},
        {"/territorio", ROUTE_PAGE},    {"/auditoria", ROUTE_PAGE},    {"/pipeline", ROUTE_PAGE},
        {"/linha", ROUTE_PAGE},         {"/configuracao", ROUTE_PAGE},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strncmp(target, kinds[i].begin, strlen(kinds[i].begin)) == 0)
            return kinds[i].kind;
    return ROUTE_OTHER;
}

void counters_note(struct counters *counters, enum route_kind kind, int status, int64_t ms)
{
    const int class = status / 100;

    pthread_mutex_lock(&counters->lock);
    counters->answers[kind][class > 0 && class < CLASSES ? class : 0]++;
    counters->milliseconds[kind] += (uint64_t)(ms > 0 ? ms : 0);
    pthread_mutex_unlock(&counters->lock);
}

static void add_answers(const struct counters *counters, struct buf *out)
{
    buf_add_text(out, "# HELP etl_sigos_serve_requests_total Requests that were answered.\n"
                      "# TYPE etl_sigos_serve_requests_total counter\n");
    for (size_t kind = 0; kind < ROUTE_KINDS; kind++)
        for (size_t class = 1; class < CLASSES; class ++)
            if (counters->answers[kind][class])
                buf_addf(out,
                         "etl_sigos_serve_requests_total{kind=\"%s\",status=\"%zuxx\"} %" PRIu64
                         "\n",
                         names[kind], class, counters->answers[kind][class]);
}

static uint64_t sum(const uint64_t numbers[CLASSES])
{
    uint64_t total = 0;

    for (size_t i = 0; i < CLASSES; i++)
        total += numbers[i];
    return total;
}

void counters_add(struct counters *counters, struct buf *out)
{
    pthread_mutex_lock(&counters->lock);
    add_answers(counters, out);
    buf_add_text(out, "# HELP etl_sigos_serve_request_seconds How long making answers took.\n"
                      "# TYPE etl_sigos_serve_request_seconds summary\n");
    for (size_t kind = 0; kind < ROUTE_KINDS; kind++) {
        buf_addf(out, "etl_sigos_serve_request_seconds_sum{kind=\"%s\"} %.3f\n", names[kind],
                 (double)counters->milliseconds[kind] / 1000);
        buf_addf(out, "etl_sigos_serve_request_seconds_count{kind=\"%s\"} %" PRIu64 "\n",
                 names[kind], sum(counters->answers[kind]));
    }
    pthread_mutex_unlock(&counters->lock);
}
