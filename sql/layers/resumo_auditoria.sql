-- As mudanças de mudancas_antigas, contadas: o log só cresce, e a página não pode lê-lo inteiro.
CREATE TABLE resumo_auditoria (
    execucao text NOT NULL, dia date NOT NULL, relatorio text NOT NULL, operacao text NOT NULL, coluna text NOT NULL,
    mes date NOT NULL, mudancas integer NOT NULL,
    PRIMARY KEY (execucao, dia, relatorio, operacao, coluna, mes)
);
