/* SPDX-License-Identifier: MIT */
/* Embeds the files of sql/layers/ and lists the models in the order in which they are made. */
#include "layers/models.h"

#include "load/migration.h"

#include <string.h>

#define SAME(name) MIGRATION_EMBED(layer_##name, "sql/layers/" #name ".sql")
#define IN_CLICKHOUSE(name)                                                                        \
    MIGRATION_EMBED(layer_clickhouse_##name, "sql/layers/clickhouse/" #name ".sql")
#define SAME_BUT(name)                                                                             \
    SAME(name);                                                                                    \
    IN_CLICKHOUSE(name)
#define DIFFERENT(name)                                                                            \
    MIGRATION_EMBED(layer_postgres_##name, "sql/layers/postgres/" #name ".sql");                   \
    MIGRATION_EMBED(layer_sqlite_##name, "sql/layers/sqlite/" #name ".sql");                       \
    IN_CLICKHOUSE(name)
#define SCRIPT(name) MIGRATION_EMBED(layer_load_##name, "sql/layers/load/" #name ".sql")

SAME_BUT(etl_dicionario);
SAME_BUT(config_parametro);
SAME_BUT(config_status);
SAME_BUT(config_tipo_servico);
SAME_BUT(config_expediente);
SAME_BUT(config_sim);
DIFFERENT(calendario);
SAME_BUT(resumo_cobertura);
SAME_BUT(resumo_dia);
SAME_BUT(resumo_mes);
SAME_BUT(resumo_tipo);
SAME_BUT(resumo_distribuicao);
IN_CLICKHOUSE(resumo_coorte_execucoes);
SAME_BUT(resumo_coorte);
SAME_BUT(resumo_auditoria);
SAME_BUT(resumo_estado);
DIFFERENT(painel_referencia);
DIFFERENT(servicos);
DIFFERENT(retornos);
SAME_BUT(servicos_retorno);
DIFFERENT(mudancas_antigas);
SAME(indice_servicos_uc);
SAME(indice_retornos_abertos);
SAME_BUT(ouro_dia);
SAME_BUT(ouro_semana);
SAME_BUT(ouro_mes);
SAME(ouro_equipe_dia);
SAME_BUT(ouro_equipe_jornada);
SAME_BUT(ouro_equipe_mes);
SAME(ouro_equipe_situacao);
SAME_BUT(ouro_produtividade);
SAME_BUT(ouro_distribuicao_mes);
SAME_BUT(ouro_baixa_coorte);
SAME(ouro_baixa_pendente);
SAME_BUT(ouro_retorno_motivo);
SAME(ouro_retorno_aberto);
SAME_BUT(ouro_retorno_reincidente);
SAME(ouro_funil_mes);
SAME_BUT(ouro_ticket_mes);
SAME_BUT(ouro_parcelamento);
SAME(ouro_ar_pendente);
SAME(ouro_afericao_fila);
SAME_BUT(ouro_municipio_mes);
SAME(ouro_municipio_situacao);
SAME_BUT(ouro_backoffice_mes);
SAME_BUT(ouro_tipo_mes);
SAME(ouro_auditoria);
DIFFERENT(ouro_coorte_serie);
SAME_BUT(ouro_efeito_auditoria);
SAME(ouro_frescor);
SAME_BUT(ouro_execucao);
SAME_BUT(ouro_janela_aberta);
SAME_BUT(ouro_valor_novo);
SAME_BUT(ouro_qualidade);
SAME(teste_sem_data);
SAME_BUT(teste_retorno_sem_servico);

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

/* ONE: one text for all; BUT: ClickHouse has its own; OLD: ClickHouse has no such thing;
 * CLICKHOUSE: only it has; EACH: one text a database; HISTORY: made by layers/history.h. */
#define ONE(name, kind)                                                                            \
    {                                                                                              \
#name, kind, {layer_##name, layer_##name, layer_##name }, NULL                             \
    }
#define BUT(name, kind)                                                                            \
    {                                                                                              \
#name, kind, {layer_##name, layer_##name, layer_clickhouse_##name }, NULL                  \
    }
#define OLD(name, kind)                                                                            \
    {                                                                                              \
#name, kind, {layer_##name, layer_##name, NULL }, NULL                                     \
    }
#define CLICKHOUSE(name, kind)                                                                     \
    {                                                                                              \
#name, kind, {NULL, NULL, layer_clickhouse_##name }, NULL                                  \
    }
#define EACH(name, kind, report)                                                                   \
    {                                                                                              \
#name, kind,                                                                               \
            {layer_postgres_##name, layer_sqlite_##name, layer_clickhouse_##name }, report         \
    }
#define HISTORY(name, report)                                                                      \
    {                                                                                              \
#name, MODEL_SILVER, {NULL, NULL, NULL }, report                                           \
    }

const struct model models[] = {
    BUT(etl_dicionario, MODEL_DICTIONARY),
    BUT(config_parametro, MODEL_SETTINGS),
    BUT(config_status, MODEL_SETTINGS),
    BUT(config_tipo_servico, MODEL_SETTINGS),
    BUT(config_expediente, MODEL_SETTINGS),
    BUT(config_sim, MODEL_SETTINGS),
    EACH(calendario, MODEL_SUMMARY, NULL),
    EACH(painel_referencia, MODEL_VIEW, NULL),
    EACH(servicos, MODEL_SILVER, "general_reports"),
    EACH(retornos, MODEL_SILVER, "return_reports"),
    BUT(servicos_retorno, MODEL_VIEW),
    EACH(mudancas_antigas, MODEL_VIEW, NULL),
    OLD(indice_servicos_uc, MODEL_INDEX),
    OLD(indice_retornos_abertos, MODEL_INDEX),
    BUT(resumo_cobertura, MODEL_SUMMARY),
    HISTORY(general_reports_historico, "general_reports"),
    HISTORY(return_reports_historico, "return_reports"),
    HISTORY(historico_servicos, "general_reports"),
    HISTORY(historico_retornos, "return_reports"),
    BUT(resumo_dia, MODEL_SUMMARY),
    BUT(resumo_mes, MODEL_SUMMARY),
    BUT(resumo_tipo, MODEL_SUMMARY),
    BUT(resumo_distribuicao, MODEL_SUMMARY),
    CLICKHOUSE(resumo_coorte_execucoes, MODEL_SUMMARY),
    BUT(resumo_coorte, MODEL_SUMMARY),
    BUT(resumo_auditoria, MODEL_SUMMARY),
    BUT(resumo_estado, MODEL_SUMMARY),
    BUT(ouro_dia, MODEL_VIEW),
    BUT(ouro_semana, MODEL_VIEW),
    BUT(ouro_mes, MODEL_VIEW),
    ONE(ouro_equipe_dia, MODEL_VIEW),
    BUT(ouro_equipe_jornada, MODEL_VIEW),
    BUT(ouro_equipe_mes, MODEL_VIEW),
    ONE(ouro_equipe_situacao, MODEL_VIEW),
    BUT(ouro_produtividade, MODEL_VIEW),
    BUT(ouro_distribuicao_mes, MODEL_VIEW),
    BUT(ouro_baixa_coorte, MODEL_VIEW),
    ONE(ouro_baixa_pendente, MODEL_VIEW),
    BUT(ouro_retorno_motivo, MODEL_VIEW),
    ONE(ouro_retorno_aberto, MODEL_VIEW),
    BUT(ouro_retorno_reincidente, MODEL_VIEW),
    ONE(ouro_funil_mes, MODEL_VIEW),
    BUT(ouro_ticket_mes, MODEL_VIEW),
    BUT(ouro_parcelamento, MODEL_VIEW),
    ONE(ouro_ar_pendente, MODEL_VIEW),
    ONE(ouro_afericao_fila, MODEL_VIEW),
    BUT(ouro_municipio_mes, MODEL_VIEW),
    ONE(ouro_municipio_situacao, MODEL_VIEW),
    BUT(ouro_backoffice_mes, MODEL_VIEW),
    BUT(ouro_tipo_mes, MODEL_VIEW),
    ONE(ouro_auditoria, MODEL_VIEW),
    EACH(ouro_coorte_serie, MODEL_VIEW, NULL),
    BUT(ouro_efeito_auditoria, MODEL_VIEW),
    ONE(ouro_frescor, MODEL_VIEW),
    BUT(ouro_execucao, MODEL_VIEW),
    BUT(ouro_janela_aberta, MODEL_VIEW),
    BUT(ouro_valor_novo, MODEL_VIEW),
    BUT(ouro_qualidade, MODEL_VIEW),
    ONE(teste_sem_data, MODEL_VIEW),
    BUT(teste_retorno_sem_servico, MODEL_VIEW),
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
