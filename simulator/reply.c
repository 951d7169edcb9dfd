/* SPDX-License-Identifier: MIT */
/* Fills errors as pages and as JSON. */
#include "simulator/reply.h"

#include "simulator/pages.h"

void reply_error(struct sim_answer *answer, unsigned status, const char *title,
                 const char *sentence)
{
    answer->status = status;
    sim_pages_error(&answer->body, title, sentence);
}

void reply_forbidden(struct sim_answer *answer)
{
    reply_error(answer, 403, "Acesso negado", "Token de segurança inválido. Recarregue a página.");
}

void reply_internal_error(struct sim_answer *answer)
{
    reply_error(answer, 500, "Erro interno", "O servidor encontrou um erro. Contate o suporte.");
}

void reply_json(struct sim_answer *answer, unsigned status, const char *key, const char *words)
{
    answer->status = status;
    answer->type = "application/json; charset=UTF-8";
    buf_addf(&answer->body, "{\"%s\": \"%s\"}\n", key, words);
}
