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
WITH RECURSIVE dias (d) AS (SELECT '2000-01-01' UNION ALL SELECT date(d, '+1 day') FROM dias WHERE d < '2059-12-31')
SELECT d, unixepoch(d) / 86400, (strftime('%w', d) + 6) % 7 + 1, date(d, 'weekday 0', '-6 days'), date(d, 'start of month'),
       unixepoch(d, 'start of month', '+1 month', '-1 day') / 86400
  FROM dias;
