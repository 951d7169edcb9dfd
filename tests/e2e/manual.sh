#!/usr/bin/env bash
# The manual: its commands do what it says, and it names every exit code, variable and command. What a reader would type is run
# here, page by page, against the simulator. CONTRIBUTING.md ("The manual") says how a block is marked.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"

MANUAL=$ROOT/docs/manual
TODAY=$(TZ=America/Sao_Paulo date +%F) # the reader's commands name no day for today
# Why a block may be left out.
REASONS='aws conteiner supabase systemd cron kubernetes pergunta'

# --- what a page has --------------------------------------------------------------------------------------

# blocks PAGE FOLDER: writes each block of shell as FOLDER/NN, or FOLDER/NN.left_out if it is marked, with the reason as its
# first line.
blocks() {
    mkdir -p "$2"
    awk -v folder="$2" '
        /^<!-- nao-executado: .* -->$/ { reason = $0; sub(/^<!-- nao-executado: /, "", reason); sub(/ -->$/, "", reason); marked = NR; next }
        !file && /^ *```sh$/ {
            file = sprintf("%s/%02d%s", folder, ++count, marked && marked == NR - 1 ? ".left_out" : "")
            printf "# %s\n", marked == NR - 1 ? reason : "line " NR >file
            next
        }
        file && /^ *```$/ { close(file); file = ""; next }
        file { print >file }
    ' "$1"
}

# The exit code that a block's last line promises: 0 without such a line.
promised() { # FILE
    local code
    code=$(sed -n '$s/^# código de saída: \([0-9]*\)$/\1/p' "$1")
    echo "${code:-0}"
}

# What a reader has before a page: the program in PATH, the folder of the project, and a CSV that was downloaded by hand.
# ./task is a stand-in that neither installs nor builds: the program is there.
prepare_reader() {
    mkdir bin
    ln -s "$ETL" bin/etl-sigos
    ln -s "$PGBIN/psql" bin/psql
    ln -s "$ROOT/profiles" "$ROOT/sql" .
    cat >task <<'STAND_IN'
#!/bin/sh
case $1 in
demo) DEMO_BUILD=$BUILD DEMO_DIR=$PWD/demo exec "$ROOT/scripts/demo" ;;
*) exit 2 ;;
esac
STAND_IN
    chmod +x task
    "$SIM" export --report general --from 2026-10-01 --to 2026-10-31 --seed "$SEED" --rows "$ROWS" --today "$TODAY" >relatorio_prot_geral.csv
    export BUILD ROOT PATH=$PWD/bin:$PATH HOME=$PWD
}

