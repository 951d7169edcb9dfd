-- O que mudou em linhas velhas: uma linha por execução, relatório, operação, coluna e mês da linha.
SELECT execucao, dia, relatorio, operacao, coluna, mes, mudancas FROM {{ ref('resumo_auditoria') }}
