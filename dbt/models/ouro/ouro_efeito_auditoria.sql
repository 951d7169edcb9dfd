-- "A taxa de retorno de setembro passou de x para y." antes = o mês como estava fechamento_dias depois de acabar (o
-- retorno leva dias para chegar: isso é maturação, não auditoria); agora = a última execução que mexeu nele. Um mês que
-- começou a ser guardado depois do fechamento tem por antes a primeira execução guardada.
WITH e AS (
    SELECT c.mes, max(c.execucao) AS agora,
           coalesce(max(CASE WHEN d.dia_num <= f.mes_fim_num + (SELECT valor FROM {{ ref('config_parametro') }} WHERE chave = 'fechamento_dias')
                             THEN c.execucao END), min(c.execucao)) AS antes
      FROM (SELECT DISTINCT mes, execucao, dia FROM {{ ref('ouro_coorte_serie') }}) AS c
      JOIN {{ ref('calendario') }} AS d ON d.dia = c.dia
      JOIN {{ ref('calendario') }} AS f ON f.dia = c.mes
     GROUP BY c.mes),
chaves AS (
    SELECT e.mes, e.antes, e.agora, c.regional, c.grupo
      FROM e JOIN {{ ref('resumo_coorte') }} AS c ON c.mes = e.mes AND c.execucao IN (e.antes, e.agora)
     GROUP BY e.mes, e.antes, e.agora, c.regional, c.grupo)
SELECT k.mes, k.antes AS execucao_antes, k.agora AS execucao_agora, k.regional, k.grupo,
       coalesce(a.servicos, 0) AS servicos_antes, coalesce(b.servicos, 0) AS servicos_agora,
       coalesce(a.retornos, 0) AS retornos_antes, coalesce(b.retornos, 0) AS retornos_agora,
       round(1.0 * a.retornos / nullif(a.servicos, 0), 6) AS taxa_retorno_antes,
       round(1.0 * b.retornos / nullif(b.servicos, 0), 6) AS taxa_retorno_agora,
       coalesce(a.inspecoes, 0) AS inspecoes_antes, coalesce(b.inspecoes, 0) AS inspecoes_agora,
       coalesce(a.toi_inspecao, 0) AS toi_inspecao_antes, coalesce(b.toi_inspecao, 0) AS toi_inspecao_agora,
       coalesce(a.produzidos, 0) AS produzidos_antes, coalesce(b.produzidos, 0) AS produzidos_agora,
       coalesce(a.valor_centavos, 0) AS valor_centavos_antes, coalesce(b.valor_centavos, 0) AS valor_centavos_agora,
       coalesce(a.baixados, 0) AS baixados_antes, coalesce(b.baixados, 0) AS baixados_agora
  FROM chaves AS k
  LEFT JOIN {{ ref('resumo_coorte') }} AS a ON a.mes = k.mes AND a.execucao = k.antes AND a.regional = k.regional AND a.grupo = k.grupo
  LEFT JOIN {{ ref('resumo_coorte') }} AS b ON b.mes = k.mes AND b.execucao = k.agora AND b.regional = k.regional AND b.grupo = k.grupo
