#!/usr/bin/env bash
# etl-sigos copy: a real history goes from one kind of database to the next, is continued when it was killed, and is refused
# where it would lose something. What is equal is found by sqlite3, psql and curl, not by the program.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/clickhouse.bash"

first=2026-08-01
declare -A columns=(
    [etl_runs]="id mode started_at ended_at exit_code"
    [etl_columns]="report name run_id added_at"
    [etl_windows]="run_id report first last own_first own_last complete status reason file sha256 bytes rows_read rows_loaded
        rows_duplicates rows_boundary rows_rejected rows_foreign rows_left_out cells_unreadable inserted updated deleted unchanged
        kept started_at ended_at"
    [etl_changes]="run_id report changed_at window_date op key"
    [etl_change_columns]="run_id mode report changed_at window_date op column_name before after"
    [etl_rejects]="run_id report file line reason raw"
    [etl_unread_lines]="report line_id run_id seen_run_id own_first own_last"
    [etl_kept_rows]="report row_key run_id window_date"
    [etl_habits]="report habit run_id"
)

# One form for all: T between day and time, zones in full, escapes as COPY has them, days that a column of dates can hold.
normal() {
    sed -E 's/(^|\t)0001-01-01/\11970-01-02/g; s/(^|\t)9999-12-31/\12105-12-31/g
            s/(^|\t)([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9:]{8})([-+][0-9]{2})(\t|$)/\1\2T\3\4:00\5/g
            s/([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9:]{8})([-+][0-9]{2})(\t|$)/\1T\2\3:00\4/g'
}

rows_of() { # KIND FILE-OR-NOTHING TABLE CONDITION COLUMN…
    local kind=$1 file=$2 table=$3 condition=$4
    shift 4
    case $kind in
    sqlite)
        sqlite3 -batch -noheader -separator '	' -nullvalue '\N' "$file" \
            "select $(printf ", replace(replace(replace(replace(\"%s\", '\\\\', '\\\\\\\\'), char(9), '\\\\t'), char(10), '\\\\n'), char(13), '\\\\r')" "$@" | cut -c2-) from $table where $condition"
        ;;
    postgres) PGTZ=America/Sao_Paulo pg "copy (select $(printf ', "%s"' "$@" | cut -c2-) from $table where $condition) to stdout" ;;
    clickhouse) ch "select $(printf ', "%s"' "$@" | cut -c2-) from $table where $condition" ;;
    esac | normal
}

# dump KIND [FILE]: all that a copy must keep, in files KIND/TABLE. The log's and the ledger's order counts.
dump() {
    local kind=$1 file=${2:-} to=$1${2:+-$(basename "${2%.db}")} table list where
    mkdir -p "$to"
    for table in "${!columns[@]}"; do
        where='1 = 1'
        [ "$table" != etl_runs ] || where="mode <> 'copy'"
        case $table in
        etl_changes | etl_windows) where="$where order by id" ;;
        esac
        # shellcheck disable=SC2086 # words
        rows_of "$kind" "$file" "$table" "$where" ${columns[$table]} >"$to/$table" || fail "$kind: no $table"
        case $table in
        etl_changes | etl_windows) ;;
        *) sort -o "$to/$table" "$to/$table" ;;
        esac
    done
    for table in general_reports return_reports; do
        list=$(case $kind in
        sqlite) sqlite3 "$file" "select name from pragma_table_info('$table') where name not like '\_%' escape '\' order by 1" ;;
        postgres) pg "select column_name from information_schema.columns where table_name = '$table' and column_name not like '\_%' order by column_name collate \"C\"" ;;
        clickhouse) ch_columns "$table" | grep -v '^_' | sort ;;
        esac)
        mapfile -t list <<<"$list"
        printf '%s\n' "${list[@]}" >"$to/$table.columns"
        rows_of "$kind" "$file" "$table" '1 = 1' "${list[@]}" | sort >"$to/$table" || fail "$kind: no $table"
    done
}

