-- Soma as contribuições nos resumos, com seu sinal. Uma linha que fica sem serviço sai.

-- Serviços de cada equipe no dia: o valor de antes sai da distribuição, o de depois entra.
CREATE TEMP TABLE etl_equipes_dia AS SELECT DISTINCT data_execucao, equipe FROM etl_contribuicao WHERE equipe <> '';
INSERT INTO etl_medida
SELECT -1, 'servicos_equipe', r.data_execucao, min(r.regional), min(r.grupo), sum(r.servicos), min(r.mes)
  FROM etl_equipes_dia AS e JOIN resumo_dia AS r ON r.data_execucao = e.data_execucao AND r.equipe = e.equipe
 GROUP BY r.data_execucao, r.equipe;

INSERT INTO resumo_dia (data_execucao, equipe, municipio, regional, grupo, dia_num, semana, mes, servicos,
       produzidos, inspecoes, toi, toi_inspecao, retornos, retornos_exatos, com_horario, sem_horario,
       horario_anomalo, min_campo, baixados, baixados_no_prazo, abertos, baixa_anomala, toi_entregues, toi_notificados, ar_recebidos, ar_no_prazo,
       ar_pendentes, negociados, valor_centavos, valor_ilegivel, parcelas, medidores, ramais_mono, ramais_bi,
       ramais_tri, pedreiro, afericao_pendente)
SELECT data_execucao, equipe, municipio, min(regional), min(grupo), min(dia_num), min(semana), min(mes), sum(sinal),
       sum(sinal * produzido), sum(sinal * inspecao), sum(sinal * toi), sum(sinal * toi_inspecao),
       sum(sinal * retorno), sum(sinal * retorno_exato), sum(sinal * com_horario), sum(sinal * sem_horario),
       sum(sinal * horario_anomalo),
       sum(sinal * coalesce(min_campo, 0)), sum(sinal * baixado), sum(sinal * baixado_no_prazo), sum(sinal * aberto),
       sum(sinal * baixa_anomala), sum(sinal * entregue), sum(sinal * notificado), sum(sinal * ar_recebido),
       sum(sinal * ar_no_prazo), sum(sinal * ar_pendente), sum(sinal * negociado), sum(sinal * coalesce(centavos, 0)),
       sum(sinal * valor_ilegivel), sum(sinal * parcelas), sum(sinal * medidor), sum(sinal * ramal_mono),
       sum(sinal * ramal_bi), sum(sinal * ramal_tri), sum(sinal * pedreiro), sum(sinal * afericao_pendente)
  FROM etl_contribuicao
 GROUP BY data_execucao, equipe, municipio
ON CONFLICT (data_execucao, equipe, municipio) DO UPDATE SET
       servicos = resumo_dia.servicos + excluded.servicos,
       produzidos = resumo_dia.produzidos + excluded.produzidos,
       inspecoes = resumo_dia.inspecoes + excluded.inspecoes,
       toi = resumo_dia.toi + excluded.toi,
       toi_inspecao = resumo_dia.toi_inspecao + excluded.toi_inspecao,
       retornos = resumo_dia.retornos + excluded.retornos,
       retornos_exatos = resumo_dia.retornos_exatos + excluded.retornos_exatos,
       com_horario = resumo_dia.com_horario + excluded.com_horario,
       sem_horario = resumo_dia.sem_horario + excluded.sem_horario,
       horario_anomalo = resumo_dia.horario_anomalo + excluded.horario_anomalo,
       min_campo = resumo_dia.min_campo + excluded.min_campo,
       baixados = resumo_dia.baixados + excluded.baixados,
       baixados_no_prazo = resumo_dia.baixados_no_prazo + excluded.baixados_no_prazo,
       abertos = resumo_dia.abertos + excluded.abertos,
       baixa_anomala = resumo_dia.baixa_anomala + excluded.baixa_anomala,
       toi_entregues = resumo_dia.toi_entregues + excluded.toi_entregues,
       toi_notificados = resumo_dia.toi_notificados + excluded.toi_notificados,
       ar_recebidos = resumo_dia.ar_recebidos + excluded.ar_recebidos,
       ar_no_prazo = resumo_dia.ar_no_prazo + excluded.ar_no_prazo,
       ar_pendentes = resumo_dia.ar_pendentes + excluded.ar_pendentes,
       negociados = resumo_dia.negociados + excluded.negociados,
       valor_centavos = resumo_dia.valor_centavos + excluded.valor_centavos,
       valor_ilegivel = resumo_dia.valor_ilegivel + excluded.valor_ilegivel,
       parcelas = resumo_dia.parcelas + excluded.parcelas,
       medidores = resumo_dia.medidores + excluded.medidores,
       ramais_mono = resumo_dia.ramais_mono + excluded.ramais_mono,
       ramais_bi = resumo_dia.ramais_bi + excluded.ramais_bi,
       ramais_tri = resumo_dia.ramais_tri + excluded.ramais_tri,
       pedreiro = resumo_dia.pedreiro + excluded.pedreiro,
       afericao_pendente = resumo_dia.afericao_pendente + excluded.afericao_pendente;
