-- O que `etl-sigos layers` instalou: o nome e o SHA-256 do texto de cada objeto. Aqui nada se muda no lugar: a última
-- linha de um nome vale, e um SHA-256 vazio diz que o objeto se foi.
CREATE TABLE IF NOT EXISTS etl_camadas_log (n UInt64, nome String, sha256 String) ENGINE = MergeTree ORDER BY n;
CREATE VIEW IF NOT EXISTS etl_camadas AS
SELECT nome, ultimo AS sha256 FROM (SELECT nome, argMax(sha256, n) AS ultimo FROM etl_camadas_log GROUP BY nome) WHERE ultimo <> '';
