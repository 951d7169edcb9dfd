DROP TABLE etl_contribuicao;
DROP TABLE etl_medida;
DROP TABLE etl_servicos;
