-- Um mês de um tipo de serviço e status.
SELECT mes, regional, grupo, tipo_servico, status, sum(servicos) AS servicos, sum(toi) AS toi, sum(retornos) AS retornos,
       sum(com_horario) AS com_horario, sum(min_campo) AS min_campo, round(1.0 * sum(min_campo) / nullif(sum(com_horario), 0), 6) AS min_medio,
       sum(valor_centavos) AS valor_centavos
  FROM {{ ref('resumo_tipo') }}
 GROUP BY mes, regional, grupo, tipo_servico, status
