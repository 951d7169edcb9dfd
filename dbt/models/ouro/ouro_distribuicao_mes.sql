-- Mediana e p90 (menor valor que a metade, ou 90 %, não passa) de medidas inteiras por mês, regional e grupo.
-- medida: min_campo, prazo_baixa, prazo_ar (coorte do serviço), prazo_resolucao (coorte do retorno).
WITH h AS (SELECT mes, regional, grupo, medida, valor, sum(n) AS n
             FROM {{ ref('resumo_distribuicao') }} WHERE medida IN ('min_campo', 'prazo_baixa', 'prazo_ar', 'prazo_resolucao')
            GROUP BY mes, regional, grupo, medida, valor),
a AS (SELECT mes, regional, grupo, medida, valor, n,
             sum(n) OVER (PARTITION BY mes, regional, grupo, medida ORDER BY valor) AS acumulado,
             sum(n) OVER (PARTITION BY mes, regional, grupo, medida) AS total FROM h)
SELECT mes, regional, grupo, medida, max(total) AS n, min(CASE WHEN acumulado * 2 >= total THEN valor END) AS mediana,
       min(CASE WHEN acumulado * 10 >= total * 9 THEN valor END) AS p90,
       round(1.0 * sum(valor * n) / nullif(max(total), 0), 6) AS media
  FROM a
 GROUP BY mes, regional, grupo, medida
