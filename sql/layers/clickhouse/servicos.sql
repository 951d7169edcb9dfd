CREATE VIEW servicos AS
-- Prata: um serviço por linha, com tipos. Em branco é NULL; o que não se lê é NULL e fica marcado. De dentro para fora:
-- o texto do valor sem R$ e brancos, os horários em segundos e o que as config_* dizem; o valor em centavos e a duração; as
-- colunas. Um status ou tipo que ninguém confirmou conta pelo padrão daqui: nenhuma carga escreve em config_status.
SELECT
    replaceAll(toString(_row_key), '-', '') AS chave,
    nullif("UC / MD", '') AS uc,
    nullif("STATUS", '') AS status,
    nullif("MUNICIPIO", '') AS municipio,
    nullif("TIPO SERVICO", '') AS tipo_servico,
    "DATA_EXECUCAO" AS data_execucao,
    toInt32("DATA_EXECUCAO") AS dia_num,
    addDays("DATA_EXECUCAO", 1 - toDayOfWeek("DATA_EXECUCAO")) AS semana,
    addDays("DATA_EXECUCAO", 1 - toDayOfMonth("DATA_EXECUCAO")) AS mes,
    nullif("COD", '') AS cod,
    nullif("TOI", '') AS toi,
    nullif("TOI ENTREGUE", '') AS toi_entregue,
    nullif("AR", '') AS ar,
    "DATA AR" AS data_ar,
    "DATA AFERICAO" AS data_afericao,
    nullif("MD ENCONTRADO", '') AS md_encontrado,
    nullif("MD INSTALADO", '') AS md_instalado,
    nullif("TIPO MEDICAO", '') AS tipo_medicao,
    nullif("EQUIPE", '') AS equipe,
    "REGIONAL" AS regional,
    "GRUPO" AS grupo,
    nullif("RAMAL MONO", '') AS ramal_mono,
    nullif("RAMAL BI", '') AS ramal_bi,
    nullif("RAMAL TRI", '') AS ramal_tri,
    nullif("SERV DE PEDREIRO", '') AS servico_pedreiro,
    nullif("PARCELAMENTO", '') AS parcelamento,
    CASE WHEN match("QTD PARCELA(S)", '^[0-9]{1,4}$') THEN toInt32OrNull("QTD PARCELA(S)") END AS qtd_parcelas,
    nullif("COD FINANCIAMENTO", '') AS cod_financiamento,
    nullif("RS NEGOCIADO", '') AS valor_texto,
    centavos AS valor_negociado_centavos,
    centavos / 100 AS valor_negociado,
    CASE WHEN valor_limpo <> '' AND centavos IS NULL THEN 1 ELSE 0 END AS valor_ilegivel,
    nullif("BACKOFFICE", '') AS backoffice,
    "DATA BAIXADO" AS data_baixado,
    "HORA INICIO SERVICO" AS hora_inicio,
    "HORA FIM SERVICO" AS hora_fim,
    inicio_s,
    fim_s,
    nullif("NOTIFICADO", '') AS notificado,
    "DATA_EXTRACAO" AS data_extracao,
    CASE WHEN "TOI" <> '' THEN 1 ELSE 0 END AS tem_toi,
    foi_produzido AS produzido,
    foi_inspecao AS inspecao,
    CASE WHEN segundos <= segundos_max THEN intDiv(segundos, 60) END AS min_campo,
    CASE WHEN segundos IS NULL THEN 'ausente'
         WHEN segundos > segundos_max THEN 'acima_do_limite'
         WHEN fim_s < inicio_s THEN 'vira_meia_noite'
         ELSE 'ok' END AS situacao_horario,
    CASE WHEN "DATA BAIXADO" >= "DATA_EXECUCAO" THEN toInt32("DATA BAIXADO") - toInt32("DATA_EXECUCAO") END AS prazo_baixa_dias,
    CASE WHEN "DATA BAIXADO" IS NULL THEN 'aberto'
         WHEN "DATA BAIXADO" < "DATA_EXECUCAO" THEN 'antes_da_execucao'
         ELSE 'baixado' END AS situacao_baixa,
    CASE WHEN "DATA AR" >= "DATA_EXECUCAO" THEN toInt32("DATA AR") - toInt32("DATA_EXECUCAO") END AS prazo_ar_dias,
    CASE WHEN "TOI" <> '' THEN foi_entregue END AS entregue,
    CASE WHEN "TOI" <> '' THEN foi_notificado END AS notificado_sim,
    CASE WHEN "TOI" <> '' AND foi_entregue = 0 AND "DATA AR" IS NULL THEN 1 ELSE 0 END AS ar_pendente,
    CASE WHEN "MD INSTALADO" <> '' THEN 1 ELSE 0 END AS medidor_instalado,
    CASE WHEN "MD INSTALADO" <> '' AND "MD ENCONTRADO" <> '' AND "MD INSTALADO" <> "MD ENCONTRADO"
          AND "TOI" <> '' AND "DATA AFERICAO" IS NULL THEN 1 ELSE 0 END AS afericao_pendente,
    _row_key
  FROM (SELECT *,
               fim_s - inicio_s + CASE WHEN fim_s < inicio_s THEN 86400 ELSE 0 END AS segundos,
               (SELECT valor * 3600 FROM config_parametro WHERE chave = 'horas_campo_max' ORDER BY valor DESC LIMIT 1) AS segundos_max,
               CASE WHEN match(valor_limpo, '^-?([0-9]{1,12}|[1-9][0-9]{0,2}([.][0-9]{3}){1,3})(,[0-9]{1,2})?$')
                    THEN toInt64(round(toFloat64OrNull(replaceAll(replaceAll(valor_limpo, '.', ''), ',', '.')) * 100))
                    WHEN match(valor_limpo, '^-?[0-9]{1,12}[.][0-9]{1,2}$')
                    THEN toInt64(round(toFloat64OrNull(valor_limpo) * 100)) END AS centavos
          FROM (SELECT *,
                       CASE WHEN "RS NEGOCIADO" <> ''
                            THEN replaceAll(replaceAll(replaceAll("RS NEGOCIADO", 'R$', ''), unhex('C2A0'), ''), ' ', '') END AS valor_limpo,
                       toInt32OrNull(substring("HORA INICIO SERVICO", 1, 2)) * 3600 + toInt32OrNull(substring("HORA INICIO SERVICO", 4, 2)) * 60
                           + toInt32OrNull(substring("HORA INICIO SERVICO", 7, 2)) AS inicio_s,
                       toInt32OrNull(substring("HORA FIM SERVICO", 1, 2)) * 3600 + toInt32OrNull(substring("HORA FIM SERVICO", 4, 2)) * 60
                           + toInt32OrNull(substring("HORA FIM SERVICO", 7, 2)) AS fim_s,
                       CASE WHEN "STATUS" IN (SELECT status FROM config_status)
                            THEN CASE WHEN "STATUS" IN (SELECT status FROM config_status WHERE produzido = 1) THEN 1 ELSE 0 END
                            WHEN "STATUS" IN ('BAIXADO', 'CONCLUIDO', 'CONCLUÍDO', 'EXECUTADO') THEN 1 ELSE 0 END AS foi_produzido,
                       CASE WHEN "TIPO SERVICO" IN (SELECT tipo_servico FROM config_tipo_servico)
                            THEN CASE WHEN "TIPO SERVICO" IN (SELECT tipo_servico FROM config_tipo_servico WHERE inspecao = 1) THEN 1 ELSE 0 END
                            WHEN "TIPO SERVICO" LIKE 'INSPE%' OR "TIPO SERVICO" LIKE 'FISCALIZA%' THEN 1 ELSE 0 END AS foi_inspecao,
                       CASE WHEN "TOI ENTREGUE" IN (SELECT texto FROM config_sim) THEN 1 ELSE 0 END AS foi_entregue,
                       CASE WHEN "NOTIFICADO" IN (SELECT texto FROM config_sim) THEN 1 ELSE 0 END AS foi_notificado
                  FROM general_reports AS g) AS g) AS g;
