CREATE VIEW servicos_retorno AS
-- Prata: servicos com o casamento: exato = mesma UC, data, código e equipe; senão por_toi = mesma UC, data e TOI. Em vez de
-- EXISTS, que os servidores de 2018 não têm, listas; uma chave em branco não está nelas.
SELECT *,
       CASE WHEN (ifNull(dia_num, -1000000), ifNull(uc, ''), ifNull(cod, ''), ifNull(equipe, '')) IN (
                     SELECT assumeNotNull(dia_num), assumeNotNull(uc), assumeNotNull(cod), assumeNotNull(equipe) FROM retornos
                      WHERE dia_num IS NOT NULL AND uc IS NOT NULL AND cod IS NOT NULL AND equipe IS NOT NULL) THEN 'exato'
            WHEN (ifNull(dia_num, -1000000), ifNull(uc, ''), ifNull(toi, '')) IN (
                     SELECT assumeNotNull(dia_num), assumeNotNull(uc), assumeNotNull(toi) FROM retornos
                      WHERE dia_num IS NOT NULL AND uc IS NOT NULL AND toi IS NOT NULL) THEN 'por_toi' END AS retorno
  FROM servicos;
