/* SPDX-License-Identifier: MIT */
/* Writes all pages into one file. */
#include "pages/report_file.h"

#include "base/clock.h"
#include "layers/catalog.h"
#include "pages/frame.h"
#include "pages/freshness.h"
#include "pages/html.h"
#include "pages/kinds.h"

#include <openssl/evp.h>
#include <string.h>

enum { TEXT_MAX = 64 * 1024, CHARTS_MAX = 4 * 1024 * 1024, VALUES_MAX = 64, HASH_TEXT = 48 };

/* Adds 'sha256-…', by which a browser knows a script or style that may run. */
static bool add_hash(struct buf *out, const char *bytes, size_t len, struct error *err)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned char text[HASH_TEXT];
    unsigned hash_len;

    if (!EVP_Digest(bytes, len, hash, &hash_len, EVP_sha256(), NULL))
        return error_set(err, ERROR_SYSTEM, "OpenSSL has no SHA-256");
    EVP_EncodeBlock(text, hash, (int)hash_len);
    buf_addf(out, " 'sha256-%s'", (const char *)text);
    return true;
}

/* Nothing but the bytes of this file may run or be shown. */
static bool add_policy(struct buf *out, const struct report_assets *assets, struct error *err)
{
    buf_add_text(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
                      " img-src data:; base-uri 'none'; form-action 'none'; script-src");
    if (!add_hash(out, assets->chart, assets->chart_len, err) ||
        !add_hash(out, assets->script, assets->script_len, err))
        return false;
    buf_add_text(out, "; style-src");
    if (!add_hash(out, assets->style, assets->style_len, err))
        return false;
    buf_add_text(out, "\">\n<style>");
    buf_add(out, assets->style, assets->style_len);
    buf_add_text(out, "</style>\n</head>\n<body class=\"relatorio\">");
    return true;
}

static void add_script(struct buf *out, const char *bytes, size_t len)
{
    buf_add_text(out, "<script>");
    buf_add(out, bytes, len);
    buf_add_text(out, "</script>\n");
}

static enum filter filter_of(const char *name)
{
    enum filter filter = 0;

    while (filter < FILTER_COUNT && strcmp(filter_name(filter), name) != 0)
        filter++;
    return filter;
}

/* The filters that a page of that kind has, among those that are given. */
static size_t choose(const struct request_value *values, size_t count, uint32_t set,
                     struct request_value *out)
{
    size_t chosen = 0;

    for (size_t i = 0; i < count; i++) {
        const enum filter filter = filter_of(values[i].name);
        if (filter < FILTER_COUNT && set & FILTER_BIT(filter))
            out[chosen++] = values[i];
    }
    return chosen;
}

static bool check_names(const struct request_value *values, size_t count, struct error *err)
{
    uint32_t set = 0;

    if (count > VALUES_MAX)
        return error_set(err, ERROR_CONFIG, "more than %d filters", VALUES_MAX);
    for (size_t i = 0; i < PAGE_KIND_COUNT; i++)
        set |= page_kinds[i]->filters;
    for (size_t i = 0; i < count; i++) {
        const enum filter filter = filter_of(values[i].name);
        if (filter == FILTER_COUNT || !(set & FILTER_BIT(filter)))
            return error_set(err, ERROR_CONFIG, "%s: nenhuma página tem esse filtro",
                             values[i].name);
    }
    return true;
}

/* One page: its own filters, the charts with those of all. */
static bool add_page(struct page *page, const struct page_kind *kind,
                     const struct request_value *values, size_t count, struct error *err)
{
    struct request_value own[VALUES_MAX];
    const struct request request = {
        .path = kind->path,
        .values = own,
        .value_count = choose(values, count, kind->filters, own),
        .site = page->request->site,
    };
    struct page own_page = *page;
    struct filters_problem problem;

    own_page.request = &request;
    if (!page_filters(&own_page, kind, &problem))
        return error_set(err, ERROR_CONFIG, "%s", problem.message);
    const bool ok = page_content(&own_page, kind, err);
    page->charts = own_page.charts;
    return ok;
}

static bool add_content(struct page *page, const struct request_value *values, size_t count,
                        const struct report_assets *assets, struct error *err)
{
    BUF_DONE struct buf line = BUF_INIT(TEXT_MAX);
    struct freshness freshness;

    if (!freshness_read(page->reader, clock_now(), page->arena, &freshness, err))
        return false;
    freshness_html(&freshness, false, &line);
    frame_head(page->out, page->request, "Relatório");
    if (!add_policy(page->out, assets, err))
        return false;
    frame_top(page->out, page->request, buf_text(&line));
    chart_data_begin(&page->charts);
    for (size_t i = 0; i < PAGE_KIND_COUNT; i++)
        if (!add_page(page, page_kinds[i], values, count, err))
            return false;
    chart_data_end(&page->charts);
    add_script(&page->charts, assets->chart, assets->chart_len);
    add_script(&page->charts, assets->script, assets->script_len);
    frame_end(page->out, page->request, buf_text(&page->charts));
    return !page->out->full || error_set(err, ERROR_SYSTEM, "the report is too large");
}

bool report_file_write(struct destination *reader, const struct site *site,
                       const struct request_value *values, size_t value_count,
                       const struct report_assets *assets, struct buf *out, struct error *err)
{
    const struct request request = {.path = "/relatorio", .site = site};
    struct arena arena = {0};
    struct page page = {
        .reader = reader,
        .request = &request,
        .arena = &arena,
        .out = out,
        .charts = BUF_INIT(CHARTS_MAX),
    };
    bool installed;

    bool ok = check_names(values, value_count, err) && catalog_exists(reader, &installed, err);
    if (ok && !installed)
        ok = error_set(err, ERROR_CONFIG,
                       "the database has no layers; make them with `etl-sigos"
                       " layers`");
    ok = ok && reference_read(reader, &arena, &page.ref, err);
    if (ok && !page.ref.there)
        ok = error_set(err, ERROR_CONFIG, "nothing was loaded yet; run `etl-sigos full` first");
    ok = ok && add_content(&page, values, value_count, assets, err);
    buf_done(&page.charts);
    arena_done(&arena);
    return ok;
}
