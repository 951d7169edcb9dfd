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
    PAGES_CODE=$?
    PAGES_PID=
    exec {pages_out}<&-
}

# The receiver of messages is not used here; its place in the clean-up of every test is.
stop_receiver() { stop_pages KILL; }

# ask STATUS PATH [CURL ARGUMENTS]: the head goes to head.txt, the body to body.txt.
ask() {
    local status=$1 path=$2 got
    shift 2
    got=$(curl -s -o body.txt -D head.txt -w '%{http_code}' --max-time 20 "$@" "$PAGES$path")
    [ "$got" = "$status" ] || fail "$path: status $got, expected $status: $(head -c 300 body.txt)"
}

header() { # NAME: its value in head.txt
    tr -d '\r' <head.txt | sed -n "s/^$1: //Ip"
}

# ask_all LIST FOLDER: asks for the path in each line of LIST, over one connection; the bodies become FOLDER/1, FOLDER/2…
ask_all() {
    mkdir "$2"
    awk -v base="${PAGES%/}" -v to="$2" '{ print "url = \"" base $0 "\"\noutput = \"" to "/" NR "\"" }' "$1" >curl.config
    curl -s --fail-with-body --max-time 20 -K curl.config || fail "a path of $1 is refused: $(grep -L '<main\|^{' -r "$2" | head -n 3)"
}

# Prints the links behind the figures of the page in FILE: number, tab, path.
links_of() { # FILE
    local found all
    grep -oE '<a href="/linhas[^"]*"[^>]*>[^<]*</a>' "$1" |
        sed -E 's/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/\2\t\1/; s/&amp;/\&/g; s/&#39;/'"'"'/g' >links.found
    all=$(grep -o 'href="/linhas' "$1" | wc -l)
    found=$(wc -l <links.found)
    expect_equal "links to rows of $1 that have a text of their own" "$found" "$all"
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
