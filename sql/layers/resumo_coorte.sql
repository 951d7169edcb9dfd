-- As figuras de cada mês encerrado como estavam depois de cada execução que mexeu nele: é o que o efeito da auditoria lê.
CREATE TABLE resumo_coorte (
    mes date NOT NULL, execucao text NOT NULL, regional text NOT NULL, grupo text NOT NULL,
    servicos integer NOT NULL, produzidos integer NOT NULL, inspecoes integer NOT NULL, toi integer NOT NULL,
    toi_inspecao integer NOT NULL, retornos integer NOT NULL, retornos_exatos integer NOT NULL, negociados integer NOT NULL,
    valor_centavos bigint NOT NULL, baixados integer NOT NULL,
    PRIMARY KEY (mes, execucao, regional, grupo)
);
