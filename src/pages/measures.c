/* SPDX-License-Identifier: MIT */
/* What each measure counts. */
#include "pages/measures.h"

#include <string.h>

static const struct measure measures[] = {
    {"produzidos", "produzido = 1", false},
    {"inspecoes", "inspecao = 1", false},
    {"toi", "tem_toi = 1", false},
    {"toi_inspecao", "tem_toi = 1 AND inspecao = 1", false},
    {"retornos", "retorno IS NOT NULL", true},
    {"retornos_exatos", "retorno = 'exato'", true},
    {"com_horario", "min_campo IS NOT NULL", false},
    {"sem_horario", "situacao_horario = 'ausente'", false},
    {"horario_anomalo", "situacao_horario IN ('acima_do_limite', 'vira_meia_noite')", false},
    {"baixados", "situacao_baixa = 'baixado'", false},
    {"abertos", "situacao_baixa = 'aberto'", false},
    {"baixa_anomala", "situacao_baixa = 'antes_da_execucao'", false},
    {"toi_entregues", "entregue = 1", false},
    {"toi_notificados", "notificado_sim = 1", false},
    {"ar_pendentes", "ar_pendente = 1", false},
    {"negociados", "valor_negociado_centavos > 0", false},
    {"valor_ilegivel", "valor_ilegivel = 1", false},
    {"medidores", "medidor_instalado = 1", false},
    {"afericao_pendente", "afericao_pendente = 1", false},
};

const struct measure *measure_find(const char *name)
{
    for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++)
        if (strcmp(measures[i].name, name) == 0)
            return &measures[i];
    return NULL;
}
