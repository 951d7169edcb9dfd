-- O que conta como produzido: uma linha por valor de STATUS já visto. A carga acrescenta os novos com o padrão
-- (origem 'padrão': ninguém confirmou); quem confirma escreve origem 'ajustado'.
WITH linhas (status, produzido, origem) AS (
SELECT status, produzido, 'ajustado' FROM {{ ref('config_status_ajustado') }}
UNION ALL
SELECT DISTINCT coalesce(status, ''), CASE WHEN status IN ('BAIXADO', 'CONCLUIDO', 'CONCLUÍDO', 'EXECUTADO') THEN 1 ELSE 0 END, 'padrão'
  FROM (SELECT nullif("STATUS", '') AS status FROM {{ source('sigos', 'general_reports') }} WHERE "DATA_EXECUCAO" IS NOT NULL) AS novos
 WHERE coalesce(status, '') NOT IN (SELECT status FROM {{ ref('config_status_ajustado') }})
)
SELECT status::text AS status,
       produzido::smallint AS produzido,
       origem::text AS origem
  FROM linhas
