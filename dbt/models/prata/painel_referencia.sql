-- "Hoje" dos painéis é o dia da última janela aplicada, em São Paulo, nunca o relógio de quem lê: uma cópia parada não
-- envelhece as pendências em silêncio, e os dois bancos respondem igual.
SELECT hoje, hoje - DATE '1970-01-01' AS hoje_num, atualizado_em, execucao
  FROM (SELECT (max(ended_at) AT TIME ZONE 'America/Sao_Paulo')::date AS hoje, max(ended_at) AS atualizado_em,
               max(run_id) AS execucao
          FROM {{ source('sigos', 'etl_windows') }} WHERE status = 'loaded') AS u
