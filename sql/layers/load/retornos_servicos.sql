-- Os serviços que um retorno tocado casa ou casava: mesma UC e mesmo dia. A UC dos retornos que a janela traz está em
-- etl_tocados; a dos que ela muda ou apaga está na tabela.
CREATE TEMP TABLE etl_ucs AS
SELECT dia, texto AS uc FROM etl_tocados WHERE texto <> ''
UNION
SELECT r.data_execucao, r.uc FROM etl_tocados AS k JOIN retornos AS r ON r.data_execucao = k.dia AND r._row_key = k.chave
 WHERE r.uc IS NOT NULL;
CREATE TEMP TABLE etl_servicos AS
SELECT g._row_key AS chave, g."DATA_EXECUCAO" AS dia
  FROM etl_ucs AS u JOIN general_reports AS g ON g."UC / MD" = u.uc AND g."DATA_EXECUCAO" = u.dia;
DROP TABLE etl_ucs;
