/* SPDX-License-Identifier: MIT */
/* Reads, renders, keeps and marks pages. */
#include "serve/view.h"

#include "base/clock.h"
#include "base/mem.h"
#include "layers/catalog.h"
#include "serve/fault.h"
#include "serve/token.h"
#include "serve/edition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAGE_QUERY_MS = 5 * 1000,
    CSV_QUERY_MS = 60 * 1000,
    OLD_PAGE_SECONDS = 24 * 60 * 60,
    TOKENS_MAX = 64,
    VIEWER_DIGITS = 12,
};

/* The tokens of a page that is being made. */
struct tokens {
    const struct visit *visit;
    char *made[TOKENS_MAX];
    size_t count;
};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Implements form_token of struct site. */
static const char *make_token(void *arg, const char *path)
{
    struct tokens *tokens = arg;
    const struct visit *visit = tokens->visit;
    const struct serve_options *options = visit->router->options;
    const bool allowed = strcmp(path, "/executar") == 0 ? options->allow_run
                         : begins(path, "/janelas/")    ? options->allow_accept
                                                        : false;

    if (!allowed || tokens->count == TOKENS_MAX)
        return NULL;
    char *token = mem_alloc(TOKEN_SIZE);
    tokens->made[tokens->count++] = token;
    return token_make(visit->key, SESSION_KEY_SIZE, path, token);
}

static void tokens_done(struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        free(tokens->made[i]);
}

/* Writes what a page depends on besides the data: with buttons, whose tokens are in it. */
static void name_viewer(const struct visit *visit, char out[VIEWER_DIGITS + 1])
{
    const struct serve_options *options = visit->router->options;
    char token[TOKEN_SIZE];

    out[0] = '\0';
    if (options->allow_run || options->allow_accept)
        snprintf(out, VIEWER_DIGITS + 1, "%s", token_make(visit->key, SESSION_KEY_SIZE, "", token));
}

/* What /api tells of a run that is going on, or of the present minute. */
static bool is_live(const char *path)
{
    return strcmp(path, "/api/execucao") == 0 || strcmp(path, "/api/frescor") == 0;
}

static bool is_csv(const char *path)
{
    return begins(path, "/csv/");
}

static const char *type_of(enum answer_type type)
{
    return type == ANSWER_JSON ? TYPE_JSON : type == ANSWER_CSV ? TYPE_CSV : TYPE_HTML;
}

static void take_answer(struct answer *answer, struct reply *out)
{
    out->status = answer->status;
    out->type = type_of(answer->type);
    buf_done(&out->body);
    out->body = answer->body;
    answer->body = BUF_INIT(0);
    out->file = answer->file;
    answer->file = NULL;
    snprintf(out->file_name, sizeof(out->file_name), "%s", answer->file_name);
    snprintf(out->location, sizeof(out->location), "%s", answer->location);
}

/* Has the page made. */
static bool render(const struct visit *visit, struct reader *reader, struct reply *out,
                   struct error *err)
{
    struct tokens tokens = {.visit = visit};
    struct site site = visit->site;
    const struct request request = {
        .path = visit->asked.path,
        .values = visit->asked.values,
        .value_count = visit->asked.value_count,
        .site = &site,
    };
    struct answer answer;

    if (visit->router->options->allow_run || visit->router->options->allow_accept) {
        site.form_token = make_token;
        site.form_token_arg = &tokens;
    }
    answer_init(&answer);
    const bool ok = visit->router->make_page(reader->dest, &request, &answer, err);
    if (ok)
        take_answer(&answer, out);
    answer_done(&answer);
    tokens_done(&tokens);
    return ok;
}

/* Marks the answer with its version, and keeps it. What was not made whole, because a query of it
 * took too long, is not kept. */
static void keep(const struct visit *visit, const struct reader *reader, const char *key,
                 const struct edition *edition, struct reply *out)
{
    if (out->status != 200 || out->file || is_csv(visit->asked.path) ||
        is_live(visit->asked.path) || reader->dest->read_failed)
        return;
    struct page page = {.type = out->type, .made_at = clock_now(), .body = out->body};
    snprintf(page.etag, sizeof(page.etag), "%s", edition->tag);
    if (edition->loaded_at)
        edition_http_date(edition->loaded_at, page.last_modified);
    cache_keep(visit->router->cache, key, &page);
    out->cache = CACHE_ASK;
    snprintf(out->etag, sizeof(out->etag), "%s", page.etag);
    snprintf(out->last_modified, sizeof(out->last_modified), "%s", page.last_modified);
}

