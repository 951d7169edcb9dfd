-- As mudanças que a janela pôs no log, que ia até :log.
INSERT INTO resumo_auditoria
SELECT execucao, dia, relatorio, operacao, coluna, mes, count(*)
  FROM mudancas_antigas WHERE id > :log AND relatorio = :report
 GROUP BY execucao, dia, relatorio, operacao, coluna, mes
ON CONFLICT (execucao, dia, relatorio, operacao, coluna, mes) DO UPDATE SET mudancas = resumo_auditoria.mudancas + excluded.mudancas;
