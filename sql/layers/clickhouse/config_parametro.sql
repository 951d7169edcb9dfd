-- Configuração dos painéis: prazos, limites e maturidades que as figuras usam. São linhas que o analista muda com
-- ALTER TABLE config_parametro UPDATE valor = … WHERE chave = …; nenhum modelo tem essas constantes no SQL. As que
-- estão ficam como estão.
CREATE TABLE IF NOT EXISTS config_parametro (chave String, valor Int32, unidade String, descricao String)
    ENGINE = MergeTree ORDER BY chave;
INSERT INTO config_parametro (chave, valor, unidade, descricao)
SELECT chave, valor, unidade, descricao
  FROM (SELECT 'horas_campo_max' AS chave, 12 AS valor, 'horas' AS unidade,
               'Acima disto o tempo em campo de um serviço é anomalia e não entra nas figuras' AS descricao UNION ALL
        SELECT 'prazo_baixa_dias', 5, 'dias', 'Baixa no prazo: até N dias depois da execução' UNION ALL
        SELECT 'maturidade_baixa_dias', 15, 'dias', 'Coorte de baixa com menos dias que isto é imatura' UNION ALL
        SELECT 'prazo_ar_dias', 15, 'dias', 'Prazo do aviso de recebimento (AR) depois da execução' UNION ALL
        SELECT 'maturidade_retorno_dias', 30, 'dias', 'Coorte de retorno com menos dias que isto é imatura' UNION ALL
        SELECT 'reincidencia_dias', 90, 'dias', 'Janela em que dois retornos da mesma UC ou equipe são reincidência' UNION ALL
        SELECT 'auditoria_idade_dias', 30, 'dias', 'Mudança em linha mais velha que isto conta como auditoria' UNION ALL
        SELECT 'fechamento_dias', 15, 'dias', 'O "antes" do efeito da auditoria: o mês como estava N dias depois de acabar' UNION ALL
        SELECT 'frescor_aviso_min', 90, 'minutos', 'Cópia mais velha que isto no expediente: aviso' UNION ALL
        SELECT 'frescor_erro_min', 180, 'minutos', 'Cópia mais velha que isto no expediente: atrasada')
 WHERE chave NOT IN (SELECT chave FROM config_parametro);
