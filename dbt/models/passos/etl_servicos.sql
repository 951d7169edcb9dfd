SELECT _row_key AS chave, data_execucao AS dia FROM {{ ref('servicos') }} WHERE data_execucao >= DATE '-infinity' AND data_execucao <= DATE 'infinity'
