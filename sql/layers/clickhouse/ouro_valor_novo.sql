CREATE VIEW ouro_valor_novo AS
-- Valores de STATUS e TIPO SERVICO que ninguém confirmou ainda, e como contam. Nos outros bancos fica na lista também um
-- valor que já não está em serviço nenhum; aqui a lista sai dos serviços.
SELECT DISTINCT 'STATUS' AS coluna, coalesce(status, '') AS valor, produzido AS conta
  FROM servicos
 WHERE data_execucao IS NOT NULL AND coalesce(status, '') NOT IN (SELECT status FROM config_status WHERE origem <> 'padrão')
UNION ALL
SELECT DISTINCT 'TIPO SERVICO', coalesce(tipo_servico, ''), inspecao
  FROM servicos
 WHERE data_execucao IS NOT NULL
   AND coalesce(tipo_servico, '') NOT IN (SELECT tipo_servico FROM config_tipo_servico WHERE origem <> 'padrão');
