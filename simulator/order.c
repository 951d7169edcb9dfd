/* SPDX-License-Identifier: MIT */
/* Checks the form as the portal does. */
#include "simulator/order.h"

#include "base/date.h"

#include <string.h>

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Reads dd/mm/yyyy and nothing shorter, as the portal's script or a person would send it. */
static bool parse_br(const char *text, int32_t *out)
{
    char iso[DATE_ISO_SIZE] = "yyyy-mm-dd";

    if (strlen(text) != 10 || text[2] != '/' || text[5] != '/')
        return false;
    memcpy(iso, text + 6, 4);
    memcpy(iso + 5, text + 3, 2);
    memcpy(iso + 8, text, 2);
    return date_parse_iso(iso, strlen(iso), out);
}

static bool parse(const char *text, bool br, int32_t *out)
{
    return br ? parse_br(text, out) : date_parse_iso(text, strlen(text), out);
}

struct sim_pages_choice order_choice(const struct sim_request *request)
{
    return (struct sim_pages_choice){
        .kind = sim_request_field(request, "tp_relatorio"),
        .return_status = sim_request_field(request, "stat_retorno"),
        .period_all = sim_request_field(request, "periodo_todos"),
        .period_return = sim_request_field(request, "periodo_ret"),
        .first = sim_request_field(request, "data_inicio"),
        .last = sim_request_field(request, "data_fim"),
    };
}

const char *order_read(const struct sim_pages_choice *choice, bool br, struct order *out)
{
    bool all = is(choice->kind, "tudo"), returns = is(choice->kind, "retornos");
    const char *period = returns ? choice->period_return : choice->period_all;

    if (!choice->kind[0])
        return "Selecione o tipo de relatório.";
    if (!all && !returns)
        return "Relatório não disponível para o seu perfil.";
    if (returns && !choice->return_status[0])
        return "Selecione a situação do retorno.";
    if (!period[0])
        return "Selecione o período.";
    if (!parse(choice->first, br, &out->first) || !parse(choice->last, br, &out->last))
        return "Informe as datas inicial e final.";
    if (out->first > out->last)
        return "A data inicial é maior que a data final.";
    if (!is(period, "data_execucao") || (returns && !is(choice->return_status, "E")))
        return "Nenhum registro encontrado."; /* only this selection is imitated */
    out->kind = returns ? REPORT_RETURN : REPORT_GENERAL;
    return NULL;
}
