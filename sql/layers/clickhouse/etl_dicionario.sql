-- O que é cada coluna das camadas, nas palavras de quem as lê; refeita por `etl-sigos layers`.
CREATE TABLE etl_dicionario (relacao String, coluna String, ordem UInt32, descricao Nullable(String))
    ENGINE = MergeTree ORDER BY (relacao, coluna);
