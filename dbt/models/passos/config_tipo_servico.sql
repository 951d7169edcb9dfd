-- Quais tipos de serviço são inspeções: uma linha por valor de TIPO SERVICO já visto, como em config_status.
WITH linhas (tipo_servico, inspecao, origem) AS (
SELECT tipo_servico, inspecao, 'ajustado' FROM {{ ref('config_tipo_servico_ajustado') }}
UNION ALL
SELECT DISTINCT coalesce(tipo_servico, ''), CASE WHEN tipo_servico LIKE 'INSPE%' OR tipo_servico LIKE 'FISCALIZA%' THEN 1 ELSE 0 END, 'padrão'
  FROM (SELECT s.tipo_servico FROM {{ ref('etl_servicos') }} AS k JOIN {{ ref('servicos') }} AS s ON s.data_execucao = k.dia AND s._row_key = k.chave
         WHERE s.data_execucao >= (SELECT min(dia) FROM {{ ref('etl_servicos') }}) AND s.data_execucao <= (SELECT max(dia) FROM {{ ref('etl_servicos') }})) AS novos
 WHERE coalesce(tipo_servico, '') NOT IN (SELECT tipo_servico FROM {{ ref('config_tipo_servico_ajustado') }})
)
SELECT tipo_servico::text AS tipo_servico,
       inspecao::smallint AS inspecao,
       origem::text AS origem
  FROM linhas
