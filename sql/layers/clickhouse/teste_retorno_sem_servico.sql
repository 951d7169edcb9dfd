CREATE VIEW teste_retorno_sem_servico AS
-- Teste de dados: retornos que nenhum serviço do mesmo dia explica, pelas duas regras.
SELECT *
  FROM retornos
 WHERE (ifNull(dia_num, -1000000), ifNull(uc, ''), ifNull(cod, ''), ifNull(equipe, '')) NOT IN (
           SELECT assumeNotNull(dia_num), assumeNotNull(uc), assumeNotNull(cod), assumeNotNull(equipe) FROM servicos
            WHERE dia_num IS NOT NULL AND uc IS NOT NULL AND cod IS NOT NULL AND equipe IS NOT NULL)
   AND (ifNull(dia_num, -1000000), ifNull(uc, ''), ifNull(toi, '')) NOT IN (
           SELECT assumeNotNull(dia_num), assumeNotNull(uc), assumeNotNull(toi) FROM servicos
            WHERE dia_num IS NOT NULL AND uc IS NOT NULL AND toi IS NOT NULL);
