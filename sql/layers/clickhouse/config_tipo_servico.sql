-- Quais tipos de serviço são inspeções: uma linha por valor de TIPO SERVICO que alguém confirmou, como em config_status.
CREATE TABLE IF NOT EXISTS config_tipo_servico (tipo_servico String, inspecao UInt8, origem String DEFAULT 'ajustado')
    ENGINE = MergeTree ORDER BY tipo_servico;
