#!/usr/bin/env bash
# The bronze archive: cycles keep their exports, and the tables that are rebuilt from them are the same, byte for byte.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"
. "$(dirname "$0")/../support/dumps.bash"

MANIFEST=bronze/manifest.jsonl

entries() { # [TEXT]: how many lines of the manifest have the text
    grep -cF -- "${1:-\"kind\":\"export\"}" "$MANIFEST"
}

packed_files() { # how many exports the archive has, without what a kill may have left of one
    find bronze -name '*.zst' | wc -l
}

prepare() {
    prepare_dumps
    export BRONZE_DIR=$PWD/bronze
}

# Rebuilds into an empty database, without a portal and a browser, and compares.
expect_rebuilt() {
    dump_tables >original.txt
    use_other_database
    stop_portal
    unset SIGOS_URL
    CHROME_BIN=/nowhere etl load --bronze
    expect_code 0
    dump_tables >rebuilt.txt
    [ "$(wc -l <rebuilt.txt)" -gt 500 ] || fail "only $(wc -l <rebuilt.txt) lines were dumped"
    cmp original.txt rebuilt.txt || {
        diff original.txt rebuilt.txt | head -n 10
        fail "the rebuilt tables differ in $(diff original.txt rebuilt.txt | grep -c '^[<>]') lines"
    }
}

both_tables_are_rebuilt_byte_for_byte_after_three_audits() {
    prepare
    start_portal
    cycle full
    first=$(packed_files)
    audit 1
    cycle incremental
    audit 2
    cycle full
    audit 3
    cycle incremental
    cycle incremental
    [ "$(packed_files)" -gt "$first" ] || fail "the audits' exports were not kept"
    [ "$(sql 'select count(distinct "DATA_EXTRACAO") from general_reports')" -gt 3 ] || fail "the history has too few instants"
    [ "$(entries '"kind":"sweep"')" = 4 ] || fail "the sweeps of two full cycles are not there"
    kept=$(sha256sum <"$MANIFEST")
    expect_rebuilt
    expect_equal "the manifest after a rebuild" "$(sha256sum <"$MANIFEST")" "$kept"
}

test_a_portal_that_did_not_change_costs_no_room() {
    use_sqlite && prepare
    start_portal
    cycle incremental
    count=$(packed_files)
    lines=$(entries)
    expect_equal "the archive's files" "$count" "$lines"
    cycle incremental
    expect_equal "the archive's files after the second cycle" "$(packed_files)" "$count"
    expect_equal "the manifest's exports" "$(entries)" $((2 * lines))
    expect_equal "the lines that refer to earlier files" "$(entries '"stored":false')" "$lines"
    expect_rebuilt
}

both_what_people_load_by_hand_and_let_through_is_rebuilt_too() {
    prepare
    unset SIGOS_URL
    general_file relatorio_prot_geral1.csv 300
    sed 's/Baixado/Cancelado/' relatorio_prot_geral1.csv | head -n 21 >relatorio_prot_geral2.csv
    general_file relatorio_prot_geral3.csv 150
    gzip -k relatorio_prot_geral2.csv
    touch -d 2026-11-01T10:00:00Z relatorio_prot_geral1.csv
    touch -d 2026-11-02T10:00:00Z relatorio_prot_geral2.csv.gz
    touch -d 2026-11-03T10:00:00Z relatorio_prot_geral3.csv
    etl load relatorio_prot_geral1.csv
    expect_code 0
    etl load relatorio_prot_geral1.csv relatorio_prot_geral2.csv.gz
    expect_code 0
    etl load relatorio_prot_geral3.csv --from 2025-03-01 --to 2025-03-31
    expect_code 4 # held: nothing of it is kept
    expect_equal "the manifest's exports" "$(entries)" 2
    etl load relatorio_prot_geral3.csv --from 2025-03-01 --to 2025-03-31 --accept-shrink
    expect_code 0
    dump_tables general_reports >original.txt
    use_other_database
    etl load --bronze bronze --report general
    expect_code 0
    dump_tables general_reports >rebuilt.txt
    expect_equal "the rows, below the columns" "$(wc -l <rebuilt.txt)" 151
    expect_in rebuilt.txt '2026-11-01 07:00:00' # of rows that the later files did not change
    cmp original.txt rebuilt.txt || fail "the tables differ"
}

test_a_damaged_file_ends_the_report_before_its_window_is_written() {
    use_sqlite && prepare
    start_portal
    cycle incremental
    dump_tables >original.txt
    mv sigos.db original.db
    file=$(find bronze/general_reports -name '*.zst' | sort | tail -n 1)
    cp "$file" whole
    printf 'x' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") / 2)) conv=notrunc status=none
    etl load --bronze
    expect_code 3
    expect_in out.txt "$file"
    expect_in out.txt 'put the file back from a copy of the archive'
    expect_equal "windows that were refused" "$(sql "select count(*) from etl_windows where status = 'refused'")" 1
    rm "$file"
    etl load --bronze
    expect_code 3
    expect_in out.txt "$file: No such file or directory; put the file back"
    cp whole "$file"
    etl load --bronze
    expect_code 0
    dump_tables >rebuilt.txt
    cmp original.txt rebuilt.txt || fail "the tables differ"
}

