-- Que execução mostrou cada dia pela primeira vez, e qual o olhou por último. A carga acrescenta os dias da sua janela.
CREATE TABLE resumo_cobertura (
    report            text NOT NULL,
    dia               date NOT NULL,
    primeira_execucao text NOT NULL,
    ultima_execucao   text NOT NULL,
    PRIMARY KEY (report, dia)
);
