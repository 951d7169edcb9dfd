CREATE VIEW ouro_ticket_mes AS
-- Valor negociado por mês: número, soma, ticket médio, mediano e p90 dos valores > 0, da distribuição exata em centavos.
-- Os valores em ordem e a contagem acumulada são listas: os servidores de 2018 não têm janelas (OVER).
SELECT mes, regional, grupo,
       total AS negociados, soma AS valor_centavos, floor(10000 * soma / total + 0.5) / 1000000 AS ticket_medio,
       arrayElement(valores, arrayFirstIndex(a -> a * 2 >= total, acumulado)) / 100 AS ticket_mediano,
       arrayElement(valores, arrayFirstIndex(a -> a * 10 >= total * 9, acumulado)) / 100 AS ticket_p90
  FROM (SELECT mes, regional, grupo, arraySort(groupArray(valor)) AS valores,
               arrayCumSum(arraySort((x, v) -> v, groupArray(n), groupArray(valor))) AS acumulado, sum(n) AS total,
               sum(valor * n) AS soma
          FROM (SELECT mes, regional, grupo, valor, toInt64(sum(vezes)) AS n
                  FROM (SELECT mes, regional, grupo, valor, n AS vezes
                          FROM resumo_distribuicao
                         WHERE medida = 'centavos')
                 GROUP BY mes, regional, grupo, valor)
         GROUP BY mes, regional, grupo);
