-- Negociações por financiamento e parcelamento.
SELECT mes, regional, grupo, coalesce(parcelamento, '(em branco)') AS parcelamento,
       coalesce(cod_financiamento, '(em branco)') AS cod_financiamento,
       count(*) AS negociados, sum(valor_negociado_centavos) AS valor_centavos, sum(qtd_parcelas) AS parcelas
  FROM {{ ref('servicos') }}
 WHERE valor_negociado_centavos > 0 AND data_execucao IS NOT NULL
 GROUP BY 1, 2, 3, 4, 5
