{{ config(indexes=[{'columns': ['data_execucao', 'uc']}]) }}
SELECT data_execucao, uc, cod, equipe, toi, valido_de, valido_ate FROM {{ ref('historico_retornos') }} AS h JOIN {{ ref('etl_dias') }} AS d ON d.dia = h.data_execucao
