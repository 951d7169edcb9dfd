# Helpers of the tests of pages: `serve` on a free port, what it answers, the links behind figures. Sourced after e2e.bash.

# start_pages [FLAGS]: sets PAGES, its address with the slash at the end, PAGES_PORT and PAGES_PID.
start_pages() {
    local line
    exec {pages_out}< <(exec "$ETL" serve --address 127.0.0.1:0 "$@" 2>>serve.log)
    PAGES_PID=$!
    IFS= read -r -t 20 line <&"$pages_out" || fail "serve did not start: $(cat serve.log)"
    PAGES=${line#open }
    PAGES_PORT=${PAGES##*:}
    PAGES_PORT=${PAGES_PORT%/}
}

stop_pages() { # [SIGNAL]
    [ -n "${PAGES_PID:-}" ] || return 0
    kill "-${1:-TERM}" "$PAGES_PID" 2>/dev/null
    wait "$PAGES_PID" 2>/dev/null
    # shellcheck disable=SC2034 # tests read it
    PAGES_CODE=$?
    PAGES_PID=
    exec {pages_out}<&-
}

# The receiver of messages is not used here; its place in the clean-up of every test is.
stop_receiver() { stop_pages KILL; }

# ask STATUS PATH [CURL ARGUMENTS]: the head goes to head.txt, the body to body.txt.
ask() {
    local status=$1 path=$2 got
    : >body.txt # which curl leaves alone where there is no body
    shift 2
    got=$(curl -s -o body.txt -D head.txt -w '%{http_code}' --max-time 20 "$@" "$PAGES$path")
    [ "$got" = "$status" ] || fail "$path: status $got, expected $status: $(head -c 300 body.txt)"
}

header() { # NAME: its value in head.txt
    tr -d '\r' <head.txt | sed -n "s/^$1: //Ip"
}

# ask_all LIST FOLDER: asks for the path in each line of LIST, over one connection; the bodies become FOLDER/1, FOLDER/2…,
# the statuses lines of FOLDER.codes.
ask_all() {
    mkdir "$2"
    awk -v base="${PAGES%/}" -v to="$2" '{ print "url = \"" base $0 "\"\noutput = \"" to "/" NR "\"" }' "$1" >curl.config
    curl -s -w '%{http_code}\n' --max-time 20 -K curl.config >"$2.codes" || fail "no answer to a path of $1"
}

expect_all_found() { # LIST FOLDER
    ! grep -vn '^200$' "$2.codes" >codes.bad || fail "$(head -n 1 codes.bad): $(sed -n "$(head -n 1 codes.bad | cut -d: -f 1)p" "$1")"
}

# Prints the links behind the figures of pages: number, tab, path.
links_of() { # FILE…
    grep -ohE '<a href="/linhas[^"]*"[^>]*>[^<]*</a>' "$@" |
        sed -E 's/<a href="([^"]*)"[^>]*>([^<]*)<.a>/\2\t\1/; s/&amp;/\&/g; s/&#39;/'"'"'/g' >links.found
    expect_equal "links to rows that have a text of their own" "$(wc -l <links.found)" "$(cat "$@" | grep -o 'href="/linhas' | wc -l)"
    cat links.found
}

count_in() { # FILE: the number above a list of rows, as it is written
    sed -n 's/.*<p class="contagem"><strong>\([0-9.]*\)<\/strong>.*/\1/p' "$1"
}

# Prints, for each link of LINKS whose page in FOLDER disagrees, what is wrong: the count above the list, or the rows in it.
wrong_counts() { # LINKS FOLDER
    awk -F'\t' -v folder="$2" '
        { want = $1; path = $2; file = folder "/" NR; got = "no"; rows = 0
          while ((getline line < file) > 0) {
              if (match(line, /<p class="contagem"><strong>[0-9.]*/))
                  got = substr(line, RSTART + 28, RLENGTH - 28)
              rows += gsub(/<th scope="row"/, "", line)
          }
          close(file)
          number = want; gsub(/[.]/, "", number)
          shown = number + 0 < 50 ? number + 0 : 50
          if (got != want || rows != shown) print path ": the figure is " want ", it opens " got ", of which it shows " rows }' "$1"
}

# expect_counts LINKS: the number of each link (number, tab, path) is the count of rows that it opens. Sets TRIED.
expect_counts() {
    sort -u "$1" >links.once
    cut -f 2 links.once >links.paths
    rm -rf opened
    ask_all links.paths opened
    TRIED=$(wc -l <links.once)
    wrong_counts links.once opened >wrong
    [ ! -s wrong ] && return
    head -n 10 wrong
    fail "$(wc -l <wrong) of $TRIED figures are not the count of the rows behind them"
}

# Prints TEXT as it stands in an address.
encode() {
    local LC_ALL=C i c
    for ((i = 0; i < ${#1}; i++)); do
        c=${1:i:1}
        case $c in
        [a-zA-Z0-9.~_-]) printf '%s' "$c" ;;
        *) printf '%%%02X' "'$c" ;;
        esac
    done
}

# --- a database with a year of data, as if it had been copied at 18:30 of TODAY ----------------------------------------

# Names that somebody could have put into the portal; none is empty.
LONG_NAME=$(printf 'É%.0s' {1..200})
odd_names=(
    '<script>alert(1)</script>' '"><img src=x onerror=alert(1)>' "'; DROP TABLE general_reports;--"
    "=cmd|'/c calc'!A1" '@SUM(1)' '-2+3' 'A & B' '50% C+D #1 E?F=G' '&lt;b&gt; \n \u003c' 'TIMES 😀 É' '(sem motivo)' '--' "$LONG_NAME"
)
# The tables have them in capitals.
# shellcheck disable=SC2034 # tests read them
shown_names=("${odd_names[@]^^}")

quoted() { # TEXT: a cell of a CSV
    printf '"%s"' "${1//\"/\"\"}"
}

record() { # the lines within its cells end otherwise
    printf '%s\r\n' "$1"
}

# Days of odd names, of blanks and of lines that cannot be used, in two files.
odd_files() { # GENERAL RETURN
    local name i=0
    {
        record 'UC / MD;Data execução;Cód;TOI;Equipe;Status;Município;Tipo serviço;RS negociado;Hora início serviço;Hora fim serviço'
        for name in "${odd_names[@]}" ''; do
            name=$(quoted "$name")
            i=$((i + 1))
            record "90000$i;23/11/2026;I01;T$i;$name;$name;$name;Inspeção BT;R\$ 1.000,5$((i % 10));08:0$((i % 10));08:30"
            record "91000$i;22/11/2026;N01;;$name;Executado;$name;$name;não sei;23:50;00:10"
            record "92000$i;21/11/2026;I01;U$i;RS-PEL-F001M;$name;XANGRI-LÁ;Inspeção AT;;;"
        done
        record '930001;21/11/2026;I01;;;;;;;;'
        record '930002;31/02/2026;I01;;A;B;C;D;;;' # rejected
        record '930003;;I01;;A;B;C;D;;;'           # without a day
        record "930004;23/11/2026;I01;TQ;RS-PEL-F001M;Executado;$(quoted $'QUEBRA\nDE LINHA');Inspeção BT;;;"
    } >"$1"
    {
        record 'UC / MD;DATA EXECUÇÃO;CÓDIGO;TOI;EQUIPE;DATA RESOLVIDO;MOTIVO;STATUS'
        i=0
        for name in "${odd_names[@]}" ''; do
            name=$(quoted "$name")
            i=$((i + 1))
            record "90000$i;23/11/2026;I01;T$i;$name;;$name;Aberto"
            record "90000$i;22/11/2026;N01;;$name;23/11/2026;$name;Resolvido"
        done
        record '930003;;I01;;A;;B;C'
        record "930004;23/11/2026;I01;TQ;RS-PEL-F001M;;$(quoted $'QUEBRA\nDE LINHA');Aberto"
    } >"$2"
}

# load_days REPORT FILE FROM TO
load_days() {
    etl load "$2" --report "$1" --from "$3" --to "$4"
    expect_code 0
}

# Loads fourteen months and the layers, then the past as audits left it, then the odd rows of the last days.
load_a_year() {
    local report generation
    ROWS=10
    for generation in 0 1; do
        for report in general return; do
            "$SIM" export --report "$report" --from 2025-10-01 --to 2026-11-20 --seed "$SEED" --rows "$ROWS" --today "$TODAY" \
                --generation $generation >$report.csv
            load_days $report $report.csv 2025-10-01 2026-11-20
        done
        [ $generation = 1 ] || etl layers
        expect_code 0
    done
    odd_files general.csv return.csv
    load_days general general.csv 2026-11-21 2026-11-23
    load_days return return.csv 2026-11-21 2026-11-23
    copied_at "$TODAY"T18:30:01-03:00
}

# The copy is as old as if its windows had been loaded then.
copied_at() { # INSTANT
    if [ -z "${CLICKHOUSE_URL:-}" ]; then
        sql "update etl_windows set ended_at = '$1' where status = 'loaded'"
        return
    fi
    # ended_at is the 27th text of an entry (views.sql)
    ch "alter table etl_ledger update entry = arrayConcat(arraySlice(entry, 1, 26), [toNullable('$1')], arraySlice(entry, 28))
        where status = 'loaded'"
    SECONDS=0
    until [ "$(ch "select count() from etl_windows where status = 'loaded' and ended_at <> '$1'")" = 0 ]; do
        [ $SECONDS -lt 30 ] || fail "the copy does not get older"
        read -r -t 0.05 <> <(:)
    done
}

# --- a browser ---------------------------------------------------------------------------------------------------------

# browse PATH: opens the page in Chromium; what it has made of it goes to dom.html. A message of its console fails the test.
browse() {
    local flags=(--headless --disable-gpu --disable-dev-shm-usage --no-first-run "--window-size=1280,900" --enable-logging=stderr)
    [ "$(id -u)" != 0 ] || flags+=(--no-sandbox)
    timeout 60 chromium-headless-shell "${flags[@]}" "--user-data-dir=$PWD/browser" --virtual-time-budget=5000 --dump-dom \
        "$PAGES$1" >dom.html 2>browser.txt || fail "Chromium does not open $1: $(tail -n 3 browser.txt)"
    ! grep CONSOLE browser.txt || fail "$1 has messages in the console"
    expect_in dom.html '<main'
}

# Prints the text of the figure of dom.html whose name begins so: its value, tab, its note.
figure_of() { # NAME
    tr '\n' ' ' <dom.html | sed 's/<div class="indicador">/\n&/g; s/&nbsp;/ /g; s/\xc2\xa0/ /g' |
        sed 's/<\/div>.*//' | sed -n "s/^<div class=\"indicador\"><p class=\"nome\">${1//\//\\/}[^<]*<\/p><p class=\"valor\">\(.*\)<\/p><p class=\"nota\">\(.*\)<\/p>.*/\1\t\2/p" |
        sed 's/<[^>]*>//g'
}

# Prints the rows of the table of dom.html with that caption, cells separated by tabs.
table_of() { # CAPTION
    tr '\n' ' ' <dom.html | sed "s/.*<caption>$1<\/caption>//; s/<\/table>.*//; s/<tr/\n&/g; s/&nbsp;/ /g; s/\xc2\xa0/ /g" |
        grep '<tr' | grep -v 'scope="col"' | sed 's/<\/t[hd]><t[hd][^>]*>/\t/g; s/<[^>]*>//g'
}
