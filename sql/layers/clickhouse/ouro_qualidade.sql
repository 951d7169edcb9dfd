CREATE VIEW ouro_qualidade AS
-- Testes de dados do mês: quanto cada figura deixou de fora.
SELECT mes, sum(n) AS servicos, sum(sem_horario) AS sem_horario, sum(horario_anomalo) AS horario_anomalo,
       sum(baixa_anomala) AS baixa_antes_da_execucao, sum(valor_ilegivel) AS valor_ilegivel,
       sum(CASE WHEN equipe = '' THEN n ELSE 0 END) AS sem_equipe, sum(CASE WHEN municipio = '' THEN n ELSE 0 END) AS sem_municipio
  FROM (SELECT mes, equipe, municipio, servicos AS n, sem_horario, horario_anomalo, baixa_anomala, valor_ilegivel FROM resumo_mes)
 GROUP BY mes;
