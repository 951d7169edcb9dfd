CREATE VIEW resumo_coorte AS
-- As figuras de cada mês encerrado como estavam depois de cada execução que mexeu nele: é o que o efeito da auditoria lê.
SELECT m AS mes, x AS execucao, r AS regional, g AS grupo, count() AS servicos, sum(n_produzido) AS produzidos,
       sum(n_inspecao) AS inspecoes, sum(n_toi) AS toi, sum(n_toi * n_inspecao) AS toi_inspecao,
       sum(CASE WHEN exato OR por_toi THEN 1 ELSE 0 END) AS retornos, sum(exato) AS retornos_exatos,
       sum(CASE WHEN n_centavos > 0 THEN 1 ELSE 0 END) AS negociados,
       sum(CASE WHEN n_centavos > 0 THEN n_centavos ELSE 0 END) AS valor_centavos, sum(n_baixado) AS baixados
  FROM (SELECT m, x, r, g, n_produzido, n_inspecao, n_toi, n_centavos, n_baixado,
               (x, n_dia, u, c, e) IN (
                   SELECT x, n_dia, u, c, e
                     FROM (SELECT mes AS m, execucao AS x FROM resumo_coorte_execucoes) AS p
                      ALL INNER JOIN (SELECT assumeNotNull(mes) AS m, assumeNotNull(dia_num) AS n_dia, assumeNotNull(uc) AS u, assumeNotNull(cod) AS c,
                                             assumeNotNull(equipe) AS e, valido_de, valido_ate
                                        FROM historico_retornos
                                       WHERE mes IS NOT NULL AND uc IS NOT NULL AND cod IS NOT NULL AND equipe IS NOT NULL) AS h
                    USING m
                    WHERE valido_de <= x AND (valido_ate IS NULL OR valido_ate > x)) AS exato,
               (x, n_dia, u, t) IN (
                   SELECT x, n_dia, u, t
                     FROM (SELECT mes AS m, execucao AS x FROM resumo_coorte_execucoes) AS p
                      ALL INNER JOIN (SELECT assumeNotNull(mes) AS m, assumeNotNull(dia_num) AS n_dia, assumeNotNull(uc) AS u, assumeNotNull(toi) AS t,
                                             valido_de, valido_ate
                                        FROM historico_retornos
                                       WHERE mes IS NOT NULL AND uc IS NOT NULL AND toi IS NOT NULL) AS h
                    USING m
                    WHERE valido_de <= x AND (valido_ate IS NULL OR valido_ate > x)) AS por_toi
          FROM (SELECT mes AS m, execucao AS x FROM resumo_coorte_execucoes) AS p
           ALL INNER JOIN (SELECT assumeNotNull(mes) AS m, assumeNotNull(dia_num) AS n_dia, coalesce(regional, '') AS r, coalesce(grupo, '') AS g,
                                  coalesce(uc, '') AS u, coalesce(cod, '') AS c, coalesce(equipe, '') AS e, coalesce(toi, '') AS t,
                                  produzido AS n_produzido, inspecao AS n_inspecao, tem_toi AS n_toi,
                                  ifNull(valor_negociado_centavos, 0) AS n_centavos,
                                  CASE WHEN situacao_baixa = 'baixado' THEN 1 ELSE 0 END AS n_baixado, valido_de, valido_ate
                             FROM historico_servicos WHERE mes IS NOT NULL) AS h
         USING m
         WHERE valido_de <= x AND (valido_ate IS NULL OR valido_ate > x))
 GROUP BY m, x, r, g;
