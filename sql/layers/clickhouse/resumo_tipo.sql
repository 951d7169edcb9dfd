CREATE VIEW resumo_tipo AS
-- Somas por dia, regional, grupo, tipo de serviço e status.
SELECT d AS data_execucao, r AS regional, g AS grupo, t AS tipo_servico, s AS status, min(n_mes) AS mes, count() AS servicos,
       sum(n_toi) AS toi, sum(n_retorno) AS retornos, sum(n_com_horario) AS com_horario, sum(n_min) AS min_campo,
       sum(n_centavos) AS valor_centavos
  FROM (SELECT assumeNotNull(data_execucao) AS d, coalesce(regional, '') AS r, coalesce(grupo, '') AS g,
               coalesce(tipo_servico, '') AS t, coalesce(status, '') AS s, assumeNotNull(mes) AS n_mes, tem_toi AS n_toi,
               CASE WHEN retorno IS NOT NULL THEN 1 ELSE 0 END AS n_retorno,
               CASE WHEN min_campo IS NOT NULL THEN 1 ELSE 0 END AS n_com_horario, ifNull(min_campo, 0) AS n_min,
               CASE WHEN valor_negociado_centavos > 0 THEN assumeNotNull(valor_negociado_centavos) ELSE 0 END AS n_centavos
          FROM servicos_retorno WHERE data_execucao IS NOT NULL)
 GROUP BY d, r, g, t, s;
