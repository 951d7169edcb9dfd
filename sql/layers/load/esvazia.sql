DELETE FROM resumo_dia;
DELETE FROM resumo_mes;
DELETE FROM resumo_tipo;
DELETE FROM resumo_distribuicao;
