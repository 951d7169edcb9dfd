CREATE VIEW ouro_mes AS
-- Um mês de uma regional e um grupo: todas as contagens somáveis e as razões do próprio grão.
SELECT mes, regional, grupo,
       sum(servicos) AS servicos, sum(produzidos) AS produzidos, sum(inspecoes) AS inspecoes, sum(toi) AS toi,
       sum(toi_inspecao) AS toi_inspecao, floor(1000000 * toi_inspecao / nullif(inspecoes, 0) + 0.5) / 1000000 AS taxa_acerto,
       sum(retornos) AS retornos, sum(retornos_exatos) AS retornos_exatos,
       floor(1000000 * retornos / nullif(servicos, 0) + 0.5) / 1000000 AS taxa_retorno,
       sum(com_horario) AS com_horario, sum(sem_horario) AS sem_horario, sum(horario_anomalo) AS horario_anomalo, sum(min_campo) AS min_campo,
       floor(60000000 * com_horario / nullif(min_campo, 0) + 0.5) / 1000000 AS servicos_por_hora_campo,
       floor(1000000 * com_horario / nullif(servicos, 0) + 0.5) / 1000000 AS parte_com_horario,
       sum(baixados) AS baixados, sum(baixados_no_prazo) AS baixados_no_prazo, sum(abertos) AS abertos,
       sum(baixa_anomala) AS baixa_anomala,
       sum(toi_entregues) AS toi_entregues, floor(1000000 * toi_entregues / nullif(toi, 0) + 0.5) / 1000000 AS taxa_entrega_toi,
       sum(toi_notificados) AS toi_notificados, sum(ar_recebidos) AS ar_recebidos, sum(ar_no_prazo) AS ar_no_prazo,
       sum(ar_pendentes) AS ar_pendentes,
       sum(negociados) AS negociados, floor(1000000 * negociados / nullif(toi, 0) + 0.5) / 1000000 AS taxa_negociacao,
       sum(valor_centavos) AS valor_centavos, valor_centavos / 100 AS valor_negociado,
       sum(valor_ilegivel) AS valor_ilegivel, sum(parcelas) AS parcelas,
       sum(medidores) AS medidores, sum(ramais_mono) AS ramais_mono, sum(ramais_bi) AS ramais_bi,
       sum(ramais_tri) AS ramais_tri, sum(pedreiro) AS pedreiro, sum(afericao_pendente) AS afericao_pendente,
       CASE WHEN (SELECT hoje_num FROM painel_referencia) - (toInt32(addMonths(mes, 1)) - 1)
                 >= (SELECT valor FROM config_parametro WHERE chave = 'maturidade_retorno_dias') THEN 1 ELSE 0 END AS retorno_maduro
  FROM resumo_mes
 GROUP BY mes, regional, grupo;
