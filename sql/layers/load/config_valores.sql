-- Um valor novo de STATUS ou TIPO SERVICO entra na lista com o padrão (origem 'padrão') e aparece em Pipeline por
-- confirmar. Nunca muda o que um analista ajustou.
INSERT INTO config_status (status, produzido)
SELECT DISTINCT coalesce(status, ''), CASE WHEN status IN ('BAIXADO', 'CONCLUIDO', 'CONCLUÍDO', 'EXECUTADO') THEN 1 ELSE 0 END
  FROM (SELECT s.status FROM etl_servicos AS k JOIN servicos AS s ON s.data_execucao = k.dia AND s._row_key = k.chave
         WHERE s.data_execucao >= (SELECT min(dia) FROM etl_servicos) AND s.data_execucao <= (SELECT max(dia) FROM etl_servicos)) AS novos
 WHERE true
ON CONFLICT (status) DO NOTHING;
INSERT INTO config_tipo_servico (tipo_servico, inspecao)
SELECT DISTINCT coalesce(tipo_servico, ''), CASE WHEN tipo_servico LIKE 'INSPE%' OR tipo_servico LIKE 'FISCALIZA%' THEN 1 ELSE 0 END
  FROM (SELECT s.tipo_servico FROM etl_servicos AS k JOIN servicos AS s ON s.data_execucao = k.dia AND s._row_key = k.chave
         WHERE s.data_execucao >= (SELECT min(dia) FROM etl_servicos) AND s.data_execucao <= (SELECT max(dia) FROM etl_servicos)) AS novos
 WHERE true
ON CONFLICT (tipo_servico) DO NOTHING;
