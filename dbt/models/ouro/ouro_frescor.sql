-- Até quando a cópia vai: a última janela aplicada de cada relatório e o último dia que ela cobre.
SELECT report AS relatorio, max(ended_at) AS atualizado_em, max(own_last) AS ultimo_dia, max(run_id) AS execucao
  FROM {{ source('sigos', 'etl_windows') }}
 WHERE status = 'loaded'
 GROUP BY report
