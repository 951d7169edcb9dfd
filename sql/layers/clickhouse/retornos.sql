CREATE VIEW retornos AS
-- Prata: um retorno por linha, com tipos. Em branco é NULL.
SELECT
    replaceAll(toString(_row_key), '-', '') AS chave,
    nullif("UC / MD", '') AS uc,
    "DATA_EXECUCAO" AS data_execucao,
    toInt32("DATA_EXECUCAO") AS dia_num,
    addDays("DATA_EXECUCAO", 1 - toDayOfWeek("DATA_EXECUCAO")) AS semana,
    addDays("DATA_EXECUCAO", 1 - toDayOfMonth("DATA_EXECUCAO")) AS mes,
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
    CASE WHEN "DATA RESOLVIDO" >= "DATA_EXECUCAO" THEN toInt32("DATA RESOLVIDO") - toInt32("DATA_EXECUCAO") END AS prazo_resolucao_dias,
    CASE WHEN "DATA RESOLVIDO" IS NULL THEN 1 ELSE 0 END AS aberto,
    _row_key
  FROM return_reports AS g;
