-- O prazo de resolução dos retornos tocados, como estão agora.
INSERT INTO etl_medida
SELECT 1, 'prazo_resolucao', r.data_execucao, coalesce(r.regional, ''), coalesce(r.grupo, ''), r.prazo_resolucao_dias, r.mes
  FROM etl_tocados AS k JOIN retornos AS r ON r.data_execucao = k.dia AND r._row_key = k.chave
 WHERE r.prazo_resolucao_dias IS NOT NULL;
