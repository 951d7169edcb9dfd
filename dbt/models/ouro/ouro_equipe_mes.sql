-- Um mês de uma equipe.
SELECT mes, equipe, min(regional) AS regional, min(grupo) AS grupo, count(DISTINCT data_execucao) AS equipes_dia,
       sum(servicos) AS servicos, sum(produzidos) AS produzidos,
       round(1.0 * sum(servicos) / nullif(count(DISTINCT data_execucao), 0), 6) AS servicos_por_equipe_dia,
       sum(inspecoes) AS inspecoes, sum(toi_inspecao) AS toi_inspecao, round(1.0 * sum(toi_inspecao) / nullif(sum(inspecoes), 0), 6) AS taxa_acerto,
       sum(retornos) AS retornos, round(1.0 * sum(retornos) / nullif(sum(servicos), 0), 6) AS taxa_retorno,
       sum(com_horario) AS com_horario, sum(min_campo) AS min_campo, round(1.0 * sum(min_campo) / nullif(sum(com_horario), 0), 6) AS min_medio,
       sum(valor_centavos) AS valor_centavos
  FROM {{ ref('resumo_dia') }}
 GROUP BY mes, equipe
