CREATE VIEW teste_sem_data AS
-- Teste de dados: linhas sem data de execução não entram em figura nenhuma por dia, semana ou mês.
SELECT 'general_reports' AS relatorio, count(*) AS linhas FROM general_reports WHERE "DATA_EXECUCAO" IS NULL
UNION ALL
SELECT 'return_reports', count(*) FROM return_reports WHERE "DATA_EXECUCAO" IS NULL;
