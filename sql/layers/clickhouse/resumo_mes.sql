CREATE VIEW resumo_mes AS
-- As somas de resumo_dia por mês.
SELECT mes, equipe, municipio, min(regional) AS regional, min(grupo) AS grupo,
       sum(servicos) AS servicos, sum(produzidos) AS produzidos, sum(inspecoes) AS inspecoes, sum(toi) AS toi,
       sum(toi_inspecao) AS toi_inspecao, sum(retornos) AS retornos, sum(retornos_exatos) AS retornos_exatos,
       sum(com_horario) AS com_horario, sum(sem_horario) AS sem_horario, sum(horario_anomalo) AS horario_anomalo,
       sum(min_campo) AS min_campo, sum(baixados) AS baixados, sum(baixados_no_prazo) AS baixados_no_prazo,
       sum(abertos) AS abertos, sum(baixa_anomala) AS baixa_anomala, sum(toi_entregues) AS toi_entregues,
       sum(toi_notificados) AS toi_notificados, sum(ar_recebidos) AS ar_recebidos, sum(ar_no_prazo) AS ar_no_prazo,
       sum(ar_pendentes) AS ar_pendentes, sum(negociados) AS negociados, sum(valor_centavos) AS valor_centavos,
       sum(valor_ilegivel) AS valor_ilegivel, sum(parcelas) AS parcelas, sum(medidores) AS medidores,
       sum(ramais_mono) AS ramais_mono, sum(ramais_bi) AS ramais_bi, sum(ramais_tri) AS ramais_tri,
       sum(pedreiro) AS pedreiro, sum(afericao_pendente) AS afericao_pendente
  FROM resumo_dia
 GROUP BY mes, equipe, municipio;
