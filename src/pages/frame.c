/* SPDX-License-Identifier: MIT */
/* Writes what is around every page. */
#include "pages/frame.h"

#include "pages/html.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *path, *name;
} links[] = {
    {"/hoje", "Hoje"},         {"/produtividade", "Produtividade"}, {"/qualidade", "Qualidade"},
    {"/receita", "Receita"},   {"/territorio", "Território"},       {"/auditoria", "Auditoria"},
    {"/pipeline", "Pipeline"},
};

static void add_navigation(struct buf *out, const struct request *request)
{
    buf_add_text(out, "<nav aria-label=\"Páginas\"><ul>");
    for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
        const bool here = strcmp(links[i].path, request->path) == 0;
        char anchor[64];
        snprintf(anchor, sizeof(anchor), "#%s", links[i].path + 1);
        html_open(out, "li", NULL);
        html_begin_tag(out, "a");
        html_attr(out, "href", request->site->single_file ? anchor : links[i].path);
        html_attr(out, "aria-current", here ? "page" : NULL);
        html_end_tag(out);
        html_text(out, links[i].name);
        html_close(out, "a");
        html_close(out, "li");
    }
    buf_add_text(out, "</ul></nav>");
}

static void add_log_out(struct buf *out, const struct request *request)
{
    const struct site *site = request->site;
    const char *token = site->form_token ? site->form_token(site->form_token_arg, "/sair") : NULL;

    if (!site->has_password || !token)
        return;
    buf_add_text(out, "<form method=\"post\" action=\"/sair\">");
    html_hidden(out, "csrf", token);
    buf_add_text(out, "<button class=\"botao\" type=\"submit\">Sair</button></form>");
}

void frame_head(struct buf *out, const struct request *request, const char *title)
{
    buf_add_text(out, "<!doctype html>\n<html lang=\"pt-BR\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<title>");
    html_text(out, title);
    buf_add_text(out, " – ");
    html_text(out, request->site->portal_name);
    buf_add_text(out, "</title>\n<link rel=\"icon\" href=\"data:,\">\n");
}

static void add_assets(struct buf *out, const struct site *site)
{
    html_begin_tag(out, "link");
    html_attr(out, "rel", "stylesheet");
    html_attr(out, "href", site->style_path);
    html_end_tag(out);
    const char *scripts[] = {site->chart_path, site->script_path};
    for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
        html_begin_tag(out, "script");
        html_attr(out, "src", scripts[i]);
        buf_add_text(out, " defer");
        html_end_tag(out);
        html_close(out, "script");
    }
}

void frame_top(struct buf *out, const struct request *request, const char *freshness)
{
    buf_add_text(
        out,
        "\n<a class=\"pular\" href=\"#conteudo\">Pular para o conteúdo</a>\n"
        "<header class=\"topo\"><div class=\"faixa\"><div class=\"marca\"><span class=\"portal\">");
    html_text(out, request->site->portal_name);
    buf_add_text(out, "</span> <span>Recuperação de Energia</span></div>");
    add_navigation(out, request);
    buf_add_text(out, "<button class=\"botao\" id=\"tema\" type=\"button\" aria-label=\"Alternar"
                      " tema claro e escuro\">Tema</button>");
    add_log_out(out, request);
    buf_add_text(out, "</div></header>\n");
    if (freshness)
        buf_add_text(out, freshness);
    buf_add_text(out, "<main id=\"conteudo\"><div class=\"faixa\">\n");
}

void frame_begin(struct buf *out, const struct request *request, const char *title,
                 const char *freshness)
{
    frame_head(out, request, title);
    add_assets(out, request->site);
    buf_add_text(out, "</head>\n<body>");
    frame_top(out, request, freshness);
}

void frame_end(struct buf *out, const struct request *request, const char *data)
{
    buf_add_text(out, "<p class=\"fim\">Horários de São Paulo. etl-sigos ");
    html_text(out, request->site->version);
    buf_add_text(out, " <span class=\"endereco so-papel\"></span></p></div></main>\n");
    if (data)
        buf_add_text(out, data);
    buf_add_text(out, "</body>\n</html>\n");
}
