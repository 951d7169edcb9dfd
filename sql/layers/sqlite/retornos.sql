CREATE VIEW retornos AS
-- Prata: um retorno por linha, com tipos. Em branco é NULL.
SELECT
    lower(hex(_row_key)) AS chave,
    nullif("UC / MD", '') AS uc,
    "DATA_EXECUCAO" AS data_execucao,
    unixepoch("DATA_EXECUCAO") / 86400 AS dia_num,
    date("DATA_EXECUCAO", 'weekday 0', '-6 days') AS semana,
    date("DATA_EXECUCAO", 'start of month') AS mes,
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
    CASE WHEN "DATA RESOLVIDO" >= "DATA_EXECUCAO" THEN unixepoch("DATA RESOLVIDO") / 86400 - unixepoch("DATA_EXECUCAO") / 86400 END AS prazo_resolucao_dias,
    CASE WHEN "DATA RESOLVIDO" IS NULL THEN 1 ELSE 0 END AS aberto,
    _row_key
  FROM return_reports AS g;
