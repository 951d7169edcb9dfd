-- Carga de cada pessoa da retaguarda e prazo médio até a baixa.
SELECT mes, coalesce(backoffice, '(em branco)') AS backoffice, count(*) AS servicos, count(prazo_baixa_dias) AS baixados,
       round(1.0 * sum(prazo_baixa_dias) / nullif(count(prazo_baixa_dias), 0), 6) AS prazo_medio
  FROM {{ ref('servicos') }}
 WHERE data_execucao IS NOT NULL
 GROUP BY 1, 2
