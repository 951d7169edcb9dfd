/* SPDX-License-Identifier: MIT */
/* Embeds the files and gives them addresses. */
#include "serve/assets.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

/* The files are included as bytes, so that they stay plain files. The macro's arguments have no
 * parentheses, because the assembler's text allows none.
 * NOLINTBEGIN(bugprone-macro-parentheses) */
#define EMBED(symbol, path)                                                                        \
    __asm__(".pushsection .rodata\n" #symbol ":\n.incbin \"" path "\"\n" #symbol                   \
            "_end:\n.popsection\n");                                                               \
    extern const char symbol[] __attribute__((visibility("hidden")));                              \
    extern const char symbol##_end[] __attribute__((visibility("hidden")))
/* NOLINTEND(bugprone-macro-parentheses) */

EMBED(serve_painel_css, "src/pages/static/painel.css");
EMBED(serve_painel_js, "src/pages/static/painel.js");
/* Debian's libjs-chart.js; its licence (MIT) is its first comment. */
EMBED(serve_chart_js, "/usr/share/javascript/chart.js/chart.min.js");

#define PREFIX "/estatico/"
enum { HASH_DIGITS = 16 };

static const struct {
    const char *name, *begin, *end, *type;
} files[ASSET_COUNT] = {
    [ASSET_STYLE] = {"painel.css", serve_painel_css, serve_painel_css_end,
                     "text/css; charset=utf-8"},
    [ASSET_SCRIPT] = {"painel.js", serve_painel_js, serve_painel_js_end,
                      "text/javascript; charset=utf-8"},
    [ASSET_CHART] = {"chart.min.js", serve_chart_js, serve_chart_js_end,
                     "text/javascript; charset=utf-8"},
};

static size_t size_of(size_t file)
{
    return (size_t)(files[file].end - files[file].begin);
}

void assets_init(struct assets *out)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];

    for (size_t i = 0; i < ASSET_COUNT; i++) {
        char digits[HASH_DIGITS + 1];
        SHA256((const unsigned char *)files[i].begin, size_of(i), hash);
        for (size_t d = 0; d < HASH_DIGITS / 2; d++)
            snprintf(digits + 2 * d, 3, "%02x", hash[d]);
        snprintf(out->paths[i], sizeof(out->paths[i]), PREFIX "%s/%s", digits, files[i].name);
    }
}

const char *assets_find(const struct assets *assets, const char *path, size_t *len,
                        const char **type)
{
    for (size_t i = 0; i < ASSET_COUNT; i++) {
        if (strcmp(path, assets->paths[i]) == 0) {
            *len = size_of(i);
            *type = files[i].type;
            return files[i].begin;
        }
    }
    return NULL;
}
