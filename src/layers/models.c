/* SPDX-License-Identifier: MIT */
/* Embeds the files of sql/layers/ and lists the models in the order in which they are made. */
#include "layers/models.h"

#include "load/migration.h"

#include <string.h>

#define SAME(name) MIGRATION_EMBED(layer_##name, "sql/layers/" #name ".sql")
#define DIFFERENT(name)                                                                            \
    MIGRATION_EMBED(layer_postgres_##name, "sql/layers/postgres/" #name ".sql");                   \
    MIGRATION_EMBED(layer_sqlite_##name, "sql/layers/sqlite/" #name ".sql")
#define SCRIPT(name) MIGRATION_EMBED(layer_load_##name, "sql/layers/load/" #name ".sql")

SAME(etl_dicionario);
SAME(config_parametro);
SAME(config_status);
SAME(config_tipo_servico);
SAME(config_expediente);
SAME(config_sim);
DIFFERENT(calendario);
SAME(resumo_cobertura);
SAME(resumo_dia);
SAME(resumo_mes);
SAME(resumo_tipo);
SAME(resumo_distribuicao);
SAME(resumo_coorte);
SAME(resumo_auditoria);
SAME(resumo_estado);
DIFFERENT(painel_referencia);
DIFFERENT(servicos);
DIFFERENT(retornos);
SAME(servicos_retorno);
DIFFERENT(mudancas_antigas);
SAME(indice_servicos_uc);
SAME(indice_retornos_abertos);
SAME(ouro_dia);
SAME(ouro_semana);
SAME(ouro_mes);
SAME(ouro_equipe_dia);
SAME(ouro_equipe_jornada);
SAME(ouro_equipe_mes);
SAME(ouro_equipe_situacao);
SAME(ouro_produtividade);
SAME(ouro_distribuicao_mes);
SAME(ouro_baixa_coorte);
SAME(ouro_baixa_pendente);
SAME(ouro_retorno_motivo);
SAME(ouro_retorno_aberto);
SAME(ouro_retorno_reincidente);
SAME(ouro_funil_mes);
SAME(ouro_ticket_mes);
SAME(ouro_parcelamento);
SAME(ouro_ar_pendente);
SAME(ouro_afericao_fila);
SAME(ouro_municipio_mes);
SAME(ouro_municipio_situacao);
SAME(ouro_backoffice_mes);
SAME(ouro_tipo_mes);
SAME(ouro_auditoria);
DIFFERENT(ouro_coorte_serie);
SAME(ouro_efeito_auditoria);
SAME(ouro_frescor);
SAME(ouro_execucao);
SAME(ouro_janela_aberta);
SAME(ouro_valor_novo);
SAME(ouro_qualidade);
SAME(teste_sem_data);
SAME(teste_retorno_sem_servico);

SCRIPT(temporarias);
SCRIPT(contribuicao);
SCRIPT(inverte);
SCRIPT(resumo_soma);
SCRIPT(apaga_temporarias);
SCRIPT(servicos_servicos);
SCRIPT(retornos_servicos);
SCRIPT(retornos_medida);
SCRIPT(config_valores);
SCRIPT(coorte_inicio);
SCRIPT(coorte_atualiza);
SCRIPT(coorte_completa);
SCRIPT(coorte_refaz);
SCRIPT(auditoria_atualiza);
SCRIPT(auditoria_refaz);
SCRIPT(cobertura_atualiza);
SCRIPT(cobertura_refaz);
SCRIPT(esvazia);
SCRIPT(refaz_dias);

#define ONE(name, kind)                                                                            \
    {                                                                                              \
#name, kind, layer_##name, layer_##name, NULL                                              \
    }
#define TWO(name, kind)                                                                            \
    {                                                                                              \
#name, kind, layer_postgres_##name, layer_sqlite_##name, NULL                              \
    }
#define SILVER(name, report)                                                                       \
    {                                                                                              \
#name, MODEL_SILVER, layer_postgres_##name, layer_sqlite_##name, report                    \
    }
#define HISTORY(name, report)                                                                      \
    {                                                                                              \
#name, MODEL_SILVER, NULL, NULL, report                                                    \
    }

const struct model models[] = {
    ONE(etl_dicionario, MODEL_DICTIONARY),
    ONE(config_parametro, MODEL_SETTINGS),
    ONE(config_status, MODEL_SETTINGS),
    ONE(config_tipo_servico, MODEL_SETTINGS),
    ONE(config_expediente, MODEL_SETTINGS),
    ONE(config_sim, MODEL_SETTINGS),
    TWO(calendario, MODEL_SUMMARY),
    ONE(resumo_cobertura, MODEL_SUMMARY),
    ONE(resumo_dia, MODEL_SUMMARY),
    ONE(resumo_mes, MODEL_SUMMARY),
    ONE(resumo_tipo, MODEL_SUMMARY),
    ONE(resumo_distribuicao, MODEL_SUMMARY),
    ONE(resumo_coorte, MODEL_SUMMARY),
    ONE(resumo_auditoria, MODEL_SUMMARY),
    ONE(resumo_estado, MODEL_SUMMARY),
    TWO(painel_referencia, MODEL_VIEW),
    SILVER(servicos, "general_reports"),
    SILVER(retornos, "return_reports"),
    ONE(servicos_retorno, MODEL_VIEW),
    TWO(mudancas_antigas, MODEL_VIEW),
    ONE(indice_servicos_uc, MODEL_INDEX),
    ONE(indice_retornos_abertos, MODEL_INDEX),
    HISTORY(general_reports_historico, "general_reports"),
    HISTORY(return_reports_historico, "return_reports"),
    HISTORY(historico_servicos, "general_reports"),
    HISTORY(historico_retornos, "return_reports"),
    ONE(ouro_dia, MODEL_VIEW),
    ONE(ouro_semana, MODEL_VIEW),
    ONE(ouro_mes, MODEL_VIEW),
    ONE(ouro_equipe_dia, MODEL_VIEW),
    ONE(ouro_equipe_jornada, MODEL_VIEW),
    ONE(ouro_equipe_mes, MODEL_VIEW),
    ONE(ouro_equipe_situacao, MODEL_VIEW),
    ONE(ouro_produtividade, MODEL_VIEW),
    ONE(ouro_distribuicao_mes, MODEL_VIEW),
    ONE(ouro_baixa_coorte, MODEL_VIEW),
    ONE(ouro_baixa_pendente, MODEL_VIEW),
    ONE(ouro_retorno_motivo, MODEL_VIEW),
    ONE(ouro_retorno_aberto, MODEL_VIEW),
    ONE(ouro_retorno_reincidente, MODEL_VIEW),
    ONE(ouro_funil_mes, MODEL_VIEW),
    ONE(ouro_ticket_mes, MODEL_VIEW),
    ONE(ouro_parcelamento, MODEL_VIEW),
    ONE(ouro_ar_pendente, MODEL_VIEW),
    ONE(ouro_afericao_fila, MODEL_VIEW),
    ONE(ouro_municipio_mes, MODEL_VIEW),
    ONE(ouro_municipio_situacao, MODEL_VIEW),
    ONE(ouro_backoffice_mes, MODEL_VIEW),
    ONE(ouro_tipo_mes, MODEL_VIEW),
    ONE(ouro_auditoria, MODEL_VIEW),
    TWO(ouro_coorte_serie, MODEL_VIEW),
    ONE(ouro_efeito_auditoria, MODEL_VIEW),
    ONE(ouro_frescor, MODEL_VIEW),
    ONE(ouro_execucao, MODEL_VIEW),
    ONE(ouro_janela_aberta, MODEL_VIEW),
    ONE(ouro_valor_novo, MODEL_VIEW),
    ONE(ouro_qualidade, MODEL_VIEW),
    ONE(teste_sem_data, MODEL_VIEW),
    ONE(teste_retorno_sem_servico, MODEL_VIEW),
};
const size_t model_count = sizeof(models) / sizeof(*models);

const char *const script_temporaries = layer_load_temporarias;
const char *const script_contributions = layer_load_contribuicao;
const char *const script_invert = layer_load_inverte;
const char *const script_sum = layer_load_resumo_soma;
const char *const script_drop_temporaries = layer_load_apaga_temporarias;
const char *const script_services_of_services = layer_load_servicos_servicos;
const char *const script_services_of_returns = layer_load_retornos_servicos;
const char *const script_measures_of_returns = layer_load_retornos_medida;
const char *const script_settings_values = layer_load_config_valores;
const char *const script_cohort_begin = layer_load_coorte_inicio;
const char *const script_cohort_update = layer_load_coorte_atualiza;
const char *const script_cohort_complete = layer_load_coorte_completa;
const char *const script_cohort_refill = layer_load_coorte_refaz;
const char *const script_audit_update = layer_load_auditoria_atualiza;
const char *const script_audit_refill = layer_load_auditoria_refaz;
const char *const script_coverage_update = layer_load_cobertura_atualiza;
const char *const script_coverage_refill = layer_load_cobertura_refaz;
const char *const script_empty = layer_load_esvazia;
const char *const script_refill_days = layer_load_refaz_dias;

const struct model *model_find(const char *name)
{
    for (size_t i = 0; i < model_count; i++)
        if (strcmp(models[i].name, name) == 0)
            return &models[i];
    return NULL;
}
