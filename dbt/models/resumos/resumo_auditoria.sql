{{ config(indexes=[{'columns': ['execucao', 'dia', 'relatorio', 'operacao', 'coluna', 'mes'], 'unique': true}]) }}
-- As mudanças de mudancas_antigas, contadas: o log só cresce, e a página não pode lê-lo inteiro.
WITH linhas (execucao, dia, relatorio, operacao, coluna, mes, mudancas) AS (
SELECT execucao, dia, relatorio, operacao, coluna, mes, count(*)
  FROM {{ ref('mudancas_antigas') }}
 GROUP BY execucao, dia, relatorio, operacao, coluna, mes
)
SELECT execucao::text AS execucao,
       dia::date AS dia,
       relatorio::text AS relatorio,
       operacao::text AS operacao,
       coluna::text AS coluna,
       mes::date AS mes,
       mudancas::integer AS mudancas
  FROM linhas
