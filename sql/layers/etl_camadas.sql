-- O que `etl-sigos layers` instalou: o nome e o SHA-256 do texto de cada objeto.
CREATE TABLE etl_camadas (
    nome   text PRIMARY KEY NOT NULL,
    sha256 text NOT NULL
);
