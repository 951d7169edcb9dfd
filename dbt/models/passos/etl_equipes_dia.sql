SELECT DISTINCT data_execucao, equipe FROM {{ ref('etl_contribuicao') }} WHERE equipe <> ''