# run_page PAGE: runs its blocks in order, in the test's folder, each by a shell of its own.
run_page() {
    local block wanted code count=0
    blocks "$MANUAL/$1" blocks
    prepare_reader
    start_portal
    for block in blocks/*; do
        [ "${block%.left_out}" = "$block" ] || continue
        wanted=$(promised "$block")
        bash -e -o pipefail "$block" >block.out 2>&1 </dev/null
        code=$?
        [ "$code" = "$wanted" ] || {
            cat "$block"
            tail -n 30 block.out
            fail "$1, $(sed -n '1s/^# //p' "$block"): exit code $code, promised $wanted"
        }
        ! grep -qF "$CANARY" block.out || fail "$1, $(sed -n 1p "$block"): the password is shown"
        count=$((count + 1))
    done
    echo "$1: $count blocks were run"
    [ "$count" -ge "$2" ] || fail "only $count blocks of $1 were run: are the others not found any more?"
}

test_the_commands_of_the_page_about_clickhouse_work() {
    run_page clickhouse.md 1
}

test_the_commands_of_the_first_page_work() {
    run_page index.md 6
}

test_the_commands_about_configuration_work() {
    run_page configuracao.md 5
}

test_the_commands_about_the_timetable_work() {
    run_page agendamento.md 3
}

test_the_commands_about_watching_work() {
    run_page acompanhamento.md 9
}

test_the_commands_about_problems_work() {
    run_page quando-algo-da-errado.md 10
}

test_the_commands_about_the_archive_work() {
    run_page bronze.md 3
}

test_the_commands_about_serving_work() {
    run_page servir.md 3
}

test_the_commands_about_the_pages_work() {
    run_page paginas.md 1
}

test_the_commands_about_the_layers_work() {
    run_page camadas.md 8
}

# Every model is on the page, and the page names none that there is not.
test_the_page_of_the_layers_names_every_model() {
    etl layers
    expect_code 0
    sql "select nome from etl_camadas where nome not like 'etl%' and nome not like 'resumo%' and nome not like '%_reports_historico'
         and nome not like 'indice%' and nome not in ('calendario', 'painel_referencia')" | sort >models.txt
    grep -oE "\`(ouro|teste|config|historico)_[a-z_]+\`|\`(mudancas_antigas|servicos|retornos|servicos_retorno)\`" "$MANUAL/camadas.md" | tr -d '`' | sort -u >page.txt
    diff models.txt page.txt || fail "the models of the program (<) and of the page (>) differ"
}

test_the_commands_of_the_questions_work() {
    run_page perguntas.md 11
}

test_the_commands_about_supabase_work_on_postgres() {
    start_postgres
    run_page supabase.md 5
    # What the page says of the commands, beyond their exit codes.
    etl check --offline
    ! grep -q 'row level security' out.txt || fail "the SQL of check does not end its warning: $(cat out.txt)"
    expect_equal "what the dashboards read" "$(PGUSER=dashboards pg 'select count(*) > 0 from general_reports')" t
}

test_every_block_is_run_or_says_why_not() {
    local page file reason run=0 left_out=0
    for page in "$MANUAL"/*.md; do
        blocks "$page" "all/$(basename "$page" .md)"
        # Shell in a block of another kind would be run by nobody.
        ! grep -nE '^ *```(bash|shell|console|\{)' "$page" || fail "$page: a block of shell has the word sh"
        expect_equal "fences of $page" "$(($(grep -c '^ *```' "$page") % 2))" 0
        [ "$(grep -c '^<!-- nao-executado: ' "$page")" = "$(find "all/$(basename "$page" .md)" -name '*.left_out' | wc -l)" ] ||
            fail "$page: a mark stands not right before its block"
    done
    for file in all/*/*; do
        if [ "${file%.left_out}" = "$file" ]; then
            run=$((run + 1))
        else
            left_out=$((left_out + 1))
            reason=$(sed -n '1s/^# \([a-z]*\).*/\1/p' "$file")
            case " $REASONS " in *" $reason "*) ;; *) fail "$file: '$reason' is no reason; they are: $REASONS" ;; esac
        fi
    done
    echo "$run blocks are run, $left_out are not"
    [ "$run" -gt "$left_out" ] || fail "most blocks are not run"
}

# --- what the manual names ---------------------------------------------------------------------------------

test_the_table_of_exit_codes_has_the_program_s_codes() {
    {
        sed -n 's/^ *EXIT_CODE_[A-Z_]* = \([0-9]*\),.*/\1/p' "$ROOT/src/run/exit_code.h" | grep -vx 128
        echo $((128 + 2)) # stopped by SIGINT, by SIGTERM
        echo $((128 + 15))
    } | sort -n >codes.program
    sed -n 's/^| \([0-9]*\) |.*/\1/p' "$MANUAL/quando-algo-da-errado.md" | sort -n >codes.manual
    diff codes.program codes.manual || fail "the codes differ"
    expect_equal "codes" "$(wc -l <codes.manual)" 12
}

# shellcheck disable=SC2016 # backquotes of Markdown
variables_of_table() { # FILE HEADING: the variables that its table names, in whatever column
    awk -v heading="$2" 'index($0, "| " heading " |") == 1 { on = 1; next } !/^\|/ { on = 0 } on' "$1" |
        grep -oE '`[A-Z][A-Z_]*[A-Z](=[a-z]*)?`' | sed 's/[`]//g; s/=.*//' | sort -u
}

