-- Última visita a cada município já visto. "Sem visita" de um município nunca visto pede a lista de municípios.
SELECT municipio, max(data_execucao) AS ultima_visita,
       (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - max(dia_num) AS dias_sem_visita,
       sum(CASE WHEN dia_num > (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - 90 THEN servicos ELSE 0 END) AS servicos_90d
  FROM {{ ref('resumo_dia') }}
 WHERE municipio <> ''
 GROUP BY municipio
