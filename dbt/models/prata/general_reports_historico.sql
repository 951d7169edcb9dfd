-- As versões de cada linha, com as colunas da tabela: valido_de = execução que a mostrou primeiro, valido_ate = execução
-- que a substituiu ou apagou (NULL: vale ainda). Uma versão é a linha de hoje com os "before" do log desfeitos.
-- O log não tem o que entrou num dia que ainda não fora visto inteiro: isso vale desde a exportação que o trouxe.
WITH mudancas AS (
    SELECT id, row_key, window_date, run_id, op, lag(op) OVER w AS anterior, lead(run_id) OVER w AS seguinte
      FROM {{ source('sigos', 'etl_changes') }} WHERE report = 'general_reports' WINDOW w AS (PARTITION BY row_key ORDER BY id)),
versoes AS (
    SELECT id - 1 AS id, row_key, window_date, NULL::text AS de, run_id AS ate FROM mudancas
     WHERE op <> 'insert' AND coalesce(anterior, 'delete') = 'delete'
    UNION ALL
    SELECT id, row_key, window_date, run_id, seguinte FROM mudancas WHERE op <> 'delete'),
linhas AS (
    SELECT p.row_key AS _row_key, p.de, p.ate,
           CASE WHEN p.antes ? 'UC / MD' THEN (p.antes ->> 'UC / MD') ELSE g."UC / MD" END AS "UC / MD",
           CASE WHEN p.antes ? 'STATUS' THEN (p.antes ->> 'STATUS') ELSE g."STATUS" END AS "STATUS",
           CASE WHEN p.antes ? 'MUNICIPIO' THEN (p.antes ->> 'MUNICIPIO') ELSE g."MUNICIPIO" END AS "MUNICIPIO",
           CASE WHEN p.antes ? 'TIPO SERVICO' THEN (p.antes ->> 'TIPO SERVICO') ELSE g."TIPO SERVICO" END AS "TIPO SERVICO",
           p.window_date AS "DATA_EXECUCAO",
           CASE WHEN p.antes ? 'COD' THEN (p.antes ->> 'COD') ELSE g."COD" END AS "COD",
           CASE WHEN p.antes ? 'DATA AFERICAO' THEN (p.antes ->> 'DATA AFERICAO')::date ELSE g."DATA AFERICAO" END AS "DATA AFERICAO",
           CASE WHEN p.antes ? 'TOI' THEN (p.antes ->> 'TOI') ELSE g."TOI" END AS "TOI",
           CASE WHEN p.antes ? 'TOI ENTREGUE' THEN (p.antes ->> 'TOI ENTREGUE') ELSE g."TOI ENTREGUE" END AS "TOI ENTREGUE",
           CASE WHEN p.antes ? 'AR' THEN (p.antes ->> 'AR') ELSE g."AR" END AS "AR",
           CASE WHEN p.antes ? 'DATA AR' THEN (p.antes ->> 'DATA AR')::date ELSE g."DATA AR" END AS "DATA AR",
           CASE WHEN p.antes ? 'MD ENCONTRADO' THEN (p.antes ->> 'MD ENCONTRADO') ELSE g."MD ENCONTRADO" END AS "MD ENCONTRADO",
           CASE WHEN p.antes ? 'MD INSTALADO' THEN (p.antes ->> 'MD INSTALADO') ELSE g."MD INSTALADO" END AS "MD INSTALADO",
           CASE WHEN p.antes ? 'TIPO MEDICAO' THEN (p.antes ->> 'TIPO MEDICAO') ELSE g."TIPO MEDICAO" END AS "TIPO MEDICAO",
           CASE WHEN p.antes ? 'EQUIPE' THEN (p.antes ->> 'EQUIPE') ELSE g."EQUIPE" END AS "EQUIPE",
           CASE WHEN p.antes ? 'RAMAL MONO' THEN (p.antes ->> 'RAMAL MONO') ELSE g."RAMAL MONO" END AS "RAMAL MONO",
           CASE WHEN p.antes ? 'RAMAL BI' THEN (p.antes ->> 'RAMAL BI') ELSE g."RAMAL BI" END AS "RAMAL BI",
           CASE WHEN p.antes ? 'RAMAL TRI' THEN (p.antes ->> 'RAMAL TRI') ELSE g."RAMAL TRI" END AS "RAMAL TRI",
           CASE WHEN p.antes ? 'SERV DE PEDREIRO' THEN (p.antes ->> 'SERV DE PEDREIRO') ELSE g."SERV DE PEDREIRO" END AS "SERV DE PEDREIRO",
           CASE WHEN p.antes ? 'PARCELAMENTO' THEN (p.antes ->> 'PARCELAMENTO') ELSE g."PARCELAMENTO" END AS "PARCELAMENTO",
           CASE WHEN p.antes ? 'RS NEGOCIADO' THEN (p.antes ->> 'RS NEGOCIADO') ELSE g."RS NEGOCIADO" END AS "RS NEGOCIADO",
           CASE WHEN p.antes ? 'BACKOFFICE' THEN (p.antes ->> 'BACKOFFICE') ELSE g."BACKOFFICE" END AS "BACKOFFICE",
           CASE WHEN p.antes ? 'DATA BAIXADO' THEN (p.antes ->> 'DATA BAIXADO')::date ELSE g."DATA BAIXADO" END AS "DATA BAIXADO",
           CASE WHEN p.antes ? 'HORA INICIO SERVICO' THEN (p.antes ->> 'HORA INICIO SERVICO')::time ELSE g."HORA INICIO SERVICO" END AS "HORA INICIO SERVICO",
           CASE WHEN p.antes ? 'HORA FIM SERVICO' THEN (p.antes ->> 'HORA FIM SERVICO')::time ELSE g."HORA FIM SERVICO" END AS "HORA FIM SERVICO",
           CASE WHEN p.antes ? 'COD FINANCIAMENTO' THEN (p.antes ->> 'COD FINANCIAMENTO') ELSE g."COD FINANCIAMENTO" END AS "COD FINANCIAMENTO",
           CASE WHEN p.antes ? 'QTD PARCELA(S)' THEN (p.antes ->> 'QTD PARCELA(S)') ELSE g."QTD PARCELA(S)" END AS "QTD PARCELA(S)",
           CASE WHEN p.antes ? 'REGIONAL' THEN (p.antes ->> 'REGIONAL') ELSE g."REGIONAL" END AS "REGIONAL",
           CASE WHEN p.antes ? 'GRUPO' THEN (p.antes ->> 'GRUPO') ELSE g."GRUPO" END AS "GRUPO",
           CASE WHEN p.antes ? 'DATA_EXTRACAO' THEN (p.antes ->> 'DATA_EXTRACAO')::timestamp ELSE g."DATA_EXTRACAO" END AS "DATA_EXTRACAO",
           CASE WHEN p.antes ? 'NOTIFICADO' THEN (p.antes ->> 'NOTIFICADO') ELSE g."NOTIFICADO" END AS "NOTIFICADO"
      FROM (SELECT v.*, coalesce(x.antes, '{}') AS antes
              FROM versoes AS v CROSS JOIN LATERAL (
                   SELECT jsonb_object_agg(e.key, e.value ORDER BY c.id DESC) AS antes
                     FROM {{ source('sigos', 'etl_changes') }} AS c CROSS JOIN LATERAL jsonb_each(c.before) AS e
                    WHERE c.row_key = v.row_key AND c.report = 'general_reports' AND c.id > v.id) AS x) AS p
      LEFT JOIN {{ source('sigos', 'general_reports') }} AS g ON g._row_key = p.row_key AND g."DATA_EXECUCAO" IS NOT DISTINCT FROM p.window_date
    UNION ALL
    SELECT g._row_key, NULL, NULL, g."UC / MD", g."STATUS", g."MUNICIPIO", g."TIPO SERVICO", g."DATA_EXECUCAO", g."COD", g."DATA AFERICAO", g."TOI", g."TOI ENTREGUE", g."AR", g."DATA AR", g."MD ENCONTRADO", g."MD INSTALADO", g."TIPO MEDICAO", g."EQUIPE", g."RAMAL MONO", g."RAMAL BI", g."RAMAL TRI", g."SERV DE PEDREIRO", g."PARCELAMENTO", g."RS NEGOCIADO", g."BACKOFFICE", g."DATA BAIXADO", g."HORA INICIO SERVICO", g."HORA FIM SERVICO", g."COD FINANCIAMENTO", g."QTD PARCELA(S)", g."REGIONAL", g."GRUPO", g."DATA_EXTRACAO", g."NOTIFICADO"
      FROM {{ source('sigos', 'general_reports') }} AS g
     WHERE coalesce((SELECT c.op FROM {{ source('sigos', 'etl_changes') }} AS c WHERE c.row_key = g._row_key AND c.report = 'general_reports'
                      ORDER BY c.id DESC LIMIT 1), 'delete') = 'delete')
