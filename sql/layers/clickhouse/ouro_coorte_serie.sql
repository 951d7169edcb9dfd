CREATE VIEW ouro_coorte_serie AS
-- Um mês encerrado como estava depois de cada execução que mexeu nele.
SELECT mes, execucao, dia, modo, regional, grupo, servicos, produzidos, inspecoes, toi, toi_inspecao, retornos, retornos_exatos,
       negociados, valor_centavos, baixados, floor(1000000 * retornos / nullif(servicos, 0) + 0.5) / 1000000 AS taxa_retorno,
       floor(1000000 * toi_inspecao / nullif(inspecoes, 0) + 0.5) / 1000000 AS taxa_acerto
  FROM (SELECT mes, execucao, regional, grupo, servicos, produzidos, inspecoes, toi, toi_inspecao, retornos, retornos_exatos,
               negociados, valor_centavos, baixados FROM resumo_coorte) AS c
   ALL INNER JOIN (SELECT id AS execucao, toDate(substring(started_at, 1, 10)) AS dia, mode AS modo FROM etl_runs) AS r
 USING execucao;
