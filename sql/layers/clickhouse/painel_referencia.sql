CREATE VIEW painel_referencia AS
-- "Hoje" dos painéis é o dia da última janela aplicada, em São Paulo, nunca o relógio de quem lê: uma cópia parada não
-- envelhece as pendências em silêncio, e os bancos respondem igual.
SELECT toDateOrNull(substring(fim, 1, 10)) AS hoje, toInt32(toDateOrNull(substring(fim, 1, 10))) AS hoje_num,
       nullif(fim, '') AS atualizado_em, nullif(ultima, '') AS execucao
  FROM (SELECT max(ended_at) AS fim, max(run_id) AS ultima FROM etl_windows WHERE status = 'loaded');
