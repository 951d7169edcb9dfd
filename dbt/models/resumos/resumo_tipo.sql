{{ config(indexes=[{'columns': ['data_execucao', 'regional', 'grupo', 'tipo_servico', 'status'], 'unique': true}]) }}
-- Somas por dia, regional, grupo, tipo de serviço e status; mantida como resumo_dia.
WITH linhas (data_execucao, regional, grupo, tipo_servico, status, mes,
       servicos, toi, retornos, com_horario, min_campo, valor_centavos) AS (
SELECT data_execucao, regional, grupo, tipo_servico, status, min(mes), sum(sinal), sum(sinal * toi), sum(sinal * retorno),
       sum(sinal * com_horario), sum(sinal * coalesce(min_campo, 0)), sum(sinal * coalesce(centavos, 0))
  FROM {{ ref('etl_contribuicao') }}
 GROUP BY data_execucao, regional, grupo, tipo_servico, status
)
SELECT data_execucao::date AS data_execucao,
       regional::text AS regional,
       grupo::text AS grupo,
       tipo_servico::text AS tipo_servico,
       status::text AS status,
       mes::date AS mes,
       servicos::integer AS servicos,
       toi::integer AS toi,
       retornos::integer AS retornos,
       com_horario::integer AS com_horario,
       min_campo::integer AS min_campo,
       valor_centavos::bigint AS valor_centavos
  FROM linhas
