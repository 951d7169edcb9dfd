CREATE VIEW resumo_coorte_execucoes AS
-- Os meses encerrados, cada um com a primeira execução que o viu completo e com cada uma que mexeu nele depois.
SELECT mes, execucao
  FROM (SELECT mes, max(primeira) AS base
          FROM (SELECT addDays(dia, 1 - toDayOfMonth(dia)) AS mes, primeira_execucao AS primeira FROM resumo_cobertura)
         WHERE toInt32(addMonths(mes, 1)) - 1 <= (SELECT hoje_num FROM painel_referencia)
         GROUP BY mes) AS b
   ALL INNER JOIN (SELECT DISTINCT mes, execucao
                     FROM (SELECT addDays(assumeNotNull(window_date), 1 - toDayOfMonth(assumeNotNull(window_date))) AS mes, run_id AS execucao
                             FROM etl_changes WHERE window_date IS NOT NULL
                           UNION ALL
                           SELECT mes, max(primeira)
                             FROM (SELECT addDays(dia, 1 - toDayOfMonth(dia)) AS mes, primeira_execucao AS primeira FROM resumo_cobertura)
                            GROUP BY mes)) AS r
 USING mes
 WHERE execucao >= base;
