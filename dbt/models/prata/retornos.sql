-- Prata: um retorno por linha, com tipos. Em branco é NULL.
SELECT
    replace(_row_key::text, '-', '') AS chave,
    nullif("UC / MD", '') AS uc,
    "DATA_EXECUCAO" AS data_execucao,
    "DATA_EXECUCAO" - DATE '1970-01-01' AS dia_num,
    date_trunc('week', "DATA_EXECUCAO")::date AS semana,
    date_trunc('month', "DATA_EXECUCAO")::date AS mes,
    nullif("CODIGO", '') AS cod,
    nullif("TOI", '') AS toi,
    nullif("MD INSTALADO", '') AS md_instalado,
    nullif("EQUIPE", '') AS equipe,
    "DATA RESOLVIDO" AS data_resolvido,
    nullif("MOTIVO", '') AS motivo,
    nullif("MOTIVO DETALHADO", '') AS motivo_detalhado,
    nullif("MOTIVO DETALHADO 2", '') AS motivo_detalhado_2,
    nullif("STATUS", '') AS status,
    "REGIONAL" AS regional,
    "GRUPO" AS grupo,
    "DATA_EXTRACAO" AS data_extracao,
    CASE WHEN "DATA RESOLVIDO" >= "DATA_EXECUCAO" THEN "DATA RESOLVIDO" - "DATA_EXECUCAO" END AS prazo_resolucao_dias,
    CASE WHEN "DATA RESOLVIDO" IS NULL THEN 1 ELSE 0 END AS aberto,
    _row_key
  FROM {{ source('sigos', 'return_reports') }} AS g
