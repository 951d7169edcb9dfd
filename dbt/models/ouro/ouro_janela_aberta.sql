-- Janelas retidas ou recusadas que nenhuma janela aplicada depois cobriu por inteiro: é o que falta na cópia.
SELECT w.id, w.run_id AS execucao, w.report AS relatorio, w.own_first AS de, w.own_last AS ate, w.status AS situacao,
       w.reason AS motivo, w.ended_at AS quando
  FROM {{ source('sigos', 'etl_windows') }} AS w
 WHERE w.status <> 'loaded'
   AND NOT EXISTS (SELECT 1 FROM {{ source('sigos', 'etl_windows') }} AS o WHERE o.report = w.report AND o.status = 'loaded' AND o.id > w.id
                      AND o.own_first <= w.own_first AND o.own_last >= w.own_last)
