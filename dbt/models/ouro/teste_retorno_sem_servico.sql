-- Teste de dados: retornos que nenhum serviço do mesmo dia explica, pelas duas regras.
SELECT r.*
  FROM {{ ref('retornos') }} AS r
 WHERE NOT EXISTS (SELECT 1 FROM {{ ref('servicos') }} AS s WHERE s.data_execucao = r.data_execucao AND s.uc = r.uc
                      AND s.cod = r.cod AND s.equipe = r.equipe)
   AND NOT EXISTS (SELECT 1 FROM {{ ref('servicos') }} AS s WHERE s.data_execucao = r.data_execucao AND s.uc = r.uc AND s.toi = r.toi)
