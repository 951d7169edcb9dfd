-- O que os serviços tocados somam aos resumos, como estão agora. Os retornos dos seus dias ficam numa tabela com índice, e
-- os serviços se buscam entre o primeiro e o último dia, e o ANALYZE diz quantos são: sem isso o PostgreSQL, que estima
-- poucos serviços, compara cada um com todos os retornos, ou, que estima muitos dias, lê as tabelas inteiras.
ANALYZE etl_servicos;
CREATE TEMP TABLE etl_retornos AS
SELECT r.data_execucao, r.uc, r.cod, r.equipe, r.toi
  FROM (SELECT DISTINCT dia FROM etl_servicos) AS d JOIN retornos AS r ON r.data_execucao = d.dia
 WHERE r.uc IS NOT NULL;
CREATE INDEX etl_retornos_chave ON etl_retornos (uc, data_execucao);
INSERT INTO etl_contribuicao
SELECT 1, data_execucao, dia_num, semana, mes, coalesce(equipe, ''), coalesce(municipio, ''),
       coalesce(regional, ''), coalesce(grupo, ''), coalesce(tipo_servico, ''), coalesce(status, ''),
       produzido, inspecao, tem_toi, tem_toi * inspecao,
       CASE WHEN exato OR por_toi THEN 1 ELSE 0 END,
       CASE WHEN exato THEN 1 ELSE 0 END,
       CASE WHEN min_campo IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN situacao_horario = 'ausente' THEN 1 ELSE 0 END,
       CASE WHEN situacao_horario IN ('acima_do_limite', 'vira_meia_noite') THEN 1 ELSE 0 END,
       min_campo,
       CASE WHEN situacao_baixa = 'baixado' THEN 1 ELSE 0 END,
       CASE WHEN prazo_baixa_dias <= (SELECT valor FROM config_parametro WHERE chave = 'prazo_baixa_dias') THEN 1 ELSE 0 END,
       CASE WHEN situacao_baixa = 'aberto' THEN 1 ELSE 0 END,
       CASE WHEN situacao_baixa = 'antes_da_execucao' THEN 1 ELSE 0 END,
       coalesce(entregue, 0), coalesce(notificado_sim, 0),
       CASE WHEN prazo_ar_dias IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN prazo_ar_dias <= (SELECT valor FROM config_parametro WHERE chave = 'prazo_ar_dias') THEN 1 ELSE 0 END,
       ar_pendente,
       CASE WHEN valor_negociado_centavos > 0 THEN 1 ELSE 0 END,
       CASE WHEN valor_negociado_centavos > 0 THEN valor_negociado_centavos END,
       valor_ilegivel,
       CASE WHEN valor_negociado_centavos > 0 THEN coalesce(qtd_parcelas, 0) ELSE 0 END,
       medidor_instalado,
       CASE WHEN ramal_mono IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN ramal_bi IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN ramal_tri IS NOT NULL THEN 1 ELSE 0 END,
       CASE WHEN servico_pedreiro IN (SELECT texto FROM config_sim) THEN 1 ELSE 0 END,
       afericao_pendente, prazo_baixa_dias, prazo_ar_dias
  FROM (SELECT s.*,
               EXISTS (SELECT 1 FROM etl_retornos AS r WHERE r.uc = s.uc AND r.data_execucao = s.data_execucao
                          AND r.cod = s.cod AND r.equipe = s.equipe) AS exato,
               EXISTS (SELECT 1 FROM etl_retornos AS r WHERE r.uc = s.uc AND r.data_execucao = s.data_execucao
                          AND r.toi = s.toi) AS por_toi
          FROM etl_servicos AS k
          JOIN servicos AS s ON s.data_execucao = k.dia AND s._row_key = k.chave
                            AND s.data_execucao >= (SELECT min(dia) FROM etl_servicos)
                            AND s.data_execucao <= (SELECT max(dia) FROM etl_servicos)) AS s;
DROP TABLE etl_retornos;
