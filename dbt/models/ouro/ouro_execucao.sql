-- Uma execução e o que fez.
SELECT r.id AS execucao, r.mode AS modo, r.started_at AS inicio, r.ended_at AS fim, r.exit_code AS codigo,
       count(w.id) AS janelas, sum(CASE WHEN w.status = 'loaded' THEN 1 ELSE 0 END) AS aplicadas,
       sum(CASE WHEN w.status = 'held' THEN 1 ELSE 0 END) AS retidas,
       sum(CASE WHEN w.status IN ('refused', 'failed') THEN 1 ELSE 0 END) AS recusadas,
       coalesce(sum(w.rows_read), 0) AS lidas, coalesce(sum(w.inserted), 0) AS inseridas,
       coalesce(sum(w.updated), 0) AS mudadas, coalesce(sum(w.deleted), 0) AS apagadas,
       coalesce(sum(w.rows_rejected), 0) AS rejeitadas, coalesce(sum(w.cells_unreadable), 0) AS celulas_ilegiveis
  FROM {{ source('sigos', 'etl_runs') }} AS r LEFT JOIN {{ source('sigos', 'etl_windows') }} AS w ON w.run_id = r.id
 GROUP BY r.id, r.mode, r.started_at, r.ended_at, r.exit_code
