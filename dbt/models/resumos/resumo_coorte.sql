{{ config(indexes=[{'columns': ['mes', 'execucao', 'regional', 'grupo'], 'unique': true}]) }}
-- As figuras de cada mês encerrado como estavam depois de cada execução que mexeu nele: é o que o efeito da auditoria lê.
WITH linhas (mes, execucao, regional, grupo, servicos, produzidos, inspecoes, toi, toi_inspecao, retornos, retornos_exatos, negociados, valor_centavos, baixados) AS (
SELECT d.mes, u.execucao, d.regional, d.grupo, sum(d.servicos), sum(d.produzidos), sum(d.inspecoes), sum(d.toi),
       sum(d.toi_inspecao), sum(d.retornos), sum(d.retornos_exatos), sum(d.negociados), sum(d.valor_centavos), sum(d.baixados)
  FROM {{ ref('etl_ultimas') }} AS u JOIN {{ ref('resumo_mes') }} AS d ON d.mes = u.mes
 GROUP BY d.mes, u.execucao, d.regional, d.grupo
UNION ALL
SELECT mes, execucao, regional, grupo, count(*), sum(produzido), sum(inspecao), sum(tem_toi), sum(tem_toi * inspecao),
       sum(CASE WHEN exato OR por_toi THEN 1 ELSE 0 END), sum(CASE WHEN exato THEN 1 ELSE 0 END),
       sum(CASE WHEN centavos > 0 THEN 1 ELSE 0 END), coalesce(sum(CASE WHEN centavos > 0 THEN centavos END), 0),
       sum(CASE WHEN situacao_baixa = 'baixado' THEN 1 ELSE 0 END)
  FROM (SELECT p.execucao, s.*,
               EXISTS (SELECT 1 FROM {{ ref('etl_hr') }} AS r WHERE r.data_execucao = s.data_execucao AND r.uc = s.uc AND r.cod = s.cod
                          AND r.equipe = s.equipe AND r.valido_de <= p.execucao
                          AND (r.valido_ate IS NULL OR r.valido_ate > p.execucao)) AS exato,
               EXISTS (SELECT 1 FROM {{ ref('etl_hr') }} AS r WHERE r.data_execucao = s.data_execucao AND r.uc = s.uc AND r.toi = s.toi
                          AND r.valido_de <= p.execucao AND (r.valido_ate IS NULL OR r.valido_ate > p.execucao)) AS por_toi
          FROM {{ ref('etl_pares_antes') }} AS p
          JOIN {{ ref('etl_hs') }} AS s ON s.mes = p.mes AND s.valido_de <= p.execucao
                          AND (s.valido_ate IS NULL OR s.valido_ate > p.execucao)) AS x
 GROUP BY mes, execucao, regional, grupo
)
SELECT mes::date AS mes,
       execucao::text AS execucao,
       regional::text AS regional,
       grupo::text AS grupo,
       servicos::integer AS servicos,
       produzidos::integer AS produzidos,
       inspecoes::integer AS inspecoes,
       toi::integer AS toi,
       toi_inspecao::integer AS toi_inspecao,
       retornos::integer AS retornos,
       retornos_exatos::integer AS retornos_exatos,
       negociados::integer AS negociados,
       valor_centavos::bigint AS valor_centavos,
       baixados::integer AS baixados
  FROM linhas