test_a_manifest_that_cannot_be_read_is_told_with_its_line() {
    use_sqlite && prepare
    start_portal
    cycle incremental general
    sed -i '2s/"own_first":"[^"]*"/"own_first":"soon"/' "$MANIFEST"
    rm sigos.db
    etl load --bronze
    expect_code 1
    expect_in out.txt 'manifest.jsonl:2: "own_first" is missing or not what it should be; put the file back from a copy'
    [ ! -e sigos.db ] || fail "a database was made"
    # A cycle goes on, warns once and leaves the manifest as it is.
    before=$(sha256sum <"$MANIFEST")
    cycle incremental general
    expect_equal "warnings" "$(grep -c '"event":"bronze.failed"' log.txt)" 1
    expect_equal "the manifest" "$(sha256sum <"$MANIFEST")" "$before"
}

test_an_archive_that_cannot_be_written_fails_no_cycle() {
    use_sqlite
    start_portal
    : >occupied
    export BRONZE_DIR=$PWD/occupied/bronze
    cycle incremental
    expect_table_is_truth return return_reports 2026-05-28 "$TODAY"
    expect_equal "warnings" "$(grep -c '"event":"bronze.failed"' log.txt)" 1
    expect_in log.txt '"remedy":"the rows are loaded, but the archive lacks exports'
    expect_in out.txt 'not kept in the bronze archive'
}

test_a_kill_leaves_an_archive_that_can_be_read() {
    use_sqlite && prepare
    start_portal
    cycle incremental
    audit 1
    "$ETL" full --today "$TODAY" >out.txt 2>log.txt &
    pid=$!
    SECONDS=0
    until [ "$(entries)" -ge 8 ]; do
        [ "$SECONDS" -lt 60 ] || fail "the cycle keeps nothing"
    done
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    # What a power failure may leave of a line.
    printf '{"kind":"export","run":"2026' >>"$MANIFEST"
    mv sigos.db original.db
    etl load --bronze
    expect_code 0
    rm sigos.db
    mv original.db sigos.db
    cycle full
    ! grep -q bronze.failed log.txt || fail "the next cycle keeps nothing: $(grep bronze.failed log.txt)"
    # The window that was committed right before the kill may be missing in the archive until the next cycle has kept it:
    # DATA_EXTRACAO of its rows is then that cycle's.
    LEFT_OUT='|DATA_EXTRACAO'
    expect_rebuilt
}

test_what_grew_old_and_was_loaded_again_is_removed_and_the_rest_is_enough() {
    use_sqlite && prepare
    unset SIGOS_URL
    for day in 01 02 03; do
        general_file relatorio_prot_geral.csv $((100 + 10#$day))
        touch -d "2026-11-${day}T10:00:00Z" relatorio_prot_geral.csv
        etl load relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
        expect_code 0
    done
    general_file relatorio_prot_geral.csv 3 900
    etl load relatorio_prot_geral.csv
    expect_equal "the archive's files, without a limit" "$(packed_files)" 4
    BRONZE_KEEP_DAYS=0 etl load relatorio_prot_geral.csv
    expect_equal "the archive's files, without a limit" "$(packed_files)" 4
    BRONZE_KEEP_DAYS=1 etl load relatorio_prot_geral.csv
    expect_code 0
    expect_in log.txt '"event":"bronze.expired"'
    expect_equal "the archive's files" "$(packed_files)" 2
    table general_reports >original.txt
    rm sigos.db
    etl load --bronze
    expect_code 0
    table general_reports >rebuilt.txt
    expect_equal "the rows, below the columns" "$(wc -l <rebuilt.txt)" 107
    cmp original.txt rebuilt.txt || fail "the tables differ"
    BRONZE_KEEP_DAYS=soon etl load relatorio_prot_geral.csv
    expect_code 2
    expect_in log.txt 'BRONZE_KEEP_DAYS must be a number from 0 to 36500'
}

test_days_and_reports_can_be_chosen() {
    use_sqlite && prepare
    start_portal
    cycle incremental
    table general_reports "DATA_EXECUCAO between '2026-10-05' and '2026-10-20'" >original.txt
    mv sigos.db original.db
    etl load --bronze --report general --from 2026-10-05 --to 2026-10-20
    expect_code 0
    table general_reports 'DATA_EXECUCAO is not null' >rebuilt.txt
    [ "$(wc -l <rebuilt.txt)" -gt 50 ] || fail "only $(wc -l <rebuilt.txt) rows"
    cmp original.txt rebuilt.txt || fail "the days differ"
    expect_equal "tables" "$(tables_there | grep -c return_reports)" 0
    etl load --bronze --from 2019-01-01 --to 2019-01-31
    expect_code 1
    expect_in out.txt 'has no export of these reports and days'
    etl load --bronze elsewhere
    expect_code 1
    expect_in out.txt 'cannot open elsewhere/manifest.jsonl'
    env -u BRONZE_DIR "$ETL" load --bronze >out.txt 2>log.txt && fail "an archive without a name was accepted"
    expect_in log.txt '--bronze needs the archive'
}

run_tests_on_both "$@"
