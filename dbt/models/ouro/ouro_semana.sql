-- Uma semana (segunda a domingo) de uma regional e um grupo.
SELECT semana, regional, grupo, sum(servicos) AS servicos, sum(produzidos) AS produzidos,
       sum(inspecoes) AS inspecoes, sum(toi_inspecao) AS toi_inspecao, round(1.0 * sum(toi_inspecao) / nullif(sum(inspecoes), 0), 6) AS taxa_acerto,
       sum(retornos) AS retornos, round(1.0 * sum(retornos) / nullif(sum(servicos), 0), 6) AS taxa_retorno,
       sum(negociados) AS negociados, sum(valor_centavos) AS valor_centavos,
       round(sum(valor_centavos) / 100.0, 2) AS valor_negociado,
       CASE WHEN (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - (SELECT dia_num + 6 FROM {{ ref('calendario') }} WHERE dia = r.semana)
                 >= (SELECT valor FROM {{ ref('config_parametro') }} WHERE chave = 'maturidade_retorno_dias') THEN 1 ELSE 0 END AS retorno_maduro
  FROM {{ ref('resumo_dia') }} AS r
 GROUP BY semana, regional, grupo
