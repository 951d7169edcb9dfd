/* SPDX-License-Identifier: MIT */
/* Says in Portuguese what failed, and logs what exactly. */
#include "serve/fault.h"

#include "base/clock.h"
#include "base/log.h"
#include "pages/error_page.h"
#include "pages/pages.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { AWAY_RETRY_SECONDS = 30 };

/* Fills the body from what pages/ made. */
static void take_answer(struct answer *answer, struct reply *out)
{
    buf_done(&out->body);
    out->body = answer->body;
    answer->body = BUF_INIT(0);
}

void fault_answer(const struct visit *visit, int status, const char *code, const char *message,
                  const char *field, struct reply *out)
{
    const struct request request = {
        .path = visit->asked.path && *visit->asked.path ? visit->asked.path : "/",
        .site = &visit->site,
    };
    struct answer answer;

    answer_init(&answer);
    pages_error(&request, status, code, message, field, &answer);
    out->status = status;
    out->type = strncmp(request.path, "/api", 4) == 0 ? TYPE_JSON : TYPE_HTML;
    out->cache = CACHE_NOT;
    take_answer(&answer, out);
    answer_done(&answer);
}

struct words {
    int status;
    const char *code, *message;
    int retry_after;
};

static struct words words_of(const struct error *err)
{
    if (err->kind == ERROR_DATA)
        return (struct words){503, "sem_dados",
                              "Ainda não há dados: o primeiro ciclo não terminou.", 0};
    if (err->kind == ERROR_STOPPED)
        return (struct words){503, "encerrando", "O servidor está sendo encerrado.", 5};
    if (err->kind != ERROR_DATABASE)
        return (struct words){500, "falha", "A página não pôde ser feita.", 0};
    if (err->retry_after_s && err->transient)
        return (struct words){503, "mudou",
                              "Os dados mudaram enquanto a página era feita. Tente de novo.",
                              err->retry_after_s};
    if (err->retry_after_s)
        return (struct words){503, "ocupado",
                              "Há pedidos demais ao mesmo tempo. Tente de novo em instantes.",
                              err->retry_after_s};
    if (err->divisible)
        return (struct words){503, "demorou",
                              "A consulta demorou demais. Diminua o período e tente de novo.", 0};
    return (struct words){503, "banco_fora", "O banco de dados não respondeu. Tente mais tarde.",
                          AWAY_RETRY_SECONDS};
}

/* Returns a number that the next failure does not have. */
static unsigned next_reference(void)
{
    static atomic_uint count;

    return (unsigned)(clock_now() & 0xfffff) << 12 | (atomic_fetch_add(&count, 1) & 0xfff);
}

void fault_of_error(const struct visit *visit, const struct error *err, struct reply *out)
{
    const struct words words = words_of(err);
    char reference[16], message[256];

    snprintf(reference, sizeof(reference), "%08X", next_reference());
    snprintf(message, sizeof(message), "%s (referência %s)", words.message, reference);
    log_warn("serve.failed", log_text("reference", reference), log_text("path", visit->asked.path),
             log_text("error", err->message));
    fault_answer(visit, words.status, words.code, message, NULL, out);
    out->retry_after = words.retry_after;
}
