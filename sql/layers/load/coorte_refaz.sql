-- Refaz resumo_coorte do log de mudanças: cada mês encerrado como estava depois da primeira execução que o viu completo
-- e de cada uma que mexeu nele. Roda quando os resumos são refeitos; depois basta coorte_atualiza.sql.
DELETE FROM resumo_coorte;
CREATE TEMP TABLE etl_pares AS
SELECT b.mes, r.execucao
  FROM (SELECT c.mes, max(k.primeira_execucao) AS base
          FROM resumo_cobertura AS k JOIN calendario AS c ON c.dia = k.dia
         WHERE c.mes_fim_num <= (SELECT hoje_num FROM painel_referencia) GROUP BY c.mes) AS b
  JOIN (SELECT c.mes, x.run_id AS execucao FROM etl_changes AS x JOIN calendario AS c ON c.dia = x.window_date
        UNION
        SELECT c.mes, max(k.primeira_execucao) FROM resumo_cobertura AS k JOIN calendario AS c ON c.dia = k.dia
         GROUP BY c.mes) AS r ON r.mes = b.mes AND r.execucao >= b.base;
-- Depois da sua última execução um mês está como agora; só as de antes pedem o passado.
CREATE TEMP TABLE etl_ultimas AS SELECT mes, max(execucao) AS execucao FROM etl_pares GROUP BY mes;
INSERT INTO resumo_coorte
SELECT d.mes, u.execucao, d.regional, d.grupo, sum(d.servicos), sum(d.produzidos), sum(d.inspecoes), sum(d.toi),
       sum(d.toi_inspecao), sum(d.retornos), sum(d.retornos_exatos), sum(d.negociados), sum(d.valor_centavos), sum(d.baixados)
  FROM etl_ultimas AS u JOIN resumo_mes AS d ON d.mes = u.mes
 GROUP BY d.mes, u.execucao, d.regional, d.grupo;
DELETE FROM etl_pares WHERE EXISTS (SELECT 1 FROM etl_ultimas AS u WHERE u.mes = etl_pares.mes AND u.execucao = etl_pares.execucao);
-- Com IN em vez de JOIN o PostgreSQL espera um dia só e calcula a história de novo para cada um.
CREATE TEMP TABLE etl_dias AS SELECT dia FROM calendario WHERE mes IN (SELECT mes FROM etl_pares);
CREATE TEMP TABLE etl_hs AS
SELECT mes, data_execucao, uc, cod, equipe, toi, coalesce(regional, '') AS regional, coalesce(grupo, '') AS grupo,
       produzido, inspecao, tem_toi, situacao_baixa, valor_negociado_centavos AS centavos, valido_de, valido_ate
  FROM historico_servicos AS h JOIN etl_dias AS d ON d.dia = h.data_execucao;
CREATE TEMP TABLE etl_hr AS
SELECT data_execucao, uc, cod, equipe, toi, valido_de, valido_ate FROM historico_retornos AS h JOIN etl_dias AS d ON d.dia = h.data_execucao;
CREATE INDEX etl_hs_mes ON etl_hs (mes);
CREATE INDEX etl_hr_chave ON etl_hr (data_execucao, uc);
ANALYZE etl_hs;
ANALYZE etl_hr;
ANALYZE etl_pares;
INSERT INTO resumo_coorte
SELECT mes, execucao, regional, grupo, count(*), sum(produzido), sum(inspecao), sum(tem_toi), sum(tem_toi * inspecao),
       sum(CASE WHEN exato OR por_toi THEN 1 ELSE 0 END), sum(CASE WHEN exato THEN 1 ELSE 0 END),
       sum(CASE WHEN centavos > 0 THEN 1 ELSE 0 END), coalesce(sum(CASE WHEN centavos > 0 THEN centavos END), 0),
       sum(CASE WHEN situacao_baixa = 'baixado' THEN 1 ELSE 0 END)
  FROM (SELECT p.execucao, s.*,
               EXISTS (SELECT 1 FROM etl_hr AS r WHERE r.data_execucao = s.data_execucao AND r.uc = s.uc AND r.cod = s.cod
                          AND r.equipe = s.equipe AND r.valido_de <= p.execucao
                          AND (r.valido_ate IS NULL OR r.valido_ate > p.execucao)) AS exato,
               EXISTS (SELECT 1 FROM etl_hr AS r WHERE r.data_execucao = s.data_execucao AND r.uc = s.uc AND r.toi = s.toi
                          AND r.valido_de <= p.execucao AND (r.valido_ate IS NULL OR r.valido_ate > p.execucao)) AS por_toi
          FROM etl_pares AS p
          JOIN etl_hs AS s ON s.mes = p.mes AND s.valido_de <= p.execucao
                          AND (s.valido_ate IS NULL OR s.valido_ate > p.execucao)) AS x
 GROUP BY mes, execucao, regional, grupo;
DROP TABLE etl_hs;
DROP TABLE etl_hr;
DROP TABLE etl_pares;
DROP TABLE etl_ultimas;
DROP TABLE etl_dias;
