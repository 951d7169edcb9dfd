SELECT b.mes, r.execucao
  FROM (SELECT c.mes, max(k.primeira_execucao) AS base
          FROM {{ ref('resumo_cobertura') }} AS k JOIN {{ ref('calendario') }} AS c ON c.dia = k.dia
         WHERE c.mes_fim_num <= (SELECT hoje_num FROM {{ ref('painel_referencia') }}) GROUP BY c.mes) AS b
  JOIN (SELECT c.mes, x.run_id AS execucao FROM {{ source('sigos', 'etl_changes') }} AS x JOIN {{ ref('calendario') }} AS c ON c.dia = x.window_date
        UNION
        SELECT c.mes, max(k.primeira_execucao) FROM {{ ref('resumo_cobertura') }} AS k JOIN {{ ref('calendario') }} AS c ON c.dia = k.dia
         GROUP BY c.mes) AS r ON r.mes = b.mes AND r.execucao >= b.base
