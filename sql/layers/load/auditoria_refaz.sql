-- Refaz resumo_auditoria do log de mudanças.
DELETE FROM resumo_auditoria;
INSERT INTO resumo_auditoria
SELECT execucao, dia, relatorio, operacao, coluna, mes, count(*)
  FROM mudancas_antigas
 GROUP BY execucao, dia, relatorio, operacao, coluna, mes;
