{{ config(indexes=[{'columns': ['medida', 'data_execucao', 'regional', 'grupo', 'valor'], 'unique': true}]) }}
-- Quantas vezes cada valor inteiro de uma medida ocorre num dia: mediana e p90 saem da contagem acumulada, exatas e
-- iguais nos dois bancos. Medidas: min_campo, prazo_baixa, prazo_ar, prazo_resolucao (do retorno), centavos (negociados
-- > 0) e servicos_equipe (serviços de uma equipe no dia).
WITH linhas (medida, data_execucao, regional, grupo, valor, mes, n) AS (
SELECT medida, data_execucao, regional, grupo, valor, min(mes), sum(sinal)
  FROM {{ ref('etl_medida') }}
 GROUP BY medida, data_execucao, regional, grupo, valor
HAVING sum(sinal) <> 0
)
SELECT medida::text AS medida,
       data_execucao::date AS data_execucao,
       regional::text AS regional,
       grupo::text AS grupo,
       valor::bigint AS valor,
       mes::date AS mes,
       n::integer AS n
  FROM linhas
