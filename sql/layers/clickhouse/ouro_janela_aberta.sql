CREATE VIEW ouro_janela_aberta AS
-- Janelas retidas ou recusadas que nenhuma janela aplicada depois cobriu por inteiro: é o que falta na cópia.
SELECT id, run_id AS execucao, report AS relatorio, own_first AS de, own_last AS ate, status AS situacao, reason AS motivo,
       ended_at AS quando
  FROM etl_windows
 WHERE id IN (SELECT id FROM etl_lost_windows);
