-- A role for dashboards (Power BI, Metabase): it reads the tables and can do nothing else.
--
--     psql "$DATABASE_URL" -v role=dashboards -v schema=public -f sql/postgres/readonly_role.sql
--     psql "$DATABASE_URL" -c '\password dashboards'
--
-- May be run again: after a new report, and after `etl-sigos layers`. Where row level security is on (Supabase: see
-- `etl-sigos check`), a policy lets this role read all rows; the Data API's roles stay shut out.
\set ON_ERROR_STOP on
\if :{?role}
\else
  \set role dashboards
\endif
\if :{?schema}
\else
  \set schema public
\endif

BEGIN;
SET LOCAL client_min_messages = warning;

SELECT format('CREATE ROLE %I LOGIN NOINHERIT', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec

-- Ends long queries of a dashboard, so that they do not block the hourly cycle.
SELECT format('ALTER ROLE %I SET statement_timeout = ''2min''', :'role') \gexec
SELECT format('ALTER ROLE %I SET default_transaction_read_only = on', :'role') \gexec

SELECT format('GRANT USAGE ON SCHEMA %I TO %I', :'schema', :'role') \gexec
SELECT format('GRANT SELECT ON %I.%I TO %I', n.nspname, c.relname, :'role')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = :'schema' AND c.relkind IN ('r', 'p', 'v')
   AND (c.relname LIKE 'etl\_%' OR c.relname ~ '^(resumo|config|ouro|teste|historico)_|_historico$'
        OR c.relname IN ('calendario', 'painel_referencia', 'mudancas_antigas', 'servicos', 'retornos', 'servicos_retorno')
        OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = '_row_key')) \gexec

SELECT format('DROP POLICY IF EXISTS etl_sigos_read ON %I.%I', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = :'schema' AND c.relkind IN ('r', 'p') AND c.relrowsecurity
   AND has_table_privilege(:'role', c.oid, 'SELECT') \gexec
SELECT format('CREATE POLICY etl_sigos_read ON %I.%I FOR SELECT TO %I USING (true)', n.nspname,
              c.relname, :'role')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = :'schema' AND c.relkind IN ('r', 'p') AND c.relrowsecurity
   AND has_table_privilege(:'role', c.oid, 'SELECT') \gexec

COMMIT;
