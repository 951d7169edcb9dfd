CREATE VIEW ouro_produtividade AS
-- Serviços por equipe-dia: média, mediana, p10 e p90 (menor valor que a parte não passa) entre as equipes-dia do mês.
-- Equipe sem serviço no dia não está nos dados; serviço sem equipe não tem equipe-dia.
-- Os valores em ordem e a contagem acumulada são listas: os servidores de 2018 não têm janelas (OVER).
SELECT mes, regional, grupo,
       total AS equipes_dia, soma AS servicos, floor(1000000 * soma / total + 0.5) / 1000000 AS servicos_por_equipe_dia,
       arrayElement(valores, arrayFirstIndex(a -> a * 10 >= total, acumulado)) AS p10,
       arrayElement(valores, arrayFirstIndex(a -> a * 2 >= total, acumulado)) AS mediana,
       arrayElement(valores, arrayFirstIndex(a -> a * 10 >= total * 9, acumulado)) AS p90
  FROM (SELECT mes, regional, grupo, arraySort(groupArray(valor)) AS valores,
               arrayCumSum(arraySort((x, v) -> v, groupArray(n), groupArray(valor))) AS acumulado, sum(n) AS total,
               sum(valor * n) AS soma
          FROM (SELECT mes, regional, grupo, valor, toInt64(sum(vezes)) AS n
                  FROM (SELECT mes, regional, grupo, valor, n AS vezes
                          FROM resumo_distribuicao
                         WHERE medida = 'servicos_equipe')
                 GROUP BY mes, regional, grupo, valor)
         GROUP BY mes, regional, grupo);
