-- Valor negociado por mês: número, soma, ticket médio, mediano e p90 dos valores > 0, da distribuição exata em centavos.
WITH h AS (SELECT mes, regional, grupo, valor, sum(n) AS n
             FROM {{ ref('resumo_distribuicao') }} WHERE medida = 'centavos' GROUP BY mes, regional, grupo, valor),
a AS (SELECT mes, regional, grupo, valor, n, sum(n) OVER (PARTITION BY mes, regional, grupo ORDER BY valor) AS acumulado,
             sum(n) OVER (PARTITION BY mes, regional, grupo) AS total FROM h)
SELECT mes, regional, grupo, max(total) AS negociados, sum(valor * n) AS valor_centavos,
       round(1.0 * sum(valor * n) / nullif(100 * max(total), 0), 6) AS ticket_medio,
       round(min(CASE WHEN acumulado * 2 >= total THEN valor END) / 100.0, 2) AS ticket_mediano,
       round(min(CASE WHEN acumulado * 10 >= total * 9 THEN valor END) / 100.0, 2) AS ticket_p90
  FROM a
 GROUP BY mes, regional, grupo
