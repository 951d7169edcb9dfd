CREATE VIEW ouro_dia AS
-- Um dia de uma regional e um grupo: a página Hoje.
SELECT data_execucao, semana, mes, regional, grupo,
       sum(servicos) AS servicos, sum(produzidos) AS produzidos, uniqExactIf(equipe, equipe <> '') AS equipes_ativas,
       sum(inspecoes) AS inspecoes, sum(toi) AS toi, sum(toi_inspecao) AS toi_inspecao,
       floor(1000000 * toi_inspecao / nullif(inspecoes, 0) + 0.5) / 1000000 AS taxa_acerto,
       sum(retornos) AS retornos, sum(retornos_exatos) AS retornos_exatos,
       floor(1000000 * retornos / nullif(servicos, 0) + 0.5) / 1000000 AS taxa_retorno,
       sum(com_horario) AS com_horario, sum(min_campo) AS min_campo,
       sum(negociados) AS negociados, sum(valor_centavos) AS valor_centavos,
       valor_centavos / 100 AS valor_negociado, sum(abertos) AS baixas_abertas
  FROM resumo_dia
 GROUP BY data_execucao, semana, mes, regional, grupo;
