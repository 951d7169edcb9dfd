-- Fila da aferição: medidor trocado num TOI, ainda sem data de aferição, por idade. A regra está por confirmar.
SELECT regional, grupo, faixa, min(idade) AS idade_min, sum(afericao_pendente) AS pendentes
  FROM (SELECT regional, grupo, idade, afericao_pendente,
               CASE WHEN idade <= 30 THEN '0-30' WHEN idade <= 60 THEN '31-60' WHEN idade <= 90 THEN '61-90'
                    ELSE '> 90' END AS faixa
          FROM (SELECT regional, grupo, afericao_pendente, (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - dia_num AS idade
                  FROM {{ ref('resumo_dia') }} WHERE afericao_pendente > 0) AS x) AS y
 GROUP BY regional, grupo, faixa
