-- O que conta como produzido: uma linha por valor de STATUS já visto. A carga acrescenta os novos com o padrão
-- (origem 'padrão': ninguém confirmou); quem confirma escreve origem 'ajustado'.
CREATE TABLE IF NOT EXISTS config_status (
    status    text PRIMARY KEY NOT NULL,
    produzido smallint NOT NULL CHECK (produzido IN (0, 1)),
    origem    text NOT NULL DEFAULT 'padrão' CHECK (origem IN ('padrão', 'ajustado'))
);
