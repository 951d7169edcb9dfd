CREATE VIEW ouro_distribuicao_mes AS
-- Mediana e p90 (menor valor que a metade, ou 90 %, não passa) de medidas inteiras por mês, regional e grupo.
-- medida: min_campo, prazo_baixa, prazo_ar (coorte do serviço), prazo_resolucao (coorte do retorno).
-- Os valores em ordem e a contagem acumulada são listas: os servidores de 2018 não têm janelas (OVER).
SELECT mes, regional, grupo, medida,
       total AS n, arrayElement(valores, arrayFirstIndex(a -> a * 2 >= total, acumulado)) AS mediana,
       arrayElement(valores, arrayFirstIndex(a -> a * 10 >= total * 9, acumulado)) AS p90,
       floor(1000000 * soma / total + 0.5) / 1000000 AS media
  FROM (SELECT mes, regional, grupo, medida, arraySort(groupArray(valor)) AS valores,
               arrayCumSum(arraySort((x, v) -> v, groupArray(n), groupArray(valor))) AS acumulado, sum(n) AS total,
               sum(valor * n) AS soma
          FROM (SELECT mes, regional, grupo, medida, valor, toInt64(sum(vezes)) AS n
                  FROM (SELECT mes, regional, grupo, medida, valor, n AS vezes
                          FROM resumo_distribuicao
                         WHERE medida IN ('min_campo', 'prazo_baixa', 'prazo_ar', 'prazo_resolucao'))
                 GROUP BY mes, regional, grupo, medida, valor)
         GROUP BY mes, regional, grupo, medida);
