-- Refaz resumo_cobertura do livro de janelas.
DELETE FROM resumo_cobertura;
INSERT INTO resumo_cobertura (report, dia, primeira_execucao, ultima_execucao)
SELECT w.report, c.dia, min(w.primeira), max(w.ultima)
  FROM (SELECT report, own_first, own_last, min(run_id) AS primeira, max(run_id) AS ultima
          FROM etl_windows WHERE status = 'loaded' AND complete <> 0 GROUP BY report, own_first, own_last) AS w
  JOIN calendario AS c ON c.dia >= w.own_first AND c.dia <= w.own_last
 GROUP BY w.report, c.dia;
