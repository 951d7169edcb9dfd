-- Baixa por semana de execução. Coorte nova ainda não teve tempo: madura = 0, mostrada apagada e fora da meta.
SELECT semana, regional, grupo, sum(servicos) AS servicos, sum(baixados) AS baixados, sum(baixados_no_prazo) AS no_prazo,
       round(1.0 * sum(baixados_no_prazo) / nullif(sum(servicos), 0), 6) AS taxa_no_prazo, sum(abertos) AS abertos, sum(baixa_anomala) AS anomalas,
       CASE WHEN (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - (SELECT dia_num + 6 FROM {{ ref('calendario') }} WHERE dia = r.semana)
                 >= (SELECT valor FROM {{ ref('config_parametro') }} WHERE chave = 'maturidade_baixa_dias') THEN 1 ELSE 0 END AS madura
  FROM {{ ref('resumo_dia') }} AS r
 GROUP BY semana, regional, grupo
