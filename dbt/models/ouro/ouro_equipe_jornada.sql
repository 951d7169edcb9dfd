-- A jornada de uma equipe num dia, dos serviços com horário normal: primeiro início, último fim e o tempo entre serviços.
-- min_entre_servicos é NULL onde os serviços se sobrepõem tanto que seria negativo. Não é soma: lê a prata, limite o período.
SELECT data_execucao, equipe, primeiro_inicio, ultimo_fim, servicos, min_campo,
       CASE WHEN fim_s - inicio_s >= min_campo * 60 THEN (fim_s - inicio_s) / 60 - min_campo END AS min_entre_servicos
  FROM (SELECT data_execucao, coalesce(equipe, '') AS equipe, min(hora_inicio) AS primeiro_inicio, max(hora_fim) AS ultimo_fim,
               min(inicio_s) AS inicio_s, max(fim_s) AS fim_s, count(*) AS servicos, sum(min_campo) AS min_campo
          FROM {{ ref('servicos') }} WHERE situacao_horario = 'ok'
         GROUP BY data_execucao, coalesce(equipe, '')) AS j