test_every_variable_is_in_the_readme_and_in_the_manual() {
    variables_of_table "$ROOT/README.md" variable >readme.txt
    variables_of_table "$MANUAL/configuracao.md" variável >manual.txt
    diff readme.txt manual.txt || fail "the variables of README (<) and of the manual (>) differ"
    [ "$(wc -l <manual.txt)" -gt 30 ] || fail "only $(wc -l <manual.txt) variables were found"
    # What `check` shows, which is all that the program reads.
    sed -n 's/^ *{"\([A-Z_]*\)", \(true\|false\), .*/\1/p' "$ROOT/src/config/settings_origin.c" | sort -u >program.txt
    [ "$(wc -l <program.txt)" -gt 25 ] || fail "the program's list was not found"
    expect_equal "variables that nobody explains" "$(comm -23 program.txt manual.txt | tr '\n' ' ')" ""
}

test_every_command_is_named() {
    local command count=0
    for command in $("$ETL" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        grep -qF "etl-sigos $command" "$MANUAL"/*.md || fail "the manual does not name $command"
        count=$((count + 1))
    done
    [ "$count" -ge 9 ] || fail "only $count commands were found"
}

# shellcheck disable=SC2016 # backquotes of Markdown
test_messages_that_are_explained_are_the_program_s() {
    local words count=0
    # A message may stand in several literals, one behind the other.
    find "$ROOT/src" -name '*.c' -exec cat '{}' + | tr '\n' ' ' | sed 's/" *"//g' >literals.txt
    while IFS= read -r words; do
        grep -qF -- "$words" literals.txt || fail "the program does not say: $words"
        count=$((count + 1))
    done < <(sed -n 's/^\*\*Mensagem:\*\* `\(.*\)`$/\1/p; /a mensagem tem…/,/^$/s/^| `\([^`]*\)` |.*/\1/p' "$MANUAL/quando-algo-da-errado.md" "$MANUAL/bronze.md")
    [ "$count" -ge 25 ] || fail "only $count messages were found"
}

# --- the site -------------------------------------------------------------------------------------------

test_task_installs_mkdocs_for_the_manual_and_for_nothing_else() {
    local target
    sed -n '/^build_packages=/,/^}/p' "$ROOT/task" >packages.sh
    for target in docs test demo all; do
        sh -c '. ./packages.sh && packages_for "$1"' sh "$target" >"$target".txt
    done
    expect_in docs.txt mkdocs-material
    ! grep -l mkdocs test.txt demo.txt all.txt || fail "mkdocs is not for everybody"
}

test_the_site_is_built_and_needs_no_network() {
    local page link count=0
    command -v mkdocs >/dev/null || {
        echo "not checked: mkdocs is not installed (./task docs installs it)"
        return 0
    }
    MAKEFLAGS='' make -s -C "$ROOT" docs SITE="$PWD/site" >out.txt 2>&1 || fail "$(cat out.txt)"
    # Pages load nothing from elsewhere. The search index is of this site.
    ! grep -rnoE '<(link|script|img|iframe)[^>]*(href|src)="?(https?:)?//[^" >]*' site --include='*.html' || fail "a page needs the network"
    ! grep -rnoE '(url\(|@import )["'\'']?https?://[^)]*' site --include='*.css' || fail "a style needs the network"
    # Links to a heading, which mkdocs does not check.
    while IFS=: read -r page link; do
        link=${link#href=\"}
        [ "${link%%#*}" = "" ] || page=$(dirname "$page")/${link%%#*}
        grep -qF "id=\"${link#*#}\"" "$page" || fail "there is no heading $link"
        count=$((count + 1))
    done < <(grep -oE 'href="[a-z-]*(\.html)?#[^"]+"' site/*.html | tr -d '"' | sed 's/href=/href="/' | sort -u)
    [ "$count" -gt 20 ] || fail "only $count links were found"
    expect_equal "pages" "$(find site -name '*.html' ! -name 404.html | wc -l)" "$(find "$MANUAL" -name '*.md' | wc -l)"
}

run_tests "$@"
