CREATE VIEW ouro_efeito_auditoria AS
-- "A taxa de retorno de setembro passou de x para y." antes = o mês como estava fechamento_dias depois de acabar (o
-- retorno leva dias para chegar: isso é maturação, não auditoria); agora = a última execução que mexeu nele. Um mês que
-- começou a ser guardado depois do fechamento tem por antes a primeira execução guardada.
SELECT mes, any(antes) AS execucao_antes, any(agora) AS execucao_agora, regional, grupo,
       sumIf(servicos, execucao = antes) AS servicos_antes, sumIf(servicos, execucao = agora) AS servicos_agora,
       sumIf(retornos, execucao = antes) AS retornos_antes, sumIf(retornos, execucao = agora) AS retornos_agora,
       floor(1000000 * retornos_antes / nullif(servicos_antes, 0) + 0.5) / 1000000 AS taxa_retorno_antes,
       floor(1000000 * retornos_agora / nullif(servicos_agora, 0) + 0.5) / 1000000 AS taxa_retorno_agora,
       sumIf(inspecoes, execucao = antes) AS inspecoes_antes, sumIf(inspecoes, execucao = agora) AS inspecoes_agora,
       sumIf(toi_inspecao, execucao = antes) AS toi_inspecao_antes, sumIf(toi_inspecao, execucao = agora) AS toi_inspecao_agora,
       sumIf(produzidos, execucao = antes) AS produzidos_antes, sumIf(produzidos, execucao = agora) AS produzidos_agora,
       sumIf(valor_centavos, execucao = antes) AS valor_centavos_antes, sumIf(valor_centavos, execucao = agora) AS valor_centavos_agora,
       sumIf(baixados, execucao = antes) AS baixados_antes, sumIf(baixados, execucao = agora) AS baixados_agora
  FROM (SELECT mes, execucao, regional, grupo, servicos, retornos, inspecoes, toi_inspecao, produzidos, valor_centavos, baixados FROM ouro_coorte_serie) AS c
   ALL INNER JOIN (
       SELECT mes, max(execucao) AS agora,
              if(countIf(cedo) > 0, maxIf(execucao, cedo), min(execucao)) AS antes
         FROM (SELECT mes, execucao,
                      toInt32(dia) <= toInt32(addMonths(mes, 1)) - 1 + (SELECT valor FROM config_parametro WHERE chave = 'fechamento_dias') AS cedo
                 FROM ouro_coorte_serie)
        GROUP BY mes) AS e
 USING mes
 WHERE execucao = antes OR execucao = agora
 GROUP BY mes, regional, grupo;
