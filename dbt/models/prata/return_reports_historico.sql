-- As versões de cada linha, com as colunas da tabela: valido_de = execução que a mostrou primeiro, valido_ate = execução
-- que a substituiu ou apagou (NULL: vale ainda). Uma versão é a linha de hoje com os "before" do log desfeitos.
-- O log não tem o que entrou num dia que ainda não fora visto inteiro: isso vale desde a exportação que o trouxe.
WITH mudancas AS (
    SELECT id, row_key, window_date, run_id, op, lag(op) OVER w AS anterior, lead(run_id) OVER w AS seguinte
      FROM {{ source('sigos', 'etl_changes') }} WHERE report = 'return_reports' WINDOW w AS (PARTITION BY row_key ORDER BY id)),
versoes AS (
    SELECT id - 1 AS id, row_key, window_date, NULL::text AS de, run_id AS ate FROM mudancas
     WHERE op <> 'insert' AND coalesce(anterior, 'delete') = 'delete'
    UNION ALL
    SELECT id, row_key, window_date, run_id, seguinte FROM mudancas WHERE op <> 'delete'),
linhas AS (
    SELECT p.row_key AS _row_key, p.de, p.ate,
           CASE WHEN p.antes ? 'UC / MD' THEN (p.antes ->> 'UC / MD') ELSE g."UC / MD" END AS "UC / MD",
           p.window_date AS "DATA_EXECUCAO",
           CASE WHEN p.antes ? 'CODIGO' THEN (p.antes ->> 'CODIGO') ELSE g."CODIGO" END AS "CODIGO",
           CASE WHEN p.antes ? 'TOI' THEN (p.antes ->> 'TOI') ELSE g."TOI" END AS "TOI",
           CASE WHEN p.antes ? 'MD INSTALADO' THEN (p.antes ->> 'MD INSTALADO') ELSE g."MD INSTALADO" END AS "MD INSTALADO",
           CASE WHEN p.antes ? 'EQUIPE' THEN (p.antes ->> 'EQUIPE') ELSE g."EQUIPE" END AS "EQUIPE",
           CASE WHEN p.antes ? 'DATA RESOLVIDO' THEN (p.antes ->> 'DATA RESOLVIDO')::date ELSE g."DATA RESOLVIDO" END AS "DATA RESOLVIDO",
           CASE WHEN p.antes ? 'MOTIVO' THEN (p.antes ->> 'MOTIVO') ELSE g."MOTIVO" END AS "MOTIVO",
           CASE WHEN p.antes ? 'MOTIVO DETALHADO' THEN (p.antes ->> 'MOTIVO DETALHADO') ELSE g."MOTIVO DETALHADO" END AS "MOTIVO DETALHADO",
           CASE WHEN p.antes ? 'MOTIVO DETALHADO 2' THEN (p.antes ->> 'MOTIVO DETALHADO 2') ELSE g."MOTIVO DETALHADO 2" END AS "MOTIVO DETALHADO 2",
           CASE WHEN p.antes ? 'STATUS' THEN (p.antes ->> 'STATUS') ELSE g."STATUS" END AS "STATUS",
           CASE WHEN p.antes ? 'REGIONAL' THEN (p.antes ->> 'REGIONAL') ELSE g."REGIONAL" END AS "REGIONAL",
           CASE WHEN p.antes ? 'GRUPO' THEN (p.antes ->> 'GRUPO') ELSE g."GRUPO" END AS "GRUPO",
           CASE WHEN p.antes ? 'DATA_EXTRACAO' THEN (p.antes ->> 'DATA_EXTRACAO')::timestamp ELSE g."DATA_EXTRACAO" END AS "DATA_EXTRACAO"
      FROM (SELECT v.*, coalesce(x.antes, '{}') AS antes
              FROM versoes AS v CROSS JOIN LATERAL (
                   SELECT jsonb_object_agg(e.key, e.value ORDER BY c.id DESC) AS antes
                     FROM {{ source('sigos', 'etl_changes') }} AS c CROSS JOIN LATERAL jsonb_each(c.before) AS e
                    WHERE c.row_key = v.row_key AND c.report = 'return_reports' AND c.id > v.id) AS x) AS p
      LEFT JOIN {{ source('sigos', 'return_reports') }} AS g ON g._row_key = p.row_key AND g."DATA_EXECUCAO" IS NOT DISTINCT FROM p.window_date
    UNION ALL
    SELECT g._row_key, NULL, NULL, g."UC / MD", g."DATA_EXECUCAO", g."CODIGO", g."TOI", g."MD INSTALADO", g."EQUIPE", g."DATA RESOLVIDO", g."MOTIVO", g."MOTIVO DETALHADO", g."MOTIVO DETALHADO 2", g."STATUS", g."REGIONAL", g."GRUPO", g."DATA_EXTRACAO"
      FROM {{ source('sigos', 'return_reports') }} AS g
     WHERE coalesce((SELECT c.op FROM {{ source('sigos', 'etl_changes') }} AS c WHERE c.row_key = g._row_key AND c.report = 'return_reports'
                      ORDER BY c.id DESC LIMIT 1), 'delete') = 'delete')
SELECT _row_key, "UC / MD", "DATA_EXECUCAO", "CODIGO", "TOI", "MD INSTALADO", "EQUIPE", "DATA RESOLVIDO", "MOTIVO", "MOTIVO DETALHADO", "MOTIVO DETALHADO 2", "STATUS", "REGIONAL", "GRUPO", "DATA_EXTRACAO",
       CASE WHEN de IS NOT NULL THEN de
            WHEN trazida > coalesce(primeira, '') AND (ate IS NULL OR trazida <= ate) THEN trazida
            ELSE coalesce(primeira, '') END AS valido_de, ate AS valido_ate
  FROM (SELECT l.*, k.primeira_execucao AS primeira, (SELECT max(id) FROM {{ source('sigos', 'etl_runs') }} WHERE id <= to_char(l."DATA_EXTRACAO", 'YYYYMMDD"T"HH24MISS') || '.999~') AS trazida
          FROM linhas AS l
          LEFT JOIN {{ ref('resumo_cobertura') }} AS k ON k.report = 'return_reports' AND k.dia = l."DATA_EXECUCAO") AS l