DELETE FROM resumo_dia
 WHERE servicos = 0 AND data_execucao IN (SELECT data_execucao FROM etl_contribuicao WHERE sinal = -1);

INSERT INTO etl_medida
SELECT 1, 'servicos_equipe', r.data_execucao, min(r.regional), min(r.grupo), sum(r.servicos), min(r.mes)
  FROM etl_equipes_dia AS e JOIN resumo_dia AS r ON r.data_execucao = e.data_execucao AND r.equipe = e.equipe
 GROUP BY r.data_execucao, r.equipe;
DROP TABLE etl_equipes_dia;

INSERT INTO resumo_mes (mes, equipe, municipio, regional, grupo, servicos,
       produzidos, inspecoes, toi, toi_inspecao, retornos, retornos_exatos, com_horario, sem_horario,
       horario_anomalo, min_campo, baixados, baixados_no_prazo, abertos, baixa_anomala, toi_entregues, toi_notificados, ar_recebidos, ar_no_prazo,
       ar_pendentes, negociados, valor_centavos, valor_ilegivel, parcelas, medidores, ramais_mono, ramais_bi,
       ramais_tri, pedreiro, afericao_pendente)
SELECT mes, equipe, municipio, min(regional), min(grupo), sum(sinal),
       sum(sinal * produzido), sum(sinal * inspecao), sum(sinal * toi), sum(sinal * toi_inspecao),
       sum(sinal * retorno), sum(sinal * retorno_exato), sum(sinal * com_horario), sum(sinal * sem_horario),
       sum(sinal * horario_anomalo),
       sum(sinal * coalesce(min_campo, 0)), sum(sinal * baixado), sum(sinal * baixado_no_prazo), sum(sinal * aberto),
       sum(sinal * baixa_anomala), sum(sinal * entregue), sum(sinal * notificado), sum(sinal * ar_recebido),
       sum(sinal * ar_no_prazo), sum(sinal * ar_pendente), sum(sinal * negociado), sum(sinal * coalesce(centavos, 0)),
       sum(sinal * valor_ilegivel), sum(sinal * parcelas), sum(sinal * medidor), sum(sinal * ramal_mono),
       sum(sinal * ramal_bi), sum(sinal * ramal_tri), sum(sinal * pedreiro), sum(sinal * afericao_pendente)
  FROM etl_contribuicao
 GROUP BY mes, equipe, municipio
