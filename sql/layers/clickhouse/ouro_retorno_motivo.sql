CREATE VIEW ouro_retorno_motivo AS
-- Retornos por mês de execução e motivo, para o Pareto; a equipe é dimensão.
SELECT mes, regional, grupo, e AS equipe, m AS motivo, d AS motivo_detalhado, f AS motivo_detalhado_2, count() AS retornos,
       sum(aberto) AS abertos
  FROM (SELECT mes, regional, grupo, coalesce(equipe, '') AS e, coalesce(motivo, '(sem motivo)') AS m, coalesce(motivo_detalhado, '') AS d,
               coalesce(motivo_detalhado_2, '') AS f, aberto
          FROM retornos WHERE data_execucao IS NOT NULL)
 GROUP BY mes, regional, grupo, e, m, d, f;
