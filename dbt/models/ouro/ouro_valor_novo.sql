-- Valores de STATUS e TIPO SERVICO que ninguém confirmou ainda.
SELECT 'STATUS' AS coluna, status AS valor, produzido AS conta FROM {{ ref('config_status') }} WHERE origem = 'padrão'
UNION ALL
SELECT 'TIPO SERVICO', tipo_servico, inspecao FROM {{ ref('config_tipo_servico') }} WHERE origem = 'padrão'
