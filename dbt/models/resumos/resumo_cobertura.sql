{{ config(indexes=[{'columns': ['report', 'dia'], 'unique': true}]) }}
-- Que execução mostrou cada dia pela primeira vez, e qual o olhou por último. A carga acrescenta os dias da sua janela.
WITH linhas (report, dia, primeira_execucao, ultima_execucao) AS (
SELECT w.report, c.dia, min(w.primeira), max(w.ultima)
  FROM (SELECT report, own_first, own_last, min(run_id) AS primeira, max(run_id) AS ultima
          FROM {{ source('sigos', 'etl_windows') }} WHERE status = 'loaded' AND complete <> 0 GROUP BY report, own_first, own_last) AS w
  JOIN {{ ref('calendario') }} AS c ON c.dia >= w.own_first AND c.dia <= w.own_last
 GROUP BY w.report, c.dia
)
SELECT report::text AS report,
       dia::date AS dia,
       primeira_execucao::text AS primeira_execucao,
       ultima_execucao::text AS ultima_execucao
  FROM linhas
