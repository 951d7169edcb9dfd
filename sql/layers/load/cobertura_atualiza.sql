-- Os dias da janela que acaba de ser aplicada: :report, :execucao, :de, :ate.
INSERT INTO resumo_cobertura (report, dia, primeira_execucao, ultima_execucao)
SELECT :report, dia, :execucao, :execucao FROM calendario WHERE dia >= :de AND dia <= :ate
ON CONFLICT (report, dia) DO UPDATE SET ultima_execucao = excluded.ultima_execucao;
