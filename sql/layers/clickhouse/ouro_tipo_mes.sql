CREATE VIEW ouro_tipo_mes AS
-- Um mês de um tipo de serviço e status.
SELECT mes, regional, grupo, tipo_servico, status, sum(servicos) AS servicos, sum(toi) AS toi, sum(retornos) AS retornos,
       sum(com_horario) AS com_horario, sum(min_campo) AS min_campo, floor(1000000 * min_campo / nullif(com_horario, 0) + 0.5) / 1000000 AS min_medio,
       sum(valor_centavos) AS valor_centavos
  FROM resumo_tipo
 GROUP BY mes, regional, grupo, tipo_servico, status;
