-- TOI não entregue no local e sem AR recebido, por idade diante do prazo.
SELECT regional, grupo, fora_do_prazo, sum(ar_pendentes) AS toi
  FROM (SELECT regional, grupo, ar_pendentes,
               CASE WHEN (SELECT hoje_num FROM {{ ref('painel_referencia') }}) - dia_num
                         > (SELECT valor FROM {{ ref('config_parametro') }} WHERE chave = 'prazo_ar_dias') THEN 1 ELSE 0 END AS fora_do_prazo
          FROM {{ ref('resumo_dia') }} WHERE ar_pendentes > 0) AS x
 GROUP BY regional, grupo, fora_do_prazo
