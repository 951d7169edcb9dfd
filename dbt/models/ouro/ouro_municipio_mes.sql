-- Um mês de um município.
SELECT mes, municipio, regional, grupo, sum(servicos) AS servicos, sum(inspecoes) AS inspecoes, sum(toi) AS toi,
       sum(toi_inspecao) AS toi_inspecao, round(1.0 * sum(toi_inspecao) / nullif(sum(inspecoes), 0), 6) AS taxa_acerto,
       sum(retornos) AS retornos, round(1.0 * sum(retornos) / nullif(sum(servicos), 0), 6) AS taxa_retorno,
       sum(valor_centavos) AS valor_centavos, round(sum(valor_centavos) / 100.0, 2) AS valor_negociado
  FROM {{ ref('resumo_mes') }}
 GROUP BY mes, municipio, regional, grupo
