/* SPDX-License-Identifier: MIT */
/* Includes the files of simulator/www as bytes, so that they stay plain CSS and JavaScript. */
#include "simulator/assets.h"

#include <string.h>

/* Parentheses would become part of the assembler's text. NOLINTBEGIN(bugprone-macro-parentheses) */
#define EMBED(symbol, path)                                                                        \
    __asm__(".pushsection .rodata\n" #symbol ":\n"                                                 \
            "    .incbin \"simulator/www/" path "\"\n" #symbol "_end:\n"                           \
            "    .popsection\n");                                                                  \
    extern const char symbol[] __attribute__((visibility("hidden")));                              \
    extern const char symbol##_end[] __attribute__((visibility("hidden")))
/* NOLINTEND(bugprone-macro-parentheses) */

EMBED(sim_www_css, "sigos.css");
EMBED(sim_www_js, "sigos.js");
EMBED(sim_www_ajax, "exportar-ajax.js");
EMBED(sim_www_fila, "exportar-fila.js");
EMBED(sim_www_mascara, "datas-mascara.js");
EMBED(sim_www_eventos, "datas-eventos.js");
EMBED(sim_www_entrar, "entrar.js");

#define CSS "text/css; charset=UTF-8"
#define JS "text/javascript; charset=UTF-8"

static const struct asset assets[] = {
    {"sigos.css", CSS, sim_www_css, sim_www_css_end},
    {"sigos.js", JS, sim_www_js, sim_www_js_end},
    {"exportar-ajax.js", JS, sim_www_ajax, sim_www_ajax_end},
    {"exportar-fila.js", JS, sim_www_fila, sim_www_fila_end},
    {"datas-mascara.js", JS, sim_www_mascara, sim_www_mascara_end},
    {"datas-eventos.js", JS, sim_www_eventos, sim_www_eventos_end},
    {"entrar.js", JS, sim_www_entrar, sim_www_entrar_end},
};

const struct asset *asset_find(const char *name)
{
    for (size_t i = 0; i < sizeof assets / sizeof assets[0]; i++)
        if (strcmp(assets[i].name, name) == 0)
            return &assets[i];
    return NULL;
}
