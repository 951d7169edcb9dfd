-- O que uma visão não responde a tempo com milhões de linhas: somas por dia, equipe e município. A carga as mantém na
-- transação de cada janela, só pelas linhas que mudam (resumo_soma.sql). Tudo aqui é soma ou contagem.
CREATE TABLE resumo_dia (
    data_execucao date NOT NULL,
    equipe        text NOT NULL,       -- '': sem equipe
    municipio     text NOT NULL,       -- '': sem município
    regional      text NOT NULL,
    grupo         text NOT NULL,
    dia_num integer NOT NULL, semana date NOT NULL, mes date NOT NULL,
    servicos integer NOT NULL, produzidos integer NOT NULL,
    inspecoes integer NOT NULL, toi integer NOT NULL, toi_inspecao integer NOT NULL,
    retornos integer NOT NULL, retornos_exatos integer NOT NULL,
    com_horario integer NOT NULL, sem_horario integer NOT NULL, horario_anomalo integer NOT NULL, min_campo integer NOT NULL,
    baixados integer NOT NULL, baixados_no_prazo integer NOT NULL, abertos integer NOT NULL, baixa_anomala integer NOT NULL,
    toi_entregues integer NOT NULL, toi_notificados integer NOT NULL,
    ar_recebidos integer NOT NULL, ar_no_prazo integer NOT NULL, ar_pendentes integer NOT NULL,
    negociados integer NOT NULL, valor_centavos bigint NOT NULL, valor_ilegivel integer NOT NULL, parcelas integer NOT NULL,
    medidores integer NOT NULL, ramais_mono integer NOT NULL, ramais_bi integer NOT NULL, ramais_tri integer NOT NULL,
    pedreiro integer NOT NULL, afericao_pendente integer NOT NULL,
    PRIMARY KEY (data_execucao, equipe, municipio)
);
CREATE INDEX resumo_dia_mes ON resumo_dia (mes);
