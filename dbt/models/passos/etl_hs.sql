{{ config(indexes=[{'columns': ['mes']}]) }}
SELECT mes, data_execucao, uc, cod, equipe, toi, coalesce(regional, '') AS regional, coalesce(grupo, '') AS grupo,
       produzido, inspecao, tem_toi, situacao_baixa, valor_negociado_centavos AS centavos, valido_de, valido_ate
  FROM {{ ref('historico_servicos') }} WHERE data_execucao IN (SELECT dia FROM {{ ref('etl_dias') }})
