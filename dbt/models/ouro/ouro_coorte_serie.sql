-- Um mês encerrado como estava depois de cada execução que mexeu nele.
SELECT c.mes, c.execucao, (r.started_at AT TIME ZONE 'America/Sao_Paulo')::date AS dia, r.mode AS modo, c.regional, c.grupo,
       c.servicos, c.produzidos, c.inspecoes, c.toi, c.toi_inspecao, c.retornos, c.retornos_exatos, c.negociados, c.valor_centavos,
       c.baixados, round(1.0 * c.retornos / nullif(c.servicos, 0), 6) AS taxa_retorno,
       round(1.0 * c.toi_inspecao / nullif(c.inspecoes, 0), 6) AS taxa_acerto
  FROM {{ ref('resumo_coorte') }} AS c JOIN {{ source('sigos', 'etl_runs') }} AS r ON r.id = c.execucao
