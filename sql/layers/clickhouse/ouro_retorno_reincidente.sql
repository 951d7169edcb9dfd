CREATE VIEW ouro_retorno_reincidente AS
-- UC ou equipe com dois ou mais retornos na janela de reincidência até hoje.
SELECT tipo, q AS quem, count() AS retornos, max(data_execucao) AS ultimo
  FROM (SELECT data_execucao, tipo, q
          FROM (SELECT data_execucao, uc, equipe FROM retornos
                 WHERE dia_num > (SELECT hoje_num FROM painel_referencia)
                                 - (SELECT valor FROM config_parametro WHERE chave = 'reincidencia_dias'))
         ARRAY JOIN ['uc', 'equipe'] AS tipo, [uc, equipe] AS q
         WHERE q IS NOT NULL)
 GROUP BY tipo, q HAVING count() >= 2;
