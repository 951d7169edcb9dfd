-- UC ou equipe com dois ou mais retornos na janela de reincidência até hoje.
WITH recentes AS (
    SELECT uc, equipe, data_execucao FROM {{ ref('retornos') }}
     WHERE data_execucao > (SELECT dia FROM {{ ref('calendario') }}
                             WHERE dia_num = (SELECT hoje_num FROM {{ ref('painel_referencia') }})
                                             - (SELECT valor FROM {{ ref('config_parametro') }} WHERE chave = 'reincidencia_dias')))
SELECT 'uc' AS tipo, uc AS quem, count(*) AS retornos, max(data_execucao) AS ultimo FROM recentes
 WHERE uc IS NOT NULL GROUP BY uc HAVING count(*) >= 2
UNION ALL
SELECT 'equipe', equipe, count(*), max(data_execucao) FROM recentes
 WHERE equipe IS NOT NULL GROUP BY equipe HAVING count(*) >= 2
