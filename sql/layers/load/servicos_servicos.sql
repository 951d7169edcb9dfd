-- Os serviços que a janela insere, muda ou apaga.
CREATE TEMP TABLE etl_servicos AS SELECT chave, dia FROM etl_tocados;