/* Answers with what the browser or the cache has of this version, if they have it. */
static bool answer_from_memory(const struct visit *visit, const char *key,
                               const struct edition *edition, struct reply *out)
{
    struct page page = {.body = out->body};

    if (is_live(visit->asked.path) || is_csv(visit->asked.path))
        return false;
    const bool has_it = edition_matches(visit->in->if_none_match, edition->tag);
    if (has_it)
        out->status = 304;
    else if (cache_find(visit->router->cache, key, edition->tag, &page))
        out->type = page.type;
    else
        return false;
    out->body = page.body;
    out->cache = CACHE_ASK;
    snprintf(out->etag, sizeof(out->etag), "%s", edition->tag);
    if (edition->loaded_at)
        edition_http_date(edition->loaded_at, out->last_modified);
    return true;
}

static bool read_edition(const struct visit *visit, struct reader *reader, const char *viewer,
                         struct edition *out, struct error *err)
{
    if (!reader->has_layers && !catalog_exists(reader->dest, &reader->has_layers, err))
        return false;
    return edition_read(reader->dest, reader->has_layers, visit->router->options->version, viewer,
                        clock_now(), out, err);
}

/* An answer that is being made. */
struct answering {
    const struct visit *visit;
    struct reader *reader;
    const char *key, *viewer;
    struct reply *out;
};

static bool answer_in_read(void *arg, struct destination *dest, struct error *err)
{
    const struct answering *answering = arg;
    const struct visit *visit = answering->visit;
    struct reader *reader = answering->reader;
    struct reply *out = answering->out;
    const char *key = answering->key;
    struct edition edition;

    (void)dest;

    if (!read_edition(visit, reader, answering->viewer, &edition, err))
        return false;
    if (!reader->has_layers) {
        fault_answer(
            visit, 503, "sem_camadas",
            "Faltam as visões das páginas. Elas são criadas pelo comando etl-sigos layers.", NULL,
            out);
        return true;
    }
    if (answer_from_memory(visit, key, &edition, out))
        return true;
    if (!render(visit, reader, out, err))
        return false;
    keep(visit, reader, key, &edition, out);
    return true;
}

/* Puts a line below <body> that says of when the page is. */
static void add_banner(struct buf *body, time_t made_at)
{
    const char *tag = body->len ? strstr(body->data, "<body") : NULL;
    const char *end = tag ? strchr(tag, '>') : NULL;
    BUF_DONE struct buf all = BUF_INIT(REPLY_BODY_MAX);
    char stamp[CLOCK_STAMP_SIZE];

    if (!end)
        return;
    const size_t before = (size_t)(end + 1 - body->data);
    clock_format_local(made_at, stamp); /* "2026-11-23 18:30:01" */
    buf_add(&all, body->data, before);
    buf_addf(&all,
             "<div class=\"frescor erro\" role=\"alert\"><div class=\"faixa\"><span "
             "class=\"sinal\"><strong>O banco de dados não responde. Esta página foi feita em "
             "%.2s/%.2s/%.4s, %.5s.</strong></span></div></div>",
             stamp + 8, stamp + 5, stamp, stamp + 11);
    buf_add(&all, body->data + before, body->len - before);
    const struct buf old = *body;
    *body = all;
    all = old;
}

/* Shows the last page that was made for the address, if it is not too old. */
static bool answer_with_old_page(const struct visit *visit, const char *key, struct reply *out)
{
    struct page page = {.body = BUF_INIT(REPLY_BODY_MAX)};

    if (!cache_find(visit->router->cache, key, NULL, &page))
        return false;
    if (strcmp(page.type, TYPE_HTML) != 0 || clock_now() - page.made_at > OLD_PAGE_SECONDS) {
        buf_done(&page.body);
        return false;
    }
    add_banner(&page.body, page.made_at);
    buf_done(&out->body);
    out->body = page.body;
    out->type = page.type;
    return true;
}

/* Whether the database is away, and not only too busy, or stopped, or without data. */
static bool is_away(const struct error *err)
{
    return err->kind == ERROR_DATABASE && !err->divisible && !err->retry_after_s;
}

static bool answer_with_reader(const struct visit *visit, const char *key, const char *viewer,
                               struct reply *out, struct error *err)
{
    struct answering answering = {.visit = visit, .key = key, .viewer = viewer, .out = out};

    if (!readers_take(visit->router->readers, &answering.reader, err))
        return false;
    const bool ok = destination_read(answering.reader->dest,
                                     is_csv(visit->asked.path) ? CSV_QUERY_MS : PAGE_QUERY_MS,
                                     answer_in_read, &answering, err);
    readers_give(visit->router->readers, answering.reader, !ok && !err->divisible);
    return ok;
}

void view_answer(const struct visit *visit, struct reply *out)
{
    char viewer[VIEWER_DIGITS + 1];
    struct error err = {0};

    name_viewer(visit, viewer);
    MEM_FREE_TEXT char *key = mem_format("%s %s", viewer, visit->in->target);
    if (answer_with_reader(visit, key, viewer, out, &err))
        return;
    if (is_away(&err) && answer_with_old_page(visit, key, out))
        return;
    fault_of_error(visit, &err, out);
}
