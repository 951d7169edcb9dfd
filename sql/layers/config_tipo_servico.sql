-- Quais tipos de serviço são inspeções: uma linha por valor de TIPO SERVICO já visto, como em config_status.
CREATE TABLE IF NOT EXISTS config_tipo_servico (
    tipo_servico text PRIMARY KEY NOT NULL,
    inspecao     smallint NOT NULL CHECK (inspecao IN (0, 1)),
    origem       text NOT NULL DEFAULT 'padrão' CHECK (origem IN ('padrão', 'ajustado'))
);
