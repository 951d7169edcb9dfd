CREATE VIEW ouro_semana AS
-- Uma semana (segunda a domingo) de uma regional e um grupo.
SELECT semana, regional, grupo, sum(servicos) AS servicos, sum(produzidos) AS produzidos,
       sum(inspecoes) AS inspecoes, sum(toi_inspecao) AS toi_inspecao, floor(1000000 * toi_inspecao / nullif(inspecoes, 0) + 0.5) / 1000000 AS taxa_acerto,
       sum(retornos) AS retornos, floor(1000000 * retornos / nullif(servicos, 0) + 0.5) / 1000000 AS taxa_retorno,
       sum(negociados) AS negociados, sum(valor_centavos) AS valor_centavos,
       valor_centavos / 100 AS valor_negociado,
       CASE WHEN (SELECT hoje_num FROM painel_referencia) - (toInt32(semana) + 6)
                 >= (SELECT valor FROM config_parametro WHERE chave = 'maturidade_retorno_dias') THEN 1 ELSE 0 END AS retorno_maduro
  FROM resumo_dia
 GROUP BY semana, regional, grupo;
