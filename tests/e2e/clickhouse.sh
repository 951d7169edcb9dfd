#!/usr/bin/env bash
# ClickHouse beside the other two: the same cycles leave the same in all of them.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/clickhouse.bash"

# What the databases must agree on, in the words of each: columns of texts, and NULL as \N. The ids of runs and the times differ.
window_columns=(report first last own_first own_last complete status rows_read rows_loaded rows_duplicates rows_boundary
rows_rejected rows_foreign rows_left_out cells_unreadable inserted updated deleted unchanged kept)
change_columns=(report window_date op column_name before after)

dump_sqlite() { # TABLE COLUMN…
    local table=$1
    shift
    sqlite3 -batch -noheader -separator '	' -nullvalue '\N' sigos.db \
        "select $(printf ", replace(replace(replace(\"%s\", '\\\\', '\\\\\\\\'), char(10), '\\\\n'), char(13), '\\\\r')" "$@" | cut -c2-) from $table"
}

dump_postgres() {
    local table=$1
    shift
    pg "copy (select $(printf ', "%s"' "$@" | cut -c2-) from $table) to stdout"
}

dump_clickhouse() {
    local table=$1
    shift
    ch "select $(printf ', "%s"' "$@" | cut -c2-) from $table"
}

# Runs a cycle on each database, with the portal as it is.
cycle_on_each() { # MODE [ARGS]
    local url
    for url in sqlite:sigos.db "$POSTGRES_URL" "$CLICKHOUSE_URL"; do
        DATABASE_URL=$url etl "$@" --today "$TODAY"
        expect_code 0
    done
}

expect_equal_dumps() { # TABLE[ CONDITION] COLUMN…
    local kind name=${1%% *}
    for kind in sqlite postgres clickhouse; do
        dump_"$kind" "$@" | sed -E ':a; s/(^|\t)t(\t|$)/\11\2/; ta; :b; s/(^|\t)f(\t|$)/\10\2/; tb' | sort >"$name.$kind"
    done
    [ "$(wc -l <"$name.sqlite")" -gt 3 ] || fail "$name has only $(wc -l <"$name.sqlite") rows"
    for kind in postgres clickhouse; do
        diff "$name.sqlite" "$name.$kind" >difference.txt || {
            head -n 10 difference.txt
            fail "$name differs in $kind ($(grep -c '^[<>]' difference.txt) lines)"
        }
    done
}

test_the_same_cycles_leave_the_same_rows_changes_and_ledger() {
    local n
    start_postgres
    POSTGRES_URL=$DATABASE_URL
    start_clickhouse
    export DATABASE_URL=$CLICKHOUSE_URL
    start_portal
    for n in 0 1 2; do
        audit "$n"
        cycle_on_each full --from 2026-06-01 --to "$TODAY"
        cycle_on_each incremental
    done
    expect_equal_dumps "etl_change_columns where column_name <> 'DATA_EXTRACAO'" "${change_columns[@]}"
    expect_equal_dumps etl_windows "${window_columns[@]}"
    for n in general_reports return_reports; do
        table "$n" >"$n.sqlite"
        pg_table "$n" true | diff "$n.sqlite" - >difference.txt || fail "$n differs in PostgreSQL: $(head -n 4 difference.txt)"
        ch_table "$n" | diff "$n.sqlite" - >difference.txt || fail "$n differs in ClickHouse: $(head -n 4 difference.txt)"
    done
}

test_a_plan_shows_a_sample_of_what_would_change_and_writes_nothing() {
    local before after
    start_clickhouse
    export DATABASE_URL=$CLICKHOUSE_URL
    start_portal
    etl full --from 2026-09-01 --to "$TODAY" --today "$TODAY"
    expect_code 0
    before=$(ch_table general_reports | sha256sum)
    audit 1
    etl full --from 2026-09-01 --to "$TODAY" --today "$TODAY" --plan
    expect_code 0
    cp out.txt plan.txt
    after=$(ch_table general_reports | sha256sum)
    expect_equal "the table" "$after" "$before"
    expect_equal "the changes" "$(ch 'select count() from etl_changes')" 0
    etl full --from 2026-09-01 --to "$TODAY" --today "$TODAY"
    expect_code 0
    [ "$(ch 'select count() from etl_changes')" -gt 5 ] || fail "the audit changed nothing"
    expect_equal "the counts of the plan" "$(grep -E '^(general|return)_reports +[0-9]' plan.txt | awk '{print $1, $2, $7, $8, $9}')" \
        "$(grep -E '^(general|return)_reports +[0-9]' out.txt | awk '{print $1, $2, $7, $8, $9}')"
    expect_in plan.txt "$(ch "select key from etl_changes where report = 'general_reports' order by id desc limit 1" | cut -c1-20)"
}

test_check_compact_removes_what_was_replaced_and_nothing_that_is_seen() {
    local before changes
    start_clickhouse
    export DATABASE_URL=$CLICKHOUSE_URL
    start_portal
    etl full --from 2026-09-01 --to "$TODAY" --today "$TODAY"
    audit 1
    etl full --from 2026-09-01 --to "$TODAY" --today "$TODAY"
    expect_code 0
    before=$(ch_table general_reports | sha256sum)
    changes=$(ch 'select count() from etl_changes')
    [ "$(ch 'select count() from general_reports_rows')" -gt "$(ch 'select count() from general_reports')" ] || fail "nothing was replaced"
    etl check --compact
    expect_code 0
    grep -qE 'compaction: general_reports: [1-9][0-9]* rows and [1-9][0-9]* marks went' out.txt || fail "$(cat out.txt)"
    expect_equal "the rows that are stored" "$(ch 'select count() from general_reports_rows')" "$(ch 'select count() from general_reports')"
    expect_equal "the table" "$(ch_table general_reports | sha256sum)" "$before"
    expect_equal "the changes" "$(ch 'select count() from etl_changes')" "$changes"
    etl check --compact general_reports
    expect_in out.txt 'there is nothing to remove'
    etl check --offline
    ! grep -q 'has lost something' out.txt || fail "what was removed is missed"
    DATABASE_URL=sqlite:other.db etl check --compact
    expect_code 0
    etl incremental --compact
    expect_code 2
}

test_a_server_that_is_not_there_and_a_wrong_password_are_told() {
    start_clickhouse
    export DATABASE_URL=$CLICKHOUSE_URL
    start_portal
    DATABASE_URL=clickhouse://127.0.0.1:1/sigos etl incremental --today "$TODAY"
    expect_code 7
    expect_in out.txt "is the server running"
    DATABASE_URL=${DATABASE_URL/s3%2Fgr%40do/wrong-pass} etl incremental --today "$TODAY"
    expect_code 7
    expect_in out.txt "check the password"
    ! grep -q wrong-pass out.txt log.txt || fail "the password is in the output"
    DATABASE_URL=${DATABASE_URL%/sigos}/nowhere etl incremental --today "$TODAY"
    expect_code 7
    expect_in out.txt "CREATE DATABASE"
}

run_tests "$@"
