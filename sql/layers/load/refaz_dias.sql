-- Todos os serviços e retornos dos dias :de a :ate, como se acabassem de entrar.
CREATE TEMP TABLE etl_servicos AS
SELECT _row_key AS chave, data_execucao AS dia FROM servicos WHERE data_execucao >= :de AND data_execucao <= :ate;
INSERT INTO etl_medida
SELECT 1, 'prazo_resolucao', data_execucao, coalesce(regional, ''), coalesce(grupo, ''), prazo_resolucao_dias, mes
  FROM retornos
 WHERE prazo_resolucao_dias IS NOT NULL AND data_execucao >= :de AND data_execucao <= :ate;
