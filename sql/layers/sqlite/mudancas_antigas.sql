CREATE VIEW mudancas_antigas AS
-- O que mudou em linhas velhas, uma linha por mudança e coluna. Uma linha que muda de dia é uma apagada e uma inserida.
-- Vida depois de auditoria_idade_dias nem sempre é auditoria (AR, solução).
SELECT c.id, c.run_id AS execucao, substr(c.changed_at, 1, 10) AS dia, c.report AS relatorio, c.op AS operacao,
       CASE WHEN c.op = 'update' THEN k.key ELSE '(linha inteira)' END AS coluna, c.window_date AS data_execucao,
       date(c.window_date, 'start of month') AS mes, c.row_key
  FROM etl_changes AS c
  LEFT JOIN json_each(CASE WHEN c.op = 'update' THEN c.after ELSE '{"_": 1}' END) AS k
 WHERE unixepoch(substr(c.changed_at, 1, 10)) / 86400 - unixepoch(c.window_date) / 86400 > (SELECT valor FROM config_parametro WHERE chave = 'auditoria_idade_dias');
