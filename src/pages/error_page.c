/* SPDX-License-Identifier: MIT */
/* Answers requests that failed. */
#include "pages/error_page.h"

#include "pages/frame.h"
#include "pages/html.h"

#include <string.h>

static void write_error_json(const char *code, const char *message, const char *field,
                             struct answer *out)
{
    out->type = ANSWER_JSON;
    buf_add_text(&out->body, "{\"erro\":{\"codigo\":");
    html_json_text(&out->body, code);
    buf_add_text(&out->body, ",\"mensagem\":");
    html_json_text(&out->body, message);
    if (field) {
        buf_add_text(&out->body, ",\"campo\":");
        html_json_text(&out->body, field);
    }
    buf_add_text(&out->body, "}}");
}

void pages_error(const struct request *request, int status, const char *code, const char *message,
                 const char *field, struct answer *out)
{
    out->status = status;
    buf_reset(&out->body);
    if (strncmp(request->path, "/api/", 5) == 0) {
        write_error_json(code, message, field, out);
        return;
    }
    out->type = ANSWER_HTML;
    frame_begin(&out->body, request, "Não deu certo", NULL);
    html_element(&out->body, "h1", NULL, "Não deu certo");
    html_element(&out->body, "p", "vazio", message);
    html_open(&out->body, "p", NULL);
    html_link(&out->body, "/hoje", NULL, "Ir para Hoje");
    html_close(&out->body, "p");
    frame_end(&out->body, request, NULL);
}
