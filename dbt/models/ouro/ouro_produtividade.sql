-- Serviços por equipe-dia: média, mediana, p10 e p90 (menor valor que a parte não passa) entre as equipes-dia do mês.
-- Equipe sem serviço no dia não está nos dados; serviço sem equipe não tem equipe-dia.
WITH h AS (SELECT mes, regional, grupo, valor, sum(n) AS n
             FROM {{ ref('resumo_distribuicao') }} WHERE medida = 'servicos_equipe' GROUP BY mes, regional, grupo, valor),
a AS (SELECT mes, regional, grupo, valor, n, sum(n) OVER (PARTITION BY mes, regional, grupo ORDER BY valor) AS acumulado,
             sum(n) OVER (PARTITION BY mes, regional, grupo) AS total FROM h)
SELECT mes, regional, grupo, max(total) AS equipes_dia, sum(valor * n) AS servicos,
       round(1.0 * sum(valor * n) / nullif(max(total), 0), 6) AS servicos_por_equipe_dia,
       min(CASE WHEN acumulado * 10 >= total THEN valor END) AS p10,
       min(CASE WHEN acumulado * 2 >= total THEN valor END) AS mediana,
       min(CASE WHEN acumulado * 10 >= total * 9 THEN valor END) AS p90
  FROM a
 GROUP BY mes, regional, grupo
