-- Antes de mexer num mês encerrado de que nada está guardado: como ele estava até a execução anterior.
INSERT INTO resumo_coorte
SELECT d.mes, (SELECT max(id) FROM etl_runs WHERE id < :execucao), d.regional, d.grupo, sum(d.servicos), sum(d.produzidos),
       sum(d.inspecoes), sum(d.toi), sum(d.toi_inspecao), sum(d.retornos), sum(d.retornos_exatos), sum(d.negociados),
       sum(d.valor_centavos), sum(d.baixados)
  FROM (SELECT DISTINCT c.mes FROM etl_tocados AS t JOIN calendario AS c ON c.dia = t.dia
         WHERE c.mes_fim_num <= (SELECT hoje_num FROM painel_referencia)) AS t
  JOIN resumo_mes AS d ON d.mes = t.mes
 WHERE NOT EXISTS (SELECT 1 FROM resumo_coorte AS k WHERE k.mes = t.mes)
   AND EXISTS (SELECT 1 FROM etl_runs WHERE id < :execucao)
 GROUP BY d.mes, d.regional, d.grupo;
