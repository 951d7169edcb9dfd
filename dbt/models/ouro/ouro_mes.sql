-- Um mês de uma regional e um grupo: todas as contagens somáveis e as razões do próprio grão.
SELECT mes, regional, grupo,
       sum(servicos) AS servicos, sum(produzidos) AS produzidos, sum(inspecoes) AS inspecoes, sum(toi) AS toi,
       sum(toi_inspecao) AS toi_inspecao, round(1.0 * sum(toi_inspecao) / nullif(sum(inspecoes), 0), 6) AS taxa_acerto,
       sum(retornos) AS retornos, sum(retornos_exatos) AS retornos_exatos,
       round(1.0 * sum(retornos) / nullif(sum(servicos), 0), 6) AS taxa_retorno,
       sum(com_horario) AS com_horario, sum(sem_horario) AS sem_horario, sum(horario_anomalo) AS horario_anomalo, sum(min_campo) AS min_campo,
       round(60.0 * sum(com_horario) / nullif(sum(min_campo), 0), 6) AS servicos_por_hora_campo,
       round(1.0 * sum(com_horario) / nullif(sum(servicos), 0), 6) AS parte_com_horario,
       sum(baixados) AS baixados, sum(baixados_no_prazo) AS baixados_no_prazo, sum(abertos) AS abertos,
       sum(baixa_anomala) AS baixa_anomala,
       sum(toi_entregues) AS toi_entregues, round(1.0 * sum(toi_entregues) / nullif(sum(toi), 0), 6) AS taxa_entrega_toi,
       sum(toi_notificados) AS toi_notificados, sum(ar_recebidos) AS ar_recebidos, sum(ar_no_prazo) AS ar_no_prazo,
       sum(ar_pendentes) AS ar_pendentes,
       sum(negociados) AS negociados, round(1.0 * sum(negociados) / nullif(sum(toi), 0), 6) AS taxa_negociacao,
       sum(valor_centavos) AS valor_centavos, round(sum(valor_centavos) / 100.0, 2) AS valor_negociado,
       sum(valor_ilegivel) AS valor_ilegivel, sum(parcelas) AS parcelas,
       sum(medidores) AS medidores, sum(ramais_mono) AS ramais_mono, sum(ramais_bi) AS ramais_bi,
       sum(ramais_tri) AS ramais_tri, sum(pedreiro) AS pedreiro, sum(afericao_pendente) AS afericao_pendente,
       CASE WHEN (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - (SELECT mes_fim_num FROM {{ ref('calendario') }} WHERE dia = r.mes)
                 >= (SELECT valor FROM {{ ref('config_parametro') }} WHERE chave = 'maturidade_retorno_dias') THEN 1 ELSE 0 END AS retorno_maduro
  FROM {{ ref('resumo_mes') }} AS r
 GROUP BY mes, regional, grupo
