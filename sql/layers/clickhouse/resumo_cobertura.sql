CREATE VIEW resumo_cobertura AS
-- Que execução mostrou cada dia pela primeira vez, e qual o olhou por último: cada janela completa, aberta em seus dias.
SELECT report, dia, min(primeira) AS primeira_execucao, max(ultima) AS ultima_execucao
  FROM (SELECT report, addDays(own_first, n) AS dia, primeira, ultima
          FROM (SELECT report, own_first, own_last, min(run_id) AS primeira, max(run_id) AS ultima
                  FROM etl_windows WHERE status = 'loaded' AND complete <> 0 AND own_last >= own_first
                 GROUP BY report, own_first, own_last)
         ARRAY JOIN range(toUInt32(toInt32(own_last) - toInt32(own_first) + 1)) AS n)
 WHERE dia >= toDate('2000-01-01') AND dia <= toDate('2059-12-31')
 GROUP BY report, dia;
