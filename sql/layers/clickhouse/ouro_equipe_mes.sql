CREATE VIEW ouro_equipe_mes AS
-- Um mês de uma equipe.
SELECT mes, equipe, min(regional) AS regional, min(grupo) AS grupo, count(DISTINCT data_execucao) AS equipes_dia,
       sum(servicos) AS servicos, sum(produzidos) AS produzidos,
       floor(1000000 * servicos / nullif(equipes_dia, 0) + 0.5) / 1000000 AS servicos_por_equipe_dia,
       sum(inspecoes) AS inspecoes, sum(toi_inspecao) AS toi_inspecao, floor(1000000 * toi_inspecao / nullif(inspecoes, 0) + 0.5) / 1000000 AS taxa_acerto,
       sum(retornos) AS retornos, floor(1000000 * retornos / nullif(servicos, 0) + 0.5) / 1000000 AS taxa_retorno,
       sum(com_horario) AS com_horario, sum(min_campo) AS min_campo, floor(1000000 * min_campo / nullif(com_horario, 0) + 0.5) / 1000000 AS min_medio,
       sum(valor_centavos) AS valor_centavos
  FROM resumo_dia
 GROUP BY mes, equipe;
