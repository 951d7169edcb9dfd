-- Um dia de uma regional e um grupo: a página Hoje.
SELECT data_execucao, semana, mes, regional, grupo,
       sum(servicos) AS servicos, sum(produzidos) AS produzidos, count(DISTINCT nullif(equipe, '')) AS equipes_ativas,
       sum(inspecoes) AS inspecoes, sum(toi) AS toi, sum(toi_inspecao) AS toi_inspecao,
       round(1.0 * sum(toi_inspecao) / nullif(sum(inspecoes), 0), 6) AS taxa_acerto,
       sum(retornos) AS retornos, sum(retornos_exatos) AS retornos_exatos,
       round(1.0 * sum(retornos) / nullif(sum(servicos), 0), 6) AS taxa_retorno,
       sum(com_horario) AS com_horario, sum(min_campo) AS min_campo,
       sum(negociados) AS negociados, sum(valor_centavos) AS valor_centavos,
       round(sum(valor_centavos) / 100.0, 2) AS valor_negociado, sum(abertos) AS baixas_abertas
  FROM {{ ref('resumo_dia') }}
 GROUP BY data_execucao, semana, mes, regional, grupo
