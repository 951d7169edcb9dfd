-- Quando cada equipe serviu por último. Sem serviço não quer dizer ausente.
SELECT equipe, min(regional) AS regional, min(grupo) AS grupo, max(data_execucao) AS ultimo_servico,
       (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - max(dia_num) AS dias_sem_servico,
       sum(CASE WHEN dia_num > (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - 30 THEN servicos ELSE 0 END) AS servicos_30d
  FROM {{ ref('resumo_dia') }}
 WHERE equipe <> ''
 GROUP BY equipe
