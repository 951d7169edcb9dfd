CREATE VIEW ouro_municipio_mes AS
-- Um mês de um município.
SELECT mes, municipio, regional, grupo, sum(servicos) AS servicos, sum(inspecoes) AS inspecoes, sum(toi) AS toi,
       sum(toi_inspecao) AS toi_inspecao, floor(1000000 * toi_inspecao / nullif(inspecoes, 0) + 0.5) / 1000000 AS taxa_acerto,
       sum(retornos) AS retornos, floor(1000000 * retornos / nullif(servicos, 0) + 0.5) / 1000000 AS taxa_retorno,
       sum(valor_centavos) AS valor_centavos, valor_centavos / 100 AS valor_negociado
  FROM resumo_mes
 GROUP BY mes, municipio, regional, grupo;
