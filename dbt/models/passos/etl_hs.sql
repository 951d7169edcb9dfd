{{ config(indexes=[{'columns': ['mes']}]) }}
SELECT mes, data_execucao, uc, cod, equipe, toi, coalesce(regional, '') AS regional, coalesce(grupo, '') AS grupo,
       produzido, inspecao, tem_toi, situacao_baixa, valor_negociado_centavos AS centavos, valido_de, valido_ate
  FROM {{ ref('historico_servicos') }} AS h JOIN {{ ref('etl_dias') }} AS d ON d.dia = h.data_execucao
