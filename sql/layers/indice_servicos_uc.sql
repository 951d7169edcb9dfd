-- Por este índice um retorno acha seus serviços (load/retornos_servicos.sql) sem ler os dias inteiros.
CREATE INDEX indice_servicos_uc ON general_reports ("UC / MD", "DATA_EXECUCAO");
