-- Teste de dados: linhas sem data de execução não entram em figura nenhuma por dia, semana ou mês.
SELECT 'general_reports' AS relatorio, count(*) AS linhas FROM {{ source('sigos', 'general_reports') }} WHERE "DATA_EXECUCAO" IS NULL
UNION ALL
SELECT 'return_reports', count(*) FROM {{ source('sigos', 'return_reports') }} WHERE "DATA_EXECUCAO" IS NULL
