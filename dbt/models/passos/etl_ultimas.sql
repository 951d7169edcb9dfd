SELECT mes, max(execucao) AS execucao FROM {{ ref('etl_pares') }} GROUP BY mes
