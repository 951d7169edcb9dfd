CREATE VIEW ouro_baixa_coorte AS
-- Baixa por semana de execução. Coorte nova ainda não teve tempo: madura = 0, mostrada apagada e fora da meta.
SELECT semana, regional, grupo, sum(servicos) AS servicos, sum(baixados) AS baixados, sum(baixados_no_prazo) AS no_prazo,
       floor(1000000 * no_prazo / nullif(servicos, 0) + 0.5) / 1000000 AS taxa_no_prazo, sum(abertos) AS abertos, sum(baixa_anomala) AS anomalas,
       CASE WHEN (SELECT hoje_num FROM painel_referencia) - (toInt32(semana) + 6)
                 >= (SELECT valor FROM config_parametro WHERE chave = 'maturidade_baixa_dias') THEN 1 ELSE 0 END AS madura
  FROM resumo_dia
 GROUP BY semana, regional, grupo;
