CREATE VIEW ouro_equipe_jornada AS
-- A jornada de uma equipe num dia, dos serviços com horário normal: primeiro início, último fim e o tempo entre serviços.
-- min_entre_servicos é NULL onde os serviços se sobrepõem tanto que seria negativo. Não é soma: lê a prata, limite o período.
SELECT data_execucao, e AS equipe, primeiro_inicio, ultimo_fim, servicos, minutos AS min_campo,
       CASE WHEN fim - inicio >= minutos * 60 THEN intDiv(fim - inicio, 60) - minutos END AS min_entre_servicos
  FROM (SELECT data_execucao, e, min(hora_inicio) AS primeiro_inicio, max(hora_fim) AS ultimo_fim,
               min(inicio_s) AS inicio, max(fim_s) AS fim, count() AS servicos, sum(min_campo) AS minutos
          FROM (SELECT data_execucao, coalesce(equipe, '') AS e, hora_inicio, hora_fim, inicio_s, fim_s, min_campo
                  FROM servicos WHERE situacao_horario = 'ok')
         GROUP BY data_execucao, e);
