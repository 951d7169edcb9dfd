/*
 * The style and the scripts of the pages, which are part of the program. Their addresses hold a
 * hash of their bytes, so that a browser may keep them for ever and gets those of a new version.
 */
#ifndef SERVE_ASSETS_H
#define SERVE_ASSETS_H

#include <stddef.h>

enum asset { ASSET_STYLE, ASSET_SCRIPT, ASSET_CHART, ASSET_COUNT };

enum { ASSET_PATH_SIZE = 64 };

/* The addresses: "/estatico/1f0c…/painel.css". */
struct assets {
    char paths[ASSET_COUNT][ASSET_PATH_SIZE];
};

void assets_init(struct assets *out);

/* Finds the asset of an address: its bytes, which are static, and its Content-Type. Returns NULL if
 * there is none. */
const char *assets_find(const struct assets *assets, const char *path, size_t *len,
                        const char **type);

#endif
