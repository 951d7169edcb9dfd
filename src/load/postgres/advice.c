/* SPDX-License-Identifier: MIT */
/* Finds tables that people may read who should not, tables that this role may not write,
 * connections without authentication, clocks that differ, and tables whose publication forbids to
 * write them. */
#include "load/postgres/advice.h"

#include "base/clock.h"
#include "base/mem.h"
#include "load/postgres/identity.h"
#include "load/postgres/query.h"

#include <stdlib.h>
#include <string.h>

/* Tables of a load, and those of the layers. */
#define OURS                                                                                       \
    "   AND (c.relname LIKE 'etl\\_%' OR c.relname LIKE 'resumo\\_%'"                              \
    "        OR c.relname LIKE 'config\\_%' OR c.relname = 'calendario' OR EXISTS ("               \
    "        SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = "              \
    "'" COLUMN_ROW_KEY "'))"

/* Supabase serves the schema public to everyone who has a project's public key, unless row level
 * security is on, and tables that were not made in its dashboard do not have it on. On other
 * servers there is no role anon, by which Supabase is recognised, and the advice does no harm. */
static const char advice_sql[] =
    "SELECT format('%s table(s) of schema %I, %s among them, have no row level security: a Data API"
    " such as Supabase''s shows them to anybody with its public key',"
    "              count(*), n.nspname, min(c.relname)),"
    "       string_agg(format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY;', n.nspname, "
    "c.relname),"
    "                  ' ' ORDER BY c.relname)"
    "       || CASE WHEN to_regrole('anon') IS NULL THEN ''"
    "               ELSE string_agg(format(' REVOKE ALL ON %I.%I FROM anon;', n.nspname, "
    "c.relname),"
    "                               '' ORDER BY c.relname) END"
    "       || ' -- then let dashboards in: sql/postgres/readonly_role.sql'"
    "  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity" OURS
    "   AND (n.nspname = 'public'"
    "        OR (to_regrole('anon') IS NOT NULL AND has_table_privilege('anon', c.oid, 'SELECT')))"
    " GROUP BY n.nspname";

/* Advises on a connection that is not encrypted or whose server is not authenticated. */
static bool advise_tls(struct postgres_destination *dest, destination_row *advice, void *arg,
                       struct error *err)
{
    static const char wrong[] = "the server is not authenticated: sslmode is weaker than verify-ca";
    static const char mend[] = "set DB_SSLROOTCERT to the certificate of the server's authority";
    const struct cell cells[] = {{wrong, sizeof(wrong) - 1}, {mend, sizeof(mend) - 1}};

    return !dest->base.warning || advice(arg, cells, 2, err);
}

/* Tables that a load writes and that this role may not write: another program's, or another role's.
 */
static const char rights_sql[] =
    "SELECT format('this role, %s, may not read and write %I.%I', current_user, n.nspname,"
    "              c.relname),"
    "       format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I.%I TO %I;', n.nspname, c.relname,"
    "              current_user)"
    "  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')" OURS
    "   AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')"
    "            AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))"
    " ORDER BY 1";

enum { SKEW_SECONDS = 60 };

/* Advises on a server whose clock is not ours: leases expire by the one, days end by the other. */
static bool advise_clock(struct destination *base, destination_row *advice, void *arg,
                         struct error *err)
{
    MEM_FREE_TEXT char *sql = mem_format(
        "SELECT format('the server''s clock is %%s seconds away from this machine''s',"
        "              round(extract(epoch FROM clock_timestamp()) - %lld)),"
        "       'set both by NTP: the lease of a run and the days of a cycle depend on them'"
        " WHERE abs(extract(epoch FROM clock_timestamp()) - %lld) > %d",
        (long long)clock_now(), (long long)clock_now(), SKEW_SECONDS);

    return postgres_read(base, sql, advice, arg, err);
}

bool postgres_advise(struct destination *base, destination_row *advice, void *arg,
                     struct error *err)
{
    return advise_tls(postgres_of(base), advice, arg, err) &&
           postgres_read(base, advice_sql, advice, arg, err) &&
           postgres_read(base, rights_sql, advice, arg, err) &&
           advise_clock(base, advice, arg, err) &&
           postgres_read(base, postgres_identity_advice, advice, arg, err);
}
