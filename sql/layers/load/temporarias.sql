-- O que uma janela muda nos resumos. etl_servicos: os serviços tocados. etl_contribuicao: o que cada um soma, com sinal.
-- etl_medida: valores da distribuição, com sinal. As tabelas somem no fim (resumo_soma.sql) ou com a transação.
CREATE TEMP TABLE etl_contribuicao (
    sinal integer, data_execucao date, dia_num integer, semana date, mes date, equipe text, municipio text, regional text, grupo text,
    tipo_servico text, status text, produzido integer, inspecao integer, toi integer, toi_inspecao integer,
    retorno integer, retorno_exato integer, com_horario integer, sem_horario integer, horario_anomalo integer, min_campo integer,
    baixado integer, baixado_no_prazo integer, aberto integer, baixa_anomala integer, entregue integer, notificado integer,
    ar_recebido integer, ar_no_prazo integer, ar_pendente integer, negociado integer, centavos bigint, valor_ilegivel integer,
    parcelas integer, medidor integer, ramal_mono integer, ramal_bi integer, ramal_tri integer, pedreiro integer,
    afericao_pendente integer, prazo_baixa integer, prazo_ar integer
);
CREATE TEMP TABLE etl_medida (
    sinal integer, medida text, data_execucao date, regional text, grupo text, valor bigint, mes date
);
