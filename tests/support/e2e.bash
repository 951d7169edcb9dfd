# Helpers of the end-to-end tests: the simulator, the program, and the truth to compare tables with. Sourced by
# tests/e2e/*.sh.
#
# A test is a function whose name is a sentence; `run_tests` runs all functions named test_*, each in a
# fresh folder, and prints one line for each: "ok - sentence" or "not ok - sentence" with its output.
set -u

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$ROOT/build/${VARIANT:-release}
ETL=$BUILD/etl-sigos
SIM=$BUILD/sigos-sim
TODAY=2026-11-23
SEED=7
ROWS=12
CANARY='s3nh@-canario-7f3a' # the portal's password, which no output may show

export SIM_USUARIO=maria SIM_SENHA=$CANARY
export SIGOS_USUARIO=maria SIGOS_SENHA=$CANARY
export LC_ALL=C LOG_FORMAT=json
unset DATABASE_URL DB_HOST DB_NAME DB_USER DB_PASS DB_PORT SIGOS_URL CHROME_BIN SIGOS_MODE HEADLESS 2>/dev/null || true

# --- the simulator -------------------------------------------------------------------------------------

# start_portal [serve flags]: sets SIGOS_URL and PORTAL_PID.
start_portal() {
    local line
    exec {portal_out}< <(exec "$SIM" serve --seed $SEED --rows $ROWS --today $TODAY "$@")
    PORTAL_PID=$!
    IFS= read -r -t 20 line <&"$portal_out" || fail "the simulator did not start"
    SIGOS_URL=${line#listening }
    export SIGOS_URL
}

stop_portal() {
    [ -n "${PORTAL_PID:-}" ] || return 0
    kill "$PORTAL_PID" 2>/dev/null
    wait "$PORTAL_PID" 2>/dev/null
    exec {portal_out}<&-
    PORTAL_PID=
}

# ask_portal METHOD PATH: prints the body of the answer, by bash's own sockets.
ask_portal() {
    local port=${SIGOS_URL#http://127.0.0.1:}
    port=${port%%/*}
    exec 9<>"/dev/tcp/127.0.0.1/$port"
    printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$1" "$2" >&9
    sed '1,/^\r$/d' <&9
    exec 9<&- 9>&-
}

exports_asked() {
    ask_portal GET /_sim/state | grep -o '"exports":[ ]*[0-9]*' | grep -o '[0-9]*$'
}

wait_for_exports() { # COUNT
    SECONDS=0
    until [ "$(exports_asked)" -ge "$1" ]; do
        [ $SECONDS -lt 60 ] || fail "$1 exports were not asked for"
    done
}

# --- a service that takes messages -----------------------------------------------------------------------

start_receiver() { # sets RECEIVER, its address; messages become files in ./inbox
    local line
    [ -x "$BUILD/receiver" ] || make -s -C "$ROOT" VARIANT="${VARIANT:-release}" "build/${VARIANT:-release}/receiver"
    mkdir inbox
    exec {receiver_out}< <(exec "$BUILD/receiver" inbox)
    RECEIVER_PID=$!
    IFS= read -r -t 20 line <&"$receiver_out" || fail "the receiver did not start"
    export RECEIVER=${line#listening }
}

stop_receiver() {
    [ -z "${RECEIVER_PID:-}" ] || kill "$RECEIVER_PID" 2>/dev/null
}

stop_postgres() { :; }   # replaced by postgres.bash
stop_clickhouse() { :; } # replaced by clickhouse.bash

audit() { # changes the portal's past to generation $1
    GENERATION=$1
    ask_portal POST "/_sim/generation?n=$1" >/dev/null
}

# truth REPORT FROM TO [GENERATION]
truth() {
    "$SIM" truth --report "$1" --from "$2" --to "$3" --seed $SEED --rows $ROWS --today $TODAY \
        --generation "${4:-${GENERATION:-0}}"
}

# --- the program ---------------------------------------------------------------------------------------

# etl ARGS: runs the program on the database ./sigos.db; output in out.txt and log.txt, code in CODE.
etl() {
    "$ETL" "$@" >out.txt 2>log.txt
    CODE=$?
}

# --- the table, read by sqlite3 and not by the program ---------------------------------------------------

sql() {
    sqlite3 -batch -noheader -separator '	' sigos.db "$1"
}

# Prints the table in the form of `truth`: header, then sorted lines. $2: a condition.
table() {
    local columns list='' header='' name
    columns=$(sql "select name from pragma_table_info('$1') where name not in ('DATA_EXTRACAO','_row_key','_row_hash') order by cid")
    while IFS= read -r name; do
        header="$header${header:+	}$name"
        list="$list${list:+ || char(9) || }coalesce(replace(replace(replace(replace(\"$name\",'\\','\\\\'),char(9),'\\t'),char(10),'\\n'),char(13),'\\r'),'\\N')"
    done <<<"$columns"
    printf '%s\n' "$header"
    sql "select $list from $1 where ${2:-1}" | sort
}

first_day=2022-03-01

# expect_table_is_truth REPORT-ALIAS TABLE [FROM TO]: cell for cell.
expect_table_is_truth() {
    local from=${3:-$first_day} to=${4:-$TODAY} condition=1
    truth "$1" "$from" "$to" >truth.tsv || fail "no truth"
    if [ $# -gt 2 ]; then
        condition="DATA_EXECUCAO between '$from' and '$to'"
        awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "DATA_EXECUCAO") c = i } NR == 1 || $c != "\\N"' truth.tsv >t && mv t truth.tsv
    fi
    table "$2" "$condition" >table.tsv
    [ "$(wc -l <truth.tsv)" -gt 10 ] || fail "the truth of $1 has only $(wc -l <truth.tsv) lines"
    diff truth.tsv table.tsv >difference.txt || {
        head -n 10 difference.txt
        fail "$2 is not the truth ($(grep -c '^[<>]' difference.txt) lines differ)"
    }
}

# --- files as a person exports them ----------------------------------------------------------------------

header='UC / MD;Data execucao;Cod;TOI;Equipe;Status'

# general_file FILE COUNT [FIRST]: writes a file of good rows.
general_file() {
    {
        echo "$header"
        for i in $(seq "${3:-1}" $((${3:-1} + $2 - 1))); do
            printf '%07d;05/03/2025;C%d;;RS-PEL-F001M;Baixado\n' "$i" "$((i % 5))"
        done
    } >"$1"
}

expect_unchanged_table() {
    expect_equal "the table's content" "$(table general_reports | sha256sum)" "$1"
}

# --- assertions -------------------------------------------------------------------------------

fail() {
    echo "    $*"
    exit 1
}

expect_code() {
    [ "$CODE" = "$1" ] && return
    cat out.txt
    tail -n 5 log.txt
    fail "exit code $CODE, expected $1"
}

expect_in() { # FILE TEXT
    grep -qF -- "$2" "$1" && return
    head -n 20 "$1"
    fail "$1 does not say: $2"
}

expect_equal() { # WHAT GOT EXPECTED
    [ "$2" = "$3" ] || fail "$1 is '$2', expected '$3'"
}

# --- running --------------------------------------------------------------------------------------------

one_test() {
    local folder
    folder=$(mktemp -d "${TMPDIR:-/tmp}/etl-test.XXXXXX")
    (
        cd "$folder" || exit 1
        trap 'stop_portal; stop_receiver; stop_postgres; stop_clickhouse; cd /; rm -rf "$folder"' EXIT
        export TMPDIR=$folder # files that a test leaves are found here, and removed with the folder
        "$1"
    ) >"$folder.out" 2>&1
    local code=$?
    if [ $code = 0 ]; then
        echo "ok - ${1#test_}"
    else
        echo "not ok - ${1#test_}"
        sed 's/^/    /' "$folder.out"
    fi
    rm -f "$folder.out"
    return $code
}

run_tests() {
    local name failed=0
    for name in $(declare -F | awk '{print $3}' | grep '^test_' | grep -E "${1:-.}"); do
        one_test "$name" || failed=1
    done
    exit $failed
}
