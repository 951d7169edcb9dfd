CREATE VIEW calendario AS
-- Um dia por linha, de 2000 a 2059, como nos outros bancos.
SELECT dia, toInt32(dia) AS dia_num, toDayOfWeek(dia) AS dia_semana, addDays(dia, 1 - toDayOfWeek(dia)) AS semana,
       addDays(dia, 1 - toDayOfMonth(dia)) AS mes, toInt32(addMonths(mes, 1)) - 1 AS mes_fim_num
  FROM (SELECT toDate('2000-01-01') + number AS dia FROM numbers(21915));
