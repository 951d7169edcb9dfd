CREATE VIEW ouro_execucao AS
-- Uma execução e o que fez. Uma execução sem janela não tem par: o que falta é 0.
SELECT execucao, modo, inicio, fim, codigo, janelas, aplicadas, retidas, recusadas, lidas, inseridas, mudadas, apagadas,
       rejeitadas, celulas_ilegiveis
  FROM (SELECT id AS execucao, mode AS modo, started_at AS inicio, ended_at AS fim, exit_code AS codigo FROM etl_runs) AS r
   ANY LEFT JOIN (SELECT run_id AS execucao, count() AS janelas, sum(CASE WHEN status = 'loaded' THEN 1 ELSE 0 END) AS aplicadas,
                         sum(CASE WHEN status = 'held' THEN 1 ELSE 0 END) AS retidas,
                         sum(CASE WHEN status IN ('refused', 'failed') THEN 1 ELSE 0 END) AS recusadas,
                         sum(rows_read) AS lidas, sum(inserted) AS inseridas, sum(updated) AS mudadas, sum(deleted) AS apagadas,
                         sum(rows_rejected) AS rejeitadas, sum(cells_unreadable) AS celulas_ilegiveis
                    FROM etl_windows GROUP BY run_id) AS w
 USING execucao;
