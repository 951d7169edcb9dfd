-- O que mudou em linhas velhas, uma linha por mudança e coluna. Uma linha que muda de dia é uma apagada e uma inserida.
-- Vida depois de auditoria_idade_dias nem sempre é auditoria (AR, solução).
SELECT c.id, c.run_id AS execucao, (c.changed_at AT TIME ZONE 'America/Sao_Paulo')::date AS dia, c.report AS relatorio, c.op AS operacao,
       CASE WHEN c.op = 'update' THEN k.key ELSE '(linha inteira)' END AS coluna, c.window_date AS data_execucao,
       date_trunc('month', c.window_date)::date AS mes, c.row_key
  FROM {{ source('sigos', 'etl_changes') }} AS c
  LEFT JOIN LATERAL jsonb_object_keys(CASE WHEN c.op = 'update' THEN c.after ELSE '{"_": 1}' END) AS k (key) ON true
 WHERE (c.changed_at AT TIME ZONE 'America/Sao_Paulo')::date - c.window_date > (SELECT valor FROM {{ ref('config_parametro') }} WHERE chave = 'auditoria_idade_dias')
