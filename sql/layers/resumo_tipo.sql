-- Somas por dia, regional, grupo, tipo de serviço e status; mantida como resumo_dia.
CREATE TABLE resumo_tipo (
    data_execucao date NOT NULL, regional text NOT NULL, grupo text NOT NULL, tipo_servico text NOT NULL, status text NOT NULL,
    mes date NOT NULL,
    servicos integer NOT NULL, toi integer NOT NULL, retornos integer NOT NULL, com_horario integer NOT NULL,
    min_campo integer NOT NULL, valor_centavos bigint NOT NULL,
    PRIMARY KEY (data_execucao, regional, grupo, tipo_servico, status)
);
