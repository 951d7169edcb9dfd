{{ config(severity='warn') }}
SELECT * FROM {{ ref('teste_sem_data') }} WHERE linhas > 0
