{{ config(indexes=[{'columns': ['uc', 'data_execucao']}]) }}
SELECT r.data_execucao, r.uc, r.cod, r.equipe, r.toi
  FROM (SELECT DISTINCT dia FROM {{ ref('etl_servicos') }}) AS d JOIN {{ ref('retornos') }} AS r ON r.data_execucao = d.dia
 WHERE r.uc IS NOT NULL
