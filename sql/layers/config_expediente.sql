-- Expediente em que a cópia tem de estar fresca: 1 = segunda … 7 = domingo; um dia sem linha não tem expediente.
CREATE TABLE IF NOT EXISTS config_expediente (
    dia_semana smallint PRIMARY KEY NOT NULL,
    inicio     time NOT NULL,
    fim        time NOT NULL
);
INSERT INTO config_expediente (dia_semana, inicio, fim) VALUES
    (1, '09:30:00', '19:30:00'), (2, '09:30:00', '19:30:00'), (3, '09:30:00', '19:30:00'),
    (4, '09:30:00', '19:30:00'), (5, '09:30:00', '19:30:00'), (6, '09:30:00', '19:30:00')
ON CONFLICT (dia_semana) DO NOTHING;
