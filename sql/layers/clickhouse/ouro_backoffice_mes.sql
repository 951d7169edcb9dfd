CREATE VIEW ouro_backoffice_mes AS
-- Carga de cada pessoa da retaguarda e prazo médio até a baixa.
SELECT mes, b AS backoffice, count() AS servicos, count(prazo) AS baixados,
       floor(1000000 * sum(prazo) / nullif(baixados, 0) + 0.5) / 1000000 AS prazo_medio
  FROM (SELECT mes, coalesce(backoffice, '(em branco)') AS b, prazo_baixa_dias AS prazo FROM servicos WHERE data_execucao IS NOT NULL)
 GROUP BY mes, b;
