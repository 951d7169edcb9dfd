{{ config(indexes=[{'columns': ['dia'], 'unique': true}]) }}
-- Um dia por linha, de 2000 a 2059: o que os modelos precisam saber de um dia, para que o mesmo texto sirva aos dois bancos.
WITH linhas (dia, dia_num, dia_semana, semana, mes, mes_fim_num) AS (
SELECT d::date, d::date - DATE '1970-01-01', extract(isodow FROM d), date_trunc('week', d)::date, date_trunc('month', d)::date,
       (date_trunc('month', d) + interval '1 month - 1 day')::date - DATE '1970-01-01'
  FROM generate_series(timestamp '2000-01-01', timestamp '2059-12-31', interval '1 day') AS d
)
SELECT dia::date AS dia,
       dia_num::integer AS dia_num,
       dia_semana::smallint AS dia_semana,
       semana::date AS semana,
       mes::date AS mes,
       mes_fim_num::integer AS mes_fim_num
  FROM linhas
