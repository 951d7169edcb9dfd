-- Retornos sem data de solução por idade desde a execução. O que o filtro E do portal inclui está por confirmar.
SELECT regional, grupo, faixa, min(idade) AS idade_min, count(*) AS abertos
  FROM (SELECT regional, grupo, idade,
       CASE WHEN idade <= 7 THEN '0-7' WHEN idade <= 15 THEN '8-15' WHEN idade <= 30 THEN '16-30'
            WHEN idade <= 60 THEN '31-60' WHEN idade <= 90 THEN '61-90' ELSE '> 90' END AS faixa
          FROM (SELECT regional, grupo, (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - dia_num AS idade
                  FROM {{ ref('retornos') }} WHERE data_resolvido IS NULL AND data_execucao IS NOT NULL) AS x) AS y
 GROUP BY regional, grupo, faixa
