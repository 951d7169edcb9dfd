CREATE VIEW resumo_estado AS
-- Se os resumos valem: são visões, e valem sempre.
SELECT 'resumos' AS chave, 'prontos' AS situacao, '' AS motivo, '' AS config;
