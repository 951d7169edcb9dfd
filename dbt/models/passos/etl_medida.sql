WITH linhas (sinal, medida, data_execucao, regional, grupo, valor, mes) AS (
SELECT 1, 'prazo_resolucao', data_execucao, coalesce(regional, ''), coalesce(grupo, ''), prazo_resolucao_dias, mes
  FROM {{ ref('retornos') }}
 WHERE prazo_resolucao_dias IS NOT NULL AND data_execucao >= DATE '-infinity' AND data_execucao <= DATE 'infinity'
UNION ALL
SELECT 1, 'servicos_equipe', r.data_execucao, min(r.regional), min(r.grupo), sum(r.servicos), min(r.mes)
  FROM {{ ref('etl_equipes_dia') }} AS e JOIN {{ ref('resumo_dia') }} AS r ON r.data_execucao = e.data_execucao AND r.equipe = e.equipe
 GROUP BY r.data_execucao, r.equipe
UNION ALL
SELECT sinal, 'min_campo', data_execucao, regional, grupo, min_campo, mes FROM {{ ref('etl_contribuicao') }} WHERE min_campo IS NOT NULL
UNION ALL
SELECT sinal, 'prazo_baixa', data_execucao, regional, grupo, prazo_baixa, mes FROM {{ ref('etl_contribuicao') }} WHERE prazo_baixa IS NOT NULL
UNION ALL
SELECT sinal, 'prazo_ar', data_execucao, regional, grupo, prazo_ar, mes FROM {{ ref('etl_contribuicao') }} WHERE prazo_ar IS NOT NULL
UNION ALL
SELECT sinal, 'centavos', data_execucao, regional, grupo, centavos, mes FROM {{ ref('etl_contribuicao') }} WHERE centavos IS NOT NULL
)
SELECT sinal::integer AS sinal,
       medida::text AS medida,
       data_execucao::date AS data_execucao,
       regional::text AS regional,
       grupo::text AS grupo,
       valor::bigint AS valor,
       mes::date AS mes
  FROM linhas
