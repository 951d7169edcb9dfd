-- Testes de dados do mês: quanto cada figura deixou de fora.
SELECT mes, sum(servicos) AS servicos, sum(sem_horario) AS sem_horario,
       sum(horario_anomalo) AS horario_anomalo, sum(baixa_anomala) AS baixa_antes_da_execucao,
       sum(valor_ilegivel) AS valor_ilegivel,
       sum(CASE WHEN equipe = '' THEN servicos ELSE 0 END) AS sem_equipe,
       sum(CASE WHEN municipio = '' THEN servicos ELSE 0 END) AS sem_municipio
  FROM {{ ref('resumo_mes') }}
 GROUP BY mes
