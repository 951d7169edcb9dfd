-- Prata: um serviço por linha, com tipos. Em branco é NULL; o que não se lê é NULL e fica marcado. De dentro para fora:
-- o texto do valor sem R$ e brancos e os horários em segundos; o valor em centavos e a duração; as colunas.
SELECT
    valido_de,
    valido_ate,
    replace(_row_key::text, '-', '') AS chave,
    nullif("UC / MD", '') AS uc,
    nullif(g."STATUS", '') AS status,
    nullif("MUNICIPIO", '') AS municipio,
    nullif("TIPO SERVICO", '') AS tipo_servico,
    "DATA_EXECUCAO" AS data_execucao,
    "DATA_EXECUCAO" - DATE '1970-01-01' AS dia_num,
    date_trunc('week', "DATA_EXECUCAO")::date AS semana,
    date_trunc('month', "DATA_EXECUCAO")::date AS mes,
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
    CASE WHEN "QTD PARCELA(S)" ~ '^[0-9]{1,4}$' THEN "QTD PARCELA(S)"::int END AS qtd_parcelas,
    nullif("COD FINANCIAMENTO", '') AS cod_financiamento,
    nullif("RS NEGOCIADO", '') AS valor_texto,
    centavos AS valor_negociado_centavos,
    round(centavos / 100.0, 2) AS valor_negociado,
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
    coalesce(cs.produzido, 0) AS produzido,
    coalesce(ct.inspecao, 0) AS inspecao,
    CASE WHEN segundos <= segundos_max THEN segundos / 60 END AS min_campo,
    CASE WHEN segundos IS NULL THEN 'ausente'
         WHEN segundos > segundos_max THEN 'acima_do_limite'
         WHEN fim_s < inicio_s THEN 'vira_meia_noite'
         ELSE 'ok' END AS situacao_horario,
    CASE WHEN "DATA BAIXADO" >= "DATA_EXECUCAO" THEN "DATA BAIXADO" - "DATA_EXECUCAO" END AS prazo_baixa_dias,
    CASE WHEN "DATA BAIXADO" IS NULL THEN 'aberto'
         WHEN "DATA BAIXADO" < "DATA_EXECUCAO" THEN 'antes_da_execucao'
         ELSE 'baixado' END AS situacao_baixa,
    CASE WHEN "DATA AR" >= "DATA_EXECUCAO" THEN "DATA AR" - "DATA_EXECUCAO" END AS prazo_ar_dias,
    CASE WHEN "TOI" <> '' THEN entregue END AS entregue,
    CASE WHEN "TOI" <> '' THEN notificado_sim END AS notificado_sim,
    CASE WHEN "TOI" <> '' AND entregue = 0 AND "DATA AR" IS NULL THEN 1 ELSE 0 END AS ar_pendente,
    CASE WHEN "MD INSTALADO" <> '' THEN 1 ELSE 0 END AS medidor_instalado,
    CASE WHEN "MD INSTALADO" <> '' AND "MD ENCONTRADO" <> '' AND "MD INSTALADO" <> "MD ENCONTRADO"
          AND "TOI" <> '' AND "DATA AFERICAO" IS NULL THEN 1 ELSE 0 END AS afericao_pendente,
    _row_key
  FROM (SELECT g.*,
               fim_s - inicio_s + CASE WHEN fim_s < inicio_s THEN 86400 ELSE 0 END AS segundos,
               CASE WHEN valor_limpo ~ '^-?([0-9]{1,12}|[1-9][0-9]{0,2}(\.[0-9]{3}){1,3})(,[0-9]{1,2})?$'
                    THEN round(replace(replace(valor_limpo, '.', ''), ',', '.')::numeric * 100)::bigint
                    WHEN valor_limpo ~ '^-?[0-9]{1,12}\.[0-9]{1,2}$'
                    THEN round(valor_limpo::numeric * 100)::bigint END AS centavos
          FROM (SELECT g.*,
                       CASE WHEN "RS NEGOCIADO" <> ''
                            THEN replace(replace(replace("RS NEGOCIADO", 'R$', ''), chr(160), ''), ' ', '') END AS valor_limpo,
                       extract(epoch FROM "HORA INICIO SERVICO")::int AS inicio_s,
                       extract(epoch FROM "HORA FIM SERVICO")::int AS fim_s,
                       CASE WHEN "TOI ENTREGUE" IN (SELECT texto FROM {{ ref('config_sim') }}) THEN 1 ELSE 0 END AS entregue,
                       CASE WHEN "NOTIFICADO" IN (SELECT texto FROM {{ ref('config_sim') }}) THEN 1 ELSE 0 END AS notificado_sim
                  FROM {{ ref('general_reports_historico') }} AS g) AS g) AS g
  LEFT JOIN {{ ref('config_status') }} AS cs ON cs.status = g."STATUS"
  LEFT JOIN {{ ref('config_tipo_servico') }} AS ct ON ct.tipo_servico = g."TIPO SERVICO"
 CROSS JOIN (SELECT max(valor) * 3600 AS segundos_max FROM {{ ref('config_parametro') }} WHERE chave = 'horas_campo_max') AS p
