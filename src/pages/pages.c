/* SPDX-License-Identifier: MIT */
/* Answers requests. */
#include "pages/pages.h"

#include "base/clock.h"
#include "layers/catalog.h"
#include "pages/error_page.h"
#include "pages/frame.h"
#include "pages/freshness.h"
#include "pages/html.h"
#include "pages/kinds.h"
#include "pages/models.h"
#include "pages/rows.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 64 * 1024, CHARTS_MAX = 4 * 1024 * 1024 };

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const struct page_kind *find_kind(const char *path)
{
    for (size_t i = 0; i < PAGE_KIND_COUNT; i++)
        if (strcmp(page_kinds[i]->path, path) == 0)
            return page_kinds[i];
    return NULL;
}

/* A page of the navigation whose frame is around its content. */
static bool write_page(struct page *page, const struct page_kind *kind, struct answer *out,
                       struct error *err)
{
    BUF_DONE struct buf line = BUF_INIT(LINE_MAX_BYTES), title = BUF_INIT(LINE_MAX_BYTES);
    struct freshness freshness;

    if (!freshness_read(page->reader, clock_now(), page->arena, &freshness, err))
        return false;
    freshness_html(&freshness, true, &line);
    buf_add_text(&title, kind->name);
    if (kind->filters) {
        buf_add_text(&title, " · ");
        filters_sentence(&title, &page->filters);
    }
    frame_begin(&out->body, page->request, buf_text(&title), buf_text(&line));
    chart_data_begin(&page->charts);
    if (!page_content(page, kind, err))
        return false;
    chart_data_end(&page->charts);
    frame_end(&out->body, page->request, buf_text(&page->charts));
    return !out->body.full || error_set(err, ERROR_SYSTEM, "%s: the page is too large", kind->path);
}

static bool answer_page(struct page *page, const struct page_kind *kind, struct answer *out,
                        struct error *err)
{
    struct filters_problem problem;

    if (!page->ref.there) {
        pages_error(page->request, 503, "sem_dados",
                    "Nada foi copiado ainda. A página aparece depois do primeiro ciclo.", NULL,
                    out);
        return true;
    }
    if (!page_filters(page, kind, &problem)) {
        pages_error(page->request, 400, "filtro_invalido", problem.message, problem.field, out);
        return true;
    }
    return write_page(page, kind, out, err);
}

static bool answer_freshness(struct page *page, struct answer *out, struct error *err)
{
    struct freshness freshness;

    if (!freshness_read(page->reader, clock_now(), page->arena, &freshness, err))
        return false;
    out->type = ANSWER_JSON;
    freshness_json(&freshness, &out->body);
    return true;
}

static bool route(struct page *page, struct answer *out, struct error *err)
{
    const struct request *request = page->request;
    const char *path = request->path;
    const struct page_kind *kind = find_kind(path);

    if (kind)
        return answer_page(page, kind, out, err);
    if (strcmp(path, "/") == 0) {
        out->status = 303;
        snprintf(out->location, sizeof(out->location), "/hoje");
        return true;
    }
    if (strcmp(path, "/linhas") == 0)
        return rows_answer(page, out, err);
    if (begins(path, "/linha/"))
        return row_answer(page, path + strlen("/linha/"), out, err);
    if (strcmp(path, "/api/frescor") == 0)
        return answer_freshness(page, out, err);
    if (begins(path, "/csv/"))
        return models_csv(page->reader, request, path + strlen("/csv/"), out, err);
    if (begins(path, "/api/"))
        return models_json(page->reader, request, path + strlen("/api/"), out, err);
    pages_error(request, 404, "nao_encontrado", "Essa página não existe.", NULL, out);
    return true;
}

bool pages_answer(struct destination *reader, const struct request *request, struct answer *out,
                  struct error *err)
{
    struct arena arena = {0};
    struct page page = {
        .reader = reader,
        .request = request,
        .path = request->path,
        .arena = &arena,
        .out = &out->body,
        .charts = BUF_INIT(CHARTS_MAX),
    };
    bool installed;

    bool ok = catalog_exists(reader, &installed, err);
    if (ok && !installed)
        pages_error(request, 503, "sem_camadas",
                    "Este banco ainda não tem as camadas: rode `etl-sigos layers`.", NULL, out);
    else if (ok)
        ok = reference_read(reader, &arena, &page.ref, err) && route(&page, out, err);
    buf_done(&page.charts);
    arena_done(&arena);
    return ok;
}
