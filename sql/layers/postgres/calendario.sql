-- Um dia por linha, de 2000 a 2059: o que os modelos precisam saber de um dia, para que o mesmo texto sirva aos dois bancos.
CREATE TABLE calendario (
    dia            date PRIMARY KEY NOT NULL,
    dia_num        integer NOT NULL,  -- dias desde 01/01/1970
    dia_semana     smallint NOT NULL, -- 1 = segunda … 7 = domingo
    semana         date NOT NULL,     -- a segunda-feira
    mes            date NOT NULL,     -- o primeiro dia do mês
    mes_fim_num    integer NOT NULL   -- dia_num do último dia do mês
);
INSERT INTO calendario
SELECT d::date, d::date - DATE '1970-01-01', extract(isodow FROM d), date_trunc('week', d)::date, date_trunc('month', d)::date,
       (date_trunc('month', d) + interval '1 month - 1 day')::date - DATE '1970-01-01'
  FROM generate_series(timestamp '2000-01-01', timestamp '2059-12-31', interval '1 day') AS d;
