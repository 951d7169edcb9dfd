-- Retornos por mês de execução e motivo, para o Pareto; a equipe é dimensão.
SELECT mes, regional, grupo, coalesce(equipe, '') AS equipe, coalesce(motivo, '(sem motivo)') AS motivo,
       coalesce(motivo_detalhado, '') AS motivo_detalhado, coalesce(motivo_detalhado_2, '') AS motivo_detalhado_2,
       count(*) AS retornos, sum(aberto) AS abertos
  FROM {{ ref('retornos') }}
 WHERE data_execucao IS NOT NULL
 GROUP BY 1, 2, 3, 4, 5, 6, 7
