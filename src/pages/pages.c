#include "pages/pages.h"

bool pages_answer(struct destination *reader, const struct request *request, struct answer *out,
                  struct error *err)
{
    (void)reader;
    (void)err;
    pages_error(request, 404, "nao_encontrado", "Página não encontrada.", NULL, out);
    return true;
}

void pages_error(const struct request *request, int status, const char *code, const char *message,
                 const char *field, struct answer *out)
{
    (void)request;
    (void)code;
    (void)field;
    out->status = status;
    buf_reset(&out->body);
    buf_add_text(&out->body, message);
}
