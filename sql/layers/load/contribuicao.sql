-- O que os serviços tocados somam aos resumos, como estão agora.
INSERT INTO etl_contribuicao
SELECT 1, s.data_execucao, s.dia_num, s.semana, s.mes, coalesce(s.equipe, ''), coalesce(s.municipio, ''),
       coalesce(s.regional, ''), coalesce(s.grupo, ''), coalesce(s.tipo_servico, ''), coalesce(s.status, ''),
       s.produzido, s.inspecao, s.tem_toi, s.tem_toi * s.inspecao,
       CASE WHEN exato.uc IS NOT NULL OR por_toi.uc IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN exato.uc IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN s.min_campo IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN s.situacao_horario = 'ausente' THEN 1 ELSE 0 END,
       CASE WHEN s.situacao_horario IN ('acima_do_limite', 'vira_meia_noite') THEN 1 ELSE 0 END,
       s.min_campo,
       CASE WHEN s.situacao_baixa = 'baixado' THEN 1 ELSE 0 END,
       CASE WHEN s.prazo_baixa_dias <= (SELECT valor FROM config_parametro WHERE chave = 'prazo_baixa_dias') THEN 1 ELSE 0 END,
       CASE WHEN s.situacao_baixa = 'aberto' THEN 1 ELSE 0 END,
       CASE WHEN s.situacao_baixa = 'antes_da_execucao' THEN 1 ELSE 0 END,
       coalesce(s.entregue, 0), coalesce(s.notificado_sim, 0),
       CASE WHEN s.prazo_ar_dias IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN s.prazo_ar_dias <= (SELECT valor FROM config_parametro WHERE chave = 'prazo_ar_dias') THEN 1 ELSE 0 END,
       s.ar_pendente,
       CASE WHEN s.valor_negociado_centavos > 0 THEN 1 ELSE 0 END,
       CASE WHEN s.valor_negociado_centavos > 0 THEN s.valor_negociado_centavos END,
       s.valor_ilegivel,
       CASE WHEN s.valor_negociado_centavos > 0 THEN coalesce(s.qtd_parcelas, 0) ELSE 0 END,
       s.medidor_instalado,
       CASE WHEN s.ramal_mono IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN s.ramal_bi IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN s.ramal_tri IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN s.servico_pedreiro IN (SELECT texto FROM config_sim) THEN 1 ELSE 0 END,
       s.afericao_pendente, s.prazo_baixa_dias, s.prazo_ar_dias
  FROM etl_servicos AS k
  JOIN servicos AS s ON s.data_execucao = k.dia AND s._row_key = k.chave
  LEFT JOIN (SELECT DISTINCT r.uc, r.data_execucao, r.cod, r.equipe
               FROM (SELECT DISTINCT dia FROM etl_servicos) AS d JOIN retornos AS r ON r.data_execucao = d.dia) AS exato
    ON exato.uc = s.uc AND exato.data_execucao = s.data_execucao AND exato.cod = s.cod AND exato.equipe = s.equipe
  LEFT JOIN (SELECT DISTINCT r.uc, r.data_execucao, r.toi
               FROM (SELECT DISTINCT dia FROM etl_servicos) AS d JOIN retornos AS r ON r.data_execucao = d.dia
              WHERE r.toi IS NOT NULL) AS por_toi
    ON por_toi.uc = s.uc AND por_toi.data_execucao = s.data_execucao AND por_toi.toi = s.toi;
