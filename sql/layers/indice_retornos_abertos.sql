-- Os retornos abertos, de qualquer idade, sem ler todos os resolvidos.
CREATE INDEX indice_retornos_abertos ON return_reports ("DATA_EXECUCAO") WHERE "DATA RESOLVIDO" IS NULL;
