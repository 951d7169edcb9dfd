-- Quais tipos de serviço são inspeções: uma linha por valor de TIPO SERVICO já visto, como em config_status.
WITH linhas (tipo_servico, inspecao, origem) AS (
SELECT tipo_servico, inspecao, 'ajustado' FROM {{ ref('config_tipo_servico_ajustado') }}
UNION ALL
SELECT DISTINCT coalesce(tipo_servico, ''), CASE WHEN tipo_servico LIKE 'INSPE%' OR tipo_servico LIKE 'FISCALIZA%' THEN 1 ELSE 0 END, 'padrão'
  FROM (SELECT nullif("TIPO SERVICO", '') AS tipo_servico FROM {{ source('sigos', 'general_reports') }} WHERE "DATA_EXECUCAO" IS NOT NULL) AS novos
 WHERE coalesce(tipo_servico, '') NOT IN (SELECT tipo_servico FROM {{ ref('config_tipo_servico_ajustado') }})
)
SELECT tipo_servico::text AS tipo_servico,
       inspecao::smallint AS inspecao,
       origem::text AS origem
  FROM linhas
