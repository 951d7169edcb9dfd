-- Quantas vezes cada valor inteiro de uma medida ocorre num dia: mediana e p90 saem da contagem acumulada, exatas e
-- iguais nos dois bancos. Medidas: min_campo, prazo_baixa, prazo_ar, prazo_resolucao (do retorno), centavos (negociados
-- > 0) e servicos_equipe (serviços de uma equipe no dia).
CREATE TABLE resumo_distribuicao (
    medida text NOT NULL, data_execucao date NOT NULL, regional text NOT NULL, grupo text NOT NULL,
    valor bigint NOT NULL, mes date NOT NULL, n integer NOT NULL,
    PRIMARY KEY (medida, data_execucao, regional, grupo, valor)
);
