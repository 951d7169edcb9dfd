-- Configuração dos painéis: prazos, limites e maturidades que as figuras usam. São linhas que o analista muda com
-- UPDATE; nenhum modelo tem essas constantes no SQL.
CREATE TABLE IF NOT EXISTS config_parametro (
    chave     text PRIMARY KEY NOT NULL,
    valor     integer NOT NULL,
    unidade   text NOT NULL,
    descricao text NOT NULL
);
INSERT INTO config_parametro (chave, valor, unidade, descricao) VALUES
    ('horas_campo_max',          12, 'horas',   'Acima disto o tempo em campo de um serviço é anomalia e não entra nas figuras'),
    ('prazo_baixa_dias',          5, 'dias',    'Baixa no prazo: até N dias depois da execução'),
    ('maturidade_baixa_dias',    15, 'dias',    'Coorte de baixa com menos dias que isto é imatura'),
    ('prazo_ar_dias',            15, 'dias',    'Prazo do aviso de recebimento (AR) depois da execução'),
    ('maturidade_retorno_dias',  30, 'dias',    'Coorte de retorno com menos dias que isto é imatura'),
    ('reincidencia_dias',        90, 'dias',    'Janela em que dois retornos da mesma UC ou equipe são reincidência'),
    ('auditoria_idade_dias',     30, 'dias',    'Mudança em linha mais velha que isto conta como auditoria'),
    ('fechamento_dias',          15, 'dias',    'O "antes" do efeito da auditoria: o mês como estava N dias depois de acabar'),
    ('frescor_aviso_min',        90, 'minutos', 'Cópia mais velha que isto no expediente: aviso'),
    ('frescor_erro_min',        180, 'minutos', 'Cópia mais velha que isto no expediente: atrasada')
ON CONFLICT (chave) DO NOTHING;