SELECT _row_key, "UC / MD", "STATUS", "MUNICIPIO", "TIPO SERVICO", "DATA_EXECUCAO", "COD", "DATA AFERICAO", "TOI", "TOI ENTREGUE", "AR", "DATA AR", "MD ENCONTRADO", "MD INSTALADO", "TIPO MEDICAO", "EQUIPE", "RAMAL MONO", "RAMAL BI", "RAMAL TRI", "SERV DE PEDREIRO", "PARCELAMENTO", "RS NEGOCIADO", "BACKOFFICE", "DATA BAIXADO", "HORA INICIO SERVICO", "HORA FIM SERVICO", "COD FINANCIAMENTO", "QTD PARCELA(S)", "REGIONAL", "GRUPO", "DATA_EXTRACAO", "NOTIFICADO",
       CASE WHEN de IS NOT NULL THEN de
            WHEN trazida > coalesce(primeira, '') AND (ate IS NULL OR trazida <= ate) THEN trazida
            ELSE coalesce(primeira, '') END AS valido_de, ate AS valido_ate
  FROM (SELECT l.*, k.primeira_execucao AS primeira, (SELECT max(id) FROM {{ source('sigos', 'etl_runs') }} WHERE id <= to_char(l."DATA_EXTRACAO", 'YYYYMMDD"T"HH24MISS') || '.999~') AS trazida
          FROM linhas AS l
          LEFT JOIN {{ ref('resumo_cobertura') }} AS k ON k.report = 'general_reports' AND k.dia = l."DATA_EXECUCAO") AS l
