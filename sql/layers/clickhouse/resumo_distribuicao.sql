CREATE VIEW resumo_distribuicao AS
-- Quantas vezes cada valor inteiro de uma medida ocorre num dia: mediana e p90 saem da contagem acumulada, exatas e
-- iguais nos bancos. Medidas: min_campo, prazo_baixa, prazo_ar, prazo_resolucao (do retorno), centavos (negociados > 0) e
-- servicos_equipe (serviços de uma equipe no dia).
SELECT medida, d AS data_execucao, r AS regional, g AS grupo, v AS valor, min(n_mes) AS mes, count() AS n
  FROM (SELECT medida, d, r, g, toInt64(assumeNotNull(w)) AS v, n_mes
          FROM (SELECT assumeNotNull(data_execucao) AS d, coalesce(regional, '') AS r, coalesce(grupo, '') AS g, assumeNotNull(mes) AS n_mes,
                       toInt64(min_campo) AS a, toInt64(prazo_baixa_dias) AS b, toInt64(prazo_ar_dias) AS c,
                       CASE WHEN valor_negociado_centavos > 0 THEN valor_negociado_centavos END AS e
                  FROM servicos WHERE data_execucao IS NOT NULL)
         ARRAY JOIN ['min_campo', 'prazo_baixa', 'prazo_ar', 'centavos'] AS medida, [a, b, c, e] AS w
         WHERE w IS NOT NULL
        UNION ALL
        SELECT 'prazo_resolucao', assumeNotNull(data_execucao), coalesce(regional, ''), coalesce(grupo, ''),
               toInt64(assumeNotNull(prazo_resolucao_dias)), assumeNotNull(mes)
          FROM retornos WHERE prazo_resolucao_dias IS NOT NULL
        UNION ALL
        SELECT 'servicos_equipe', data_execucao, min(regional), min(grupo), toInt64(sum(servicos)), min(mes)
          FROM resumo_dia WHERE equipe <> '' GROUP BY data_execucao, equipe)
 GROUP BY medida, d, r, g, v;
