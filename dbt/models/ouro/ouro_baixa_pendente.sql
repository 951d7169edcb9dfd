-- Serviços sem baixa por idade em dias, na data da cópia.
SELECT regional, grupo, faixa, min(idade) AS idade_min, sum(abertos) AS abertos
  FROM (SELECT regional, grupo, idade, abertos,
       CASE WHEN idade <= 7 THEN '0-7' WHEN idade <= 15 THEN '8-15' WHEN idade <= 30 THEN '16-30'
            WHEN idade <= 60 THEN '31-60' WHEN idade <= 90 THEN '61-90' ELSE '> 90' END AS faixa
          FROM (SELECT regional, grupo, abertos, (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - dia_num AS idade
                  FROM {{ ref('resumo_dia') }} WHERE abertos > 0) AS x) AS y
 GROUP BY regional, grupo, faixa
