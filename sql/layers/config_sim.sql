-- Textos que valem "sim" em TOI ENTREGUE, NOTIFICADO e SERV DE PEDREIRO.
CREATE TABLE IF NOT EXISTS config_sim (texto text PRIMARY KEY NOT NULL);
INSERT INTO config_sim (texto) VALUES ('SIM'), ('S'), ('X'), ('1')
ON CONFLICT (texto) DO NOTHING;
