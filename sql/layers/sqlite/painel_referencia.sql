CREATE VIEW painel_referencia AS
-- "Hoje" dos painéis é o dia da última janela aplicada, em São Paulo, nunca o relógio de quem lê: uma cópia parada não
-- envelhece as pendências em silêncio, e os dois bancos respondem igual.
SELECT hoje, unixepoch(hoje) / 86400 AS hoje_num, atualizado_em, execucao
  FROM (SELECT substr(max(ended_at), 1, 10) AS hoje, max(ended_at) AS atualizado_em, max(run_id) AS execucao
          FROM etl_windows WHERE status = 'loaded') AS u;
