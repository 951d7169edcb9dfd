-- O que é cada coluna das camadas, nas palavras de quem as lê; refeita por `etl-sigos layers`.
CREATE TABLE etl_dicionario (
    relacao   text NOT NULL,
    coluna    text NOT NULL,
    ordem     integer NOT NULL,
    descricao text,
    PRIMARY KEY (relacao, coluna)
);
