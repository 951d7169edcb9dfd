-- Textos que valem "sim" em TOI ENTREGUE, NOTIFICADO e SERV DE PEDREIRO.
CREATE TABLE IF NOT EXISTS config_sim (texto String) ENGINE = MergeTree ORDER BY texto;
INSERT INTO config_sim (texto)
SELECT texto
  FROM (SELECT 'SIM' AS texto UNION ALL
        SELECT 'S' UNION ALL
        SELECT 'X' UNION ALL
        SELECT '1')
 WHERE texto NOT IN (SELECT texto FROM config_sim);
