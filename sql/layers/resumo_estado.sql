-- Se os resumos valem. situacao: 'prontos', ou 'por refazer' com o motivo; config: SHA-256 das tabelas config_* com que foram
-- feitos. As páginas dizem quando não valem; a próxima execução os refaz no fim, `etl-sigos layers --refresh` logo.
CREATE TABLE resumo_estado (
    chave    text PRIMARY KEY NOT NULL, -- 'resumos'
    situacao text NOT NULL,
    motivo   text NOT NULL,
    config   text NOT NULL
);
INSERT INTO resumo_estado (chave, situacao, motivo, config) VALUES ('resumos', 'por refazer', 'camadas instaladas', '');
