-- Expediente em que a cópia tem de estar fresca: 1 = segunda … 7 = domingo; um dia sem linha não tem expediente.
CREATE TABLE IF NOT EXISTS config_expediente (dia_semana UInt8, inicio String, fim String)
    ENGINE = MergeTree ORDER BY dia_semana;
INSERT INTO config_expediente (dia_semana, inicio, fim)
SELECT dia_semana, inicio, fim
  FROM (SELECT 1 AS dia_semana, '09:30:00' AS inicio, '19:30:00' AS fim UNION ALL
        SELECT 2, '09:30:00', '19:30:00' UNION ALL
        SELECT 3, '09:30:00', '19:30:00' UNION ALL
        SELECT 4, '09:30:00', '19:30:00' UNION ALL
        SELECT 5, '09:30:00', '19:30:00' UNION ALL
        SELECT 6, '09:30:00', '19:30:00')
 WHERE dia_semana NOT IN (SELECT dia_semana FROM config_expediente);
