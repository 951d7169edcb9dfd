-- Inspeção → TOI → entregue → negociado → R$, da coorte de execução do mês. As últimas coortes ainda crescem.
SELECT mes, regional, grupo, inspecoes, toi_inspecao, toi, toi_entregues, toi_notificados, negociados, valor_centavos,
       valor_negociado, valor_ilegivel
  FROM {{ ref('ouro_mes') }}
