# Tests that hold on every database. Sourced after e2e.bash and postgres.bash: of each function both_NAME, `run_tests_on_both`
# makes the tests NAME_on_sqlite and NAME_on_postgres (only those of ONLY_DATABASE, if that is set), in which `sql`, `table`
# and the program use that database, empty.

use_sqlite() {
    tables_there() {
        [ ! -e sigos.db ] || sql "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by 1"
    }
    indexes_of() { sql "select name from sqlite_master where type = 'index' and tbl_name = '$1' order by 1"; }
    columns_of() { sql "select name from pragma_table_info('$1') order by cid"; }
    expect_untouched() { [ ! -e sigos.db ] || fail "a file was made: $(ls sigos.db*)"; }
}

use_postgres() {
    start_postgres
    sql() { pg "$1"; }
    table() {
        local condition=${2:-true}
        [ "$condition" != 1 ] || condition=true
        pg_table "$1" "${condition/DATA_EXECUCAO/\"DATA_EXECUCAO\"}"
    }
    tables_there() { pg "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"; }
    indexes_of() { pg "select indexname from pg_indexes where tablename = '$1' order by 1"; }
    columns_of() { pg "select column_name from information_schema.columns where table_name = '$1' order by ordinal_position"; }
    expect_untouched() { expect_equal "what was made" "$(pg "select count(*) from pg_class where relnamespace = 'public'::regnamespace")" 0; }
}

use_clickhouse() {
    start_clickhouse
    export DATABASE_URL=$CLICKHOUSE_URL
    sql() { ch "$1" | sed -E ':a; s/(^|\t)\\N(\t|$)/\1\2/; ta'; } # NULL is an empty text, as in the other two
    table() { ch_table "$@"; }
    tables_there() { ch "select name from system.tables where database = 'sigos' order by 1"; }
    columns_of() { ch_columns "$1"; }
    expect_untouched() { expect_equal "what was made" "$(ch "select count() from system.tables where database = 'sigos'")" 0; }
}

# Of each function each_NAME as well, and NAME_on_clickhouse.
run_tests_on_each() {
    local name
    . "$(dirname "${BASH_SOURCE[0]}")/clickhouse.bash"
    for name in $(declare -F | awk '{print $3}' | grep '^each_'); do
        eval "both_${name#each_}() { $name; }"
        [ "${ONLY_DATABASE:-clickhouse}" != clickhouse ] || eval "test_${name#each_}_on_clickhouse() { use_clickhouse; $name; }"
    done
    run_tests_on_both "$@"
}

run_tests_on_both() {
    local name
    for name in $(declare -F | awk '{print $3}' | grep '^both_'); do
        [ "${ONLY_DATABASE:-sqlite}" != sqlite ] || eval "test_${name#both_}_on_sqlite() { use_sqlite; $name; }"
        [ "${ONLY_DATABASE:-postgres}" != postgres ] || eval "test_${name#both_}_on_postgres() { use_postgres; $name; }"
    done
    run_tests "$@"
}
