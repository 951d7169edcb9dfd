CREATE VIEW ouro_auditoria AS
-- O que mudou em linhas velhas: uma linha por execução, relatório, operação e coluna. Uma linha que muda de dia é uma
-- apagada e uma inserida. Vida depois de auditoria_idade_dias nem sempre é auditoria (AR, solução).
SELECT c.run_id AS execucao, substr(c.changed_at, 1, 10) AS dia, c.report AS relatorio, c.op AS operacao,
       CASE WHEN c.op = 'update' THEN k.key ELSE '(linha inteira)' END AS coluna, date(c.window_date, 'start of month') AS mes,
       count(*) AS mudancas, count(DISTINCT c.row_key) AS linhas
  FROM etl_changes AS c
  LEFT JOIN json_each(CASE WHEN c.op = 'update' THEN c.after ELSE '{"_": 1}' END) AS k
 WHERE unixepoch(substr(c.changed_at, 1, 10)) / 86400 - unixepoch(c.window_date) / 86400 > (SELECT valor FROM config_parametro WHERE chave = 'auditoria_idade_dias')
 GROUP BY 1, 2, 3, 4, 5, 6;
