{{ config(severity='warn') }}
SELECT * FROM {{ ref('teste_retorno_sem_servico') }}
