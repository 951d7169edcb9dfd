-- As figuras dos meses encerrados que a janela tocou, como esta execução as deixa.
INSERT INTO resumo_coorte
SELECT d.mes, :execucao, d.regional, d.grupo, sum(d.servicos), sum(d.produzidos), sum(d.inspecoes), sum(d.toi),
       sum(d.toi_inspecao), sum(d.retornos), sum(d.retornos_exatos), sum(d.negociados), sum(d.valor_centavos), sum(d.baixados)
  FROM (SELECT DISTINCT c.mes FROM etl_tocados AS t JOIN calendario AS c ON c.dia = t.dia
         WHERE c.mes_fim_num <= (SELECT hoje_num FROM painel_referencia)) AS t
  JOIN resumo_mes AS d ON d.mes = t.mes
 GROUP BY d.mes, d.regional, d.grupo
ON CONFLICT (mes, execucao, regional, grupo) DO UPDATE SET
       servicos = excluded.servicos,
       produzidos = excluded.produzidos,
       inspecoes = excluded.inspecoes,
       toi = excluded.toi,
       toi_inspecao = excluded.toi_inspecao,
       retornos = excluded.retornos,
       retornos_exatos = excluded.retornos_exatos,
       negociados = excluded.negociados,
       valor_centavos = excluded.valor_centavos,
       baixados = excluded.baixados;
