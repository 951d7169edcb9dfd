CREATE VIEW resumo_auditoria AS
-- As mudanças de mudancas_antigas, contadas.
SELECT execucao, dia, relatorio, operacao, coluna, mes, count() AS mudancas
  FROM mudancas_antigas
 GROUP BY execucao, dia, relatorio, operacao, coluna, mes;
