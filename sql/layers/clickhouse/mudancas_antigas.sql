CREATE VIEW mudancas_antigas AS
-- O que mudou em linhas velhas, uma linha por mudança e coluna. Uma linha que muda de dia é uma apagada e uma inserida.
-- Vida depois de auditoria_idade_dias nem sempre é auditoria (AR, solução).
SELECT id, execucao, dia, relatorio, operacao, coluna, data_execucao, addDays(data_execucao, 1 - toDayOfMonth(data_execucao)) AS mes, row_key
  FROM (SELECT id, execucao, toDate(substring(quando, 1, 10)) AS dia, relatorio, operacao, coluna, data_execucao, row_key
          FROM (SELECT id, run_id AS execucao, changed_at AS quando, report AS relatorio, op AS operacao, '(linha inteira)' AS coluna,
                       window_date AS data_execucao, row_key
                  FROM etl_changes WHERE op <> 'update'
                UNION ALL
                SELECT id, run_id, changed_at, report, op, column_name, window_date, row_key
                  FROM (SELECT id, run_id, changed_at, report, op, window_date, row_key FROM etl_changes WHERE op = 'update') AS c
                   ALL INNER JOIN (SELECT change_id AS id, column_name FROM etl_change_columns WHERE op = 'update') AS k USING id))
 WHERE toInt32(dia) - toInt32(data_execucao) > (SELECT valor FROM config_parametro WHERE chave = 'auditoria_idade_dias');