expect_same_dumps() { # FOLDER FOLDER
    local table
    for table in "$1"/*; do
        table=$(basename "$table")
        diff "$1/$table" "$2/$table" >difference.txt || {
            head -n 10 difference.txt | cut -c1-300
            fail "$table differs between $1 and $2 ($(grep -c '^[<>]' difference.txt) lines)"
        }
    done
}

# A history of three audits in sigos.db: rows, changes, rejects, an added column, windows that were not loaded, an undated row.
make_history() {
    start_portal
    local n
    for n in 0 1 2; do
        audit "$n"
        etl full --from "$first" --today "$TODAY"
        expect_code 0
        etl incremental --today "$TODAY"
        expect_code 0
    done
    {
        echo "$header;Nova"
        printf '0000077;05/09/2026;C1;;RS-PEL-F001M;Baixado;dez\\ "aspas"\n'
        printf "0000078;;C1;;RS-PEL-F001M;Baixado;d'or\n"
        printf '0000079;não;C1;;RS-PEL-F001M;Baixado;\n;;;\n'
    } >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    printf 'isto não é um relatório\n' >relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv # refused: a window that was not loaded
    sqlite3 sigos.db "insert into etl_kept_rows select 'general_reports', lower(hex(_row_key)), (select max(id) from etl_runs), DATA_EXECUCAO
        from general_reports where DATA_EXECUCAO = '2026-09-05' limit 1;
        insert into etl_kept_rows select 'general_reports', lower(hex(_row_key)), (select max(id) from etl_runs), null
        from general_reports where DATA_EXECUCAO is null limit 1;
        insert into etl_unread_lines select 'general_reports', '00112233445566778899aabbccddeeff', min(id), max(id), '2026-09-01', '2026-09-30' from etl_runs;
        insert into etl_rejects select x'00112233445566778899aabbccddeeff', min(id), 'general_reports', 'x.csv', 7, 'a reason', 'tab	back\slash ''quote''' || char(10) || 'line' from etl_runs"
    [ "$(sql 'select count(*) from etl_changes')" -gt 20 ] || fail "the audits changed nothing"
    [ "$(sql "select count(*) from etl_windows where status <> 'loaded'")" -gt 0 ] || fail "every window was loaded"
    [ "$(sql 'select count(*) from etl_columns')" = 1 ] || fail "no column was added"
    [ "$(sql 'select count(*) from general_reports where DATA_EXECUCAO is null')" -gt 0 ] || fail "no row is undated"
}

copy() { # FROM TO
    COPY_FROM_URL=$1 DATABASE_URL=$2 etl copy
}

written() { sed -n 's/^\([0-9]*\) rows and entries written$/\1/p' out.txt; }

start_both() {
    start_postgres
    POSTGRES_URL=$DATABASE_URL
    unset DATABASE_URL
    start_clickhouse
}

test_a_history_goes_from_sqlite_to_clickhouse_to_postgres_and_back() {
    start_both
    make_history
    dump sqlite sigos.db
    copy sqlite:sigos.db "$CLICKHOUSE_URL"
    expect_code 0
    ! grep -q ' NO *$' out.txt || fail "something differs"
    dump clickhouse
    expect_same_dumps sqlite-sigos clickhouse
    copy "$CLICKHOUSE_URL" "$POSTGRES_URL"
    expect_code 0
    dump postgres
    expect_same_dumps sqlite-sigos postgres
    copy "$POSTGRES_URL" sqlite:back.db
    expect_code 0
    dump sqlite back.db
    expect_same_dumps sqlite-sigos sqlite-back
    expect_in out.txt 'etl-sigos layers'

    # again: nothing is written
    copy "$CLICKHOUSE_URL" "$POSTGRES_URL"
    expect_code 0
    expect_equal "what a second copy wrote" "$(written)" 0
    copy sqlite:sigos.db "$CLICKHOUSE_URL"
    expect_code 0
    expect_equal "what a second copy wrote" "$(written)" 0
    expect_equal "the copies in the ledger" "$(ch "select mode, exit_code from etl_runs where mode = 'copy'")" "$(printf 'copy\t0\ncopy\t0')"

    # the source goes on, and its new state is copied
    audit 3
    etl full --from "$first" --today "$TODAY"
    expect_code 0
    etl incremental --today "$TODAY"
    expect_code 0
    copy sqlite:sigos.db "$CLICKHOUSE_URL"
    expect_code 0
    [ "$(written)" -gt 5 ] || fail "the audit was not copied"
    dump sqlite sigos.db
    dump clickhouse
    expect_same_dumps sqlite-sigos clickhouse

    # cycles on the copy find nothing to change, and check is quiet
    DATABASE_URL=$CLICKHOUSE_URL etl incremental --today "$TODAY"
    expect_code 0
    expect_equal "what a cycle changed" "$(ch "select sum(inserted + updated + deleted) from etl_windows where run_id = (select max(id) from etl_runs)")" 0
    DATABASE_URL=$CLICKHOUSE_URL etl check --offline
    ! grep -q 'has lost something' out.txt || fail "check: $(cat out.txt)"
    DATABASE_URL=$CLICKHOUSE_URL etl check --verify
    expect_code 0
    DATABASE_URL=$CLICKHOUSE_URL etl status --today "$TODAY" 2>/dev/null
    # and it is a history of its own now
    copy sqlite:sigos.db "$CLICKHOUSE_URL"
    expect_code 1
    expect_in log.txt 'a history of its own'
}

# Kills the copy a little later each time, until one comes to its end.
copy_killed() { # FROM TO
    local ms=10 kills=0 pid
    while :; do
        COPY_FROM_URL=$1 DATABASE_URL=$2 "$ETL" copy >out.txt 2>log.txt &
        pid=$!
        read -r -t "0.$(printf '%03d' $((ms % 1000)))" <> <(:)
        if kill -KILL "$pid" 2>/dev/null; then kills=$((kills + 1)); fi
        wait "$pid" && break
        ms=$((ms + ms / 6 + 3)) # a fast machine needs a tenth of a slow one
        [ "$ms" -lt 1000 ] || break
    done 2>/dev/null
    copy "$1" "$2"
    expect_code 0
    [ "$kills" -gt 3 ] || fail "the copy was killed only $kills times"
}

test_a_copy_that_was_killed_is_continued() {
    start_both
    make_history
    dump sqlite sigos.db
    copy_killed sqlite:sigos.db "$CLICKHOUSE_URL"
    dump clickhouse
    expect_same_dumps sqlite-sigos clickhouse
    DATABASE_URL=$CLICKHOUSE_URL etl check --offline
    ! grep -q 'has lost something' out.txt || fail "check: $(cat out.txt)"
    copy_killed "$CLICKHOUSE_URL" "$POSTGRES_URL"
    dump postgres
    expect_same_dumps sqlite-sigos postgres
    copy_killed "$POSTGRES_URL" sqlite:back.db
    dump sqlite back.db
    expect_same_dumps sqlite-sigos sqlite-back
}

test_what_would_lose_something_is_refused() {
    make_history
    cp sigos.db good.db
    etl copy --from sqlite:good.db --to sqlite:./good.db
    expect_code 2
    expect_in log.txt 'the same database'
    ln -s good.db other.db
    etl copy --from sqlite:good.db --to sqlite:other.db
    expect_code 2
    expect_in log.txt 'the same database'
    etl copy --from postgres://etl:geheim7@localhost/x --to sqlite:new.db
    expect_code 2
    expect_in log.txt COPY_FROM_URL_FILE
    etl copy --from sqlite:good.db --to clickhouse://etl:geheim7@localhost/x
    expect_code 2
    expect_in log.txt DATABASE_URL_FILE
    ! grep -q geheim7 out.txt log.txt || fail "the password is in the output"
    etl copy --to sqlite:new.db
    expect_code 2
    expect_in log.txt COPY_FROM_URL
    etl copy --from sqlite:nowhere.db --to sqlite:new.db
    expect_code 1
    expect_in log.txt 'nothing was loaded there yet'
    [ ! -e new.db ] || fail "a target was made"
    [ ! -e nowhere.db ] || fail "a source was made"
    # rows that are not what was loaded
    sqlite3 good.db "update general_reports set STATUS = 'MINE' where rowid = 5"
    etl copy --from sqlite:good.db --to sqlite:new.db
    expect_code 1
    expect_in log.txt 'full --verify'
    start_postgres
    POSTGRES_URL=$DATABASE_URL
    copy sqlite:sigos.db "$POSTGRES_URL"
    expect_code 0
    unset DATABASE_URL
    pg 'alter table general_reports alter _row_key drop not null;
        update general_reports set _row_key = null where _row_key = (select _row_key from general_reports limit 1)'
    copy "$POSTGRES_URL" sqlite:new.db
    expect_code 1
    expect_in log.txt 'another program'
    # a target with a past
    DATABASE_URL=sqlite:own.db etl full --from 2026-11-01 --today "$TODAY"
    etl copy --from sqlite:sigos.db --to sqlite:own.db
    expect_code 1
    expect_in log.txt 'a history of its own'
    # a lease that is held
    sqlite3 own.db "update etl_lease set run_id = 'another', holder = 'elsewhere', expires_at = unixepoch() + 600"
    etl copy --from sqlite:own.db --to sqlite:new.db
    expect_code 5
    expect_in log.txt elsewhere
}

# At whatever moment it comes.
test_a_signal_leaves_no_half_and_no_crash() {
    make_history
    local ms pid
    for ms in 5 15 25 35 45 55 65 75 85 100 120 150 200 300 500; do
        rm -f new.db*
        "$ETL" copy --from sqlite:sigos.db --to sqlite:new.db >out.txt 2>log.txt &
        pid=$!
        read -r -t "0.$(printf '%03d' "$ms")" <> <(:)
        kill -TERM "$pid" 2>/dev/null
        wait "$pid"
        CODE=$?
        case $CODE in 0 | 143) ;; *) cat log.txt && fail "exit code $CODE after $ms ms" ;; esac
    done
}

test_a_signal_ends_it_between_two_pieces() {
    make_history
    local pid
    "$ETL" copy --from sqlite:sigos.db --to sqlite:new.db >out.txt 2>log.txt &
    pid=$!
    SECONDS=0
    until grep -q copy.checking log.txt; do
        [ "$SECONDS" -lt 20 ] || fail "it did not begin"
    done
    kill -TERM "$pid"
    wait "$pid"
    CODE=$?
    expect_code 143
    etl copy --from sqlite:sigos.db --to sqlite:new.db
    expect_code 0
    dump sqlite sigos.db
    dump sqlite new.db
    expect_same_dumps sqlite-sigos sqlite-new
}

run_tests "$@"
