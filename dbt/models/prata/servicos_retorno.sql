-- Prata: servicos com o casamento: exato = mesma UC, data, código e equipe; senão por_toi = mesma UC, data e TOI.
-- As duas regras ficam no dia, para que o resumo de um dia dependa só das linhas dele.
SELECT s.*,
       CASE WHEN EXISTS (SELECT 1 FROM {{ ref('retornos') }} AS r WHERE r.data_execucao = s.data_execucao AND r.uc = s.uc
                            AND r.cod = s.cod AND r.equipe = s.equipe) THEN 'exato'
            WHEN EXISTS (SELECT 1 FROM {{ ref('retornos') }} AS r WHERE r.data_execucao = s.data_execucao AND r.uc = s.uc
                            AND r.toi = s.toi) THEN 'por_toi' END AS retorno
  FROM {{ ref('servicos') }} AS s
