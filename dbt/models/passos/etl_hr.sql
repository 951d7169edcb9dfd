{{ config(indexes=[{'columns': ['data_execucao', 'uc']}]) }}
SELECT data_execucao, uc, cod, equipe, toi, valido_de, valido_ate FROM {{ ref('historico_retornos') }} WHERE data_execucao IN (SELECT dia FROM {{ ref('etl_dias') }})
