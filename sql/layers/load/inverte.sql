-- O que foi lido antes da escrita sai dos resumos.
UPDATE etl_contribuicao SET sinal = -1;
UPDATE etl_medida SET sinal = -1;