ON CONFLICT (mes, equipe, municipio) DO UPDATE SET
       servicos = resumo_mes.servicos + excluded.servicos,
       produzidos = resumo_mes.produzidos + excluded.produzidos,
       inspecoes = resumo_mes.inspecoes + excluded.inspecoes,
       toi = resumo_mes.toi + excluded.toi,
       toi_inspecao = resumo_mes.toi_inspecao + excluded.toi_inspecao,
       retornos = resumo_mes.retornos + excluded.retornos,
       retornos_exatos = resumo_mes.retornos_exatos + excluded.retornos_exatos,
       com_horario = resumo_mes.com_horario + excluded.com_horario,
       sem_horario = resumo_mes.sem_horario + excluded.sem_horario,
       horario_anomalo = resumo_mes.horario_anomalo + excluded.horario_anomalo,
       min_campo = resumo_mes.min_campo + excluded.min_campo,
       baixados = resumo_mes.baixados + excluded.baixados,
       baixados_no_prazo = resumo_mes.baixados_no_prazo + excluded.baixados_no_prazo,
       abertos = resumo_mes.abertos + excluded.abertos,
       baixa_anomala = resumo_mes.baixa_anomala + excluded.baixa_anomala,
       toi_entregues = resumo_mes.toi_entregues + excluded.toi_entregues,
       toi_notificados = resumo_mes.toi_notificados + excluded.toi_notificados,
       ar_recebidos = resumo_mes.ar_recebidos + excluded.ar_recebidos,
       ar_no_prazo = resumo_mes.ar_no_prazo + excluded.ar_no_prazo,
       ar_pendentes = resumo_mes.ar_pendentes + excluded.ar_pendentes,
       negociados = resumo_mes.negociados + excluded.negociados,
       valor_centavos = resumo_mes.valor_centavos + excluded.valor_centavos,
       valor_ilegivel = resumo_mes.valor_ilegivel + excluded.valor_ilegivel,
       parcelas = resumo_mes.parcelas + excluded.parcelas,
       medidores = resumo_mes.medidores + excluded.medidores,
       ramais_mono = resumo_mes.ramais_mono + excluded.ramais_mono,
       ramais_bi = resumo_mes.ramais_bi + excluded.ramais_bi,
       ramais_tri = resumo_mes.ramais_tri + excluded.ramais_tri,
       pedreiro = resumo_mes.pedreiro + excluded.pedreiro,
       afericao_pendente = resumo_mes.afericao_pendente + excluded.afericao_pendente;
DELETE FROM resumo_mes
 WHERE servicos = 0 AND mes IN (SELECT mes FROM etl_contribuicao WHERE sinal = -1);

INSERT INTO resumo_tipo (data_execucao, regional, grupo, tipo_servico, status, mes,
       servicos, toi, retornos, com_horario, min_campo, valor_centavos)
SELECT data_execucao, regional, grupo, tipo_servico, status, min(mes), sum(sinal), sum(sinal * toi), sum(sinal * retorno),
       sum(sinal * com_horario), sum(sinal * coalesce(min_campo, 0)), sum(sinal * coalesce(centavos, 0))
  FROM etl_contribuicao
 GROUP BY data_execucao, regional, grupo, tipo_servico, status
ON CONFLICT (data_execucao, regional, grupo, tipo_servico, status) DO UPDATE SET
       servicos = resumo_tipo.servicos + excluded.servicos,
       toi = resumo_tipo.toi + excluded.toi,
       retornos = resumo_tipo.retornos + excluded.retornos,
       com_horario = resumo_tipo.com_horario + excluded.com_horario,
       min_campo = resumo_tipo.min_campo + excluded.min_campo,
       valor_centavos = resumo_tipo.valor_centavos + excluded.valor_centavos;
DELETE FROM resumo_tipo
 WHERE servicos = 0 AND data_execucao IN (SELECT data_execucao FROM etl_contribuicao WHERE sinal = -1);

INSERT INTO etl_medida SELECT sinal, 'min_campo', data_execucao, regional, grupo, min_campo, mes FROM etl_contribuicao WHERE min_campo IS NOT NULL;
INSERT INTO etl_medida SELECT sinal, 'prazo_baixa', data_execucao, regional, grupo, prazo_baixa, mes FROM etl_contribuicao WHERE prazo_baixa IS NOT NULL;
INSERT INTO etl_medida SELECT sinal, 'prazo_ar', data_execucao, regional, grupo, prazo_ar, mes FROM etl_contribuicao WHERE prazo_ar IS NOT NULL;
INSERT INTO etl_medida SELECT sinal, 'centavos', data_execucao, regional, grupo, centavos, mes FROM etl_contribuicao WHERE centavos IS NOT NULL;
INSERT INTO resumo_distribuicao (medida, data_execucao, regional, grupo, valor, mes, n)
SELECT medida, data_execucao, regional, grupo, valor, min(mes), sum(sinal)
  FROM etl_medida
 GROUP BY medida, data_execucao, regional, grupo, valor
HAVING sum(sinal) <> 0
ON CONFLICT (medida, data_execucao, regional, grupo, valor) DO UPDATE SET n = resumo_distribuicao.n + excluded.n;
DELETE FROM resumo_distribuicao
 WHERE n = 0 AND (medida, data_execucao, regional, grupo, valor) IN (
       SELECT medida, data_execucao, regional, grupo, valor FROM etl_medida WHERE sinal = -1);
