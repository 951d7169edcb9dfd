-- O que conta como produzido: uma linha por valor de STATUS que alguém confirmou. Os outros contam pelo padrão, que está
-- em servicos: nenhuma carga escreve aqui. ouro_valor_novo os mostra.
CREATE TABLE IF NOT EXISTS config_status (status String, produzido UInt8, origem String DEFAULT 'ajustado')
    ENGINE = MergeTree ORDER BY status;
