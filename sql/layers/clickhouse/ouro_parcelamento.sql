CREATE VIEW ouro_parcelamento AS
-- Negociações por financiamento e parcelamento.
SELECT mes, regional, grupo, p AS parcelamento, c AS cod_financiamento, count() AS negociados, sum(centavos) AS valor_centavos,
       sum(qtd_parcelas) AS parcelas
  FROM (SELECT mes, regional, grupo, coalesce(parcelamento, '(em branco)') AS p, coalesce(cod_financiamento, '(em branco)') AS c,
               valor_negociado_centavos AS centavos, qtd_parcelas
          FROM servicos WHERE valor_negociado_centavos > 0 AND data_execucao IS NOT NULL)
 GROUP BY mes, regional, grupo, p, c;
