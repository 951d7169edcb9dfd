SELECT * FROM {{ ref('etl_pares') }} WHERE NOT EXISTS (SELECT 1 FROM {{ ref('etl_ultimas') }} AS u WHERE u.mes = etl_pares.mes AND u.execucao = etl_pares.execucao)
