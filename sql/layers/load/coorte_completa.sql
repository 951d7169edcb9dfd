-- Um mês encerrado de que esta janela viu algum dia pela primeira vez: só agora está completo, e aqui começa a sua história.
DELETE FROM resumo_coorte WHERE execucao < :execucao AND mes IN (
    SELECT c.mes FROM resumo_cobertura AS k JOIN calendario AS c ON c.dia = k.dia
     WHERE k.primeira_execucao = :execucao AND k.dia >= :de AND k.dia <= :ate);
INSERT INTO resumo_coorte
SELECT d.mes, :execucao, d.regional, d.grupo, sum(d.servicos), sum(d.produzidos), sum(d.inspecoes), sum(d.toi),
       sum(d.toi_inspecao), sum(d.retornos), sum(d.retornos_exatos), sum(d.negociados), sum(d.valor_centavos), sum(d.baixados)
  FROM (SELECT DISTINCT c.mes FROM resumo_cobertura AS k JOIN calendario AS c ON c.dia = k.dia
         WHERE k.primeira_execucao = :execucao AND k.dia >= :de AND k.dia <= :ate
           AND c.mes_fim_num <= (SELECT hoje_num FROM painel_referencia)) AS t
  JOIN resumo_mes AS d ON d.mes = t.mes
 GROUP BY d.mes, d.regional, d.grupo
ON CONFLICT (mes, execucao, regional, grupo) DO NOTHING;
