CREATE VIEW ouro_valor_novo AS
-- Valores de STATUS e TIPO SERVICO que ninguém confirmou ainda.
SELECT 'STATUS' AS coluna, status AS valor, produzido AS conta FROM config_status WHERE origem = 'padrão'
UNION ALL
SELECT 'TIPO SERVICO', tipo_servico, inspecao FROM config_tipo_servico WHERE origem = 'padrão';
