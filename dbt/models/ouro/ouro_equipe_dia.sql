-- Um dia de uma equipe. Medidas somáveis; razões se refazem da soma do numerador e da soma do denominador.
SELECT data_execucao, semana, mes, equipe, min(regional) AS regional, min(grupo) AS grupo,
       sum(servicos) AS servicos, sum(produzidos) AS produzidos, sum(inspecoes) AS inspecoes, sum(toi) AS toi,
       sum(toi_inspecao) AS toi_inspecao, sum(retornos) AS retornos, sum(retornos_exatos) AS retornos_exatos,
       sum(com_horario) AS com_horario, sum(sem_horario) AS sem_horario, sum(horario_anomalo) AS horario_anomalo, sum(min_campo) AS min_campo,
       sum(negociados) AS negociados, sum(valor_centavos) AS valor_centavos
  FROM {{ ref('resumo_dia') }}
 GROUP BY data_execucao, semana, mes, equipe
