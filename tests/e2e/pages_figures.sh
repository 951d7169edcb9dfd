#!/usr/bin/env bash
# Figures of the pages as a real Chromium shows them, against SQL over the tables of the copy that knows nothing of the layers.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"
. "$(dirname "$0")/../support/pages.bash"

# Whether a service is of the region, has a record, is an inspection.
SUL="\"EQUIPE\" like '%PEL%'"
RECORD="coalesce(\"TOI\", '') <> ''"
INSPECTION="\"TIPO SERVICO\" like 'INSPE%'"

# percent NUMERATOR DENOMINATOR: with one decimal, as the pages write it.
percent() {
    local tenths=$(((2000 * $1 + $2) / (2 * $2)))
    printf '%d,%d %%' $((tenths / 10)) $((tenths % 10))
}

dotted() { # INTEGER
    sed -E ':a; s/^([0-9]+)([0-9]{3})/\1.\2/; ta' <<<"$1"
}

reais() { # CENTS
    printf 'R$ %s,%02d' "$(dotted $(($1 / 100)))" $(($1 % 100))
}

# quotient NUMERATOR DENOMINATOR: with one decimal.
quotient() {
    local tenths=$(((20 * $1 + $2) / (2 * $2)))
    printf '%s,%d' "$(dotted $((tenths / 10)))" $((tenths % 10))
}

expect_figure() { # NAME VALUE [NOTE]
    local value note
    IFS=$'\t' read -r value note <<<"$(figure_of "$1")"
    expect_equal "$1" "$value" "$2"
    [ $# -lt 3 ] || expect_equal "the note of $1" "$note" "$3"
}

# The figures of 20/11/2026, a Friday, of the services that fulfil a condition.
expect_day() { # QUERY CONDITION
    local day='"DATA_EXECUCAO" =' n tois inspections teams typical
    n=$(sql "select count(*) from general_reports where $day '2026-11-20' and $2")
    inspections=$(sql "select count(*) from general_reports where $day '2026-11-20' and $INSPECTION and $2")
    tois=$(sql "select count(*) from general_reports where $day '2026-11-20' and $INSPECTION and $RECORD and $2")
    teams=$(sql "select count(distinct \"EQUIPE\") from general_reports where $day '2026-11-20' and coalesce(\"EQUIPE\", '') <> '' and $2")
    typical=$(for past in 2026-11-13 2026-11-06 2026-10-30 2026-10-23; do
        sql "select count(*) from general_reports where $day '$past' and $2"
    done | sort -n | sed -n '2,3p' | paste -sd+)
    typical=$((typical)) # the median of four, doubled
    if [ "$n" -le 3 ] || [ "$inspections" = 0 ] || [ "$typical" = 0 ]; then fail "too few services: $n, $inspections, $typical"; fi
    browse "hoje?dia=2026-11-20$1"
    if [ $((2 * n)) -lt "$typical" ]; then
        expect_figure Serviços "$n" "$(percent $((typical - 2 * n)) "$typical") a menos que uma sexta típica"
    else
        expect_figure Serviços "$n" "$(percent $((2 * n - typical)) "$typical") a mais que uma sexta típica"
    fi
    expect_figure 'Taxa de acerto' "$(percent "$tois" "$inspections")"
    IFS=' ' read -r value _ <<<"$(figure_of 'Equipes em campo')"
    expect_equal "teams in the field" "$value" "$teams"
    [ "$(table_of 'Serviços por dia' | wc -l)" = 60 ] || fail "the chart has no table of its 60 days"
}

# Prints services of each day of each team in a period, sorted.
team_days() { # FIRST LAST
    sql "select count(*) from general_reports where \"DATA_EXECUCAO\" between '$1' and '$2' and coalesce(\"EQUIPE\", '') <> ''
         group by \"DATA_EXECUCAO\", \"EQUIPE\" order by 1"
}

expect_productivity() {
    local days services
    team_days 2026-03-01 2026-08-31 >sizes
    days=$(wc -l <sizes)
    services=$(paste -sd+ sizes | sed 's/$/\n/' | { read -r sum && echo $((sum)); })
    browse 'produtividade?de=2026-03-01&ate=2026-08-31'
    expect_figure 'Serviços por equipe-dia' "$(quotient "$services" "$days")" "média de $(dotted "$days") equipes-dia"
    expect_figure Mediana "$(sed -n "$(((days + 1) / 2))p" sizes)" \
        "p10 $(sed -n "$(((days + 9) / 10))p" sizes) · p90 $(sed -n "$(((days * 9 + 9) / 10))p" sizes)"
    # Minutes in the field, over midnight too, up to twelve hours.
    sql "select \"HORA INICIO SERVICO\", \"HORA FIM SERVICO\" from general_reports where \"DATA_EXECUCAO\" between '2026-03-01' and '2026-08-31'
         and \"HORA INICIO SERVICO\" is not null and \"HORA FIM SERVICO\" is not null" | tr ':' '\t' |
        awk -F'\t' '{ s = ($4 - $1) * 3600 + ($5 - $2) * 60 + $6 - $3; if (s < 0) s += 86400; if (s <= 43200) print int(s / 60) }' | sort -n >minutes
    days=$(wc -l <minutes)
    expect_figure 'Tempo em campo' "$(sed -n "$(((days + 1) / 2))p" minutes) min" \
        "mediana por serviço · p90 $(sed -n "$(((days * 9 + 9) / 10))p" minutes) min"
}

# September is the last month of which 30 days have passed since its end.
expect_returns() {
    local services returned row
    services=$(sql "select count(*) from general_reports where \"DATA_EXECUCAO\" between '2026-09-01' and '2026-09-30'")
    returned=$(sql "select count(*) from general_reports as g where \"DATA_EXECUCAO\" between '2026-09-01' and '2026-09-30' and exists (
        select 1 from return_reports as r where r.\"UC / MD\" = g.\"UC / MD\" and r.\"UC / MD\" <> '' and r.\"DATA_EXECUCAO\" = g.\"DATA_EXECUCAO\" and (
            (r.\"CODIGO\" = g.\"COD\" and g.\"COD\" <> '' and r.\"EQUIPE\" = g.\"EQUIPE\" and g.\"EQUIPE\" <> '') or (r.\"TOI\" = g.\"TOI\" and g.\"TOI\" <> '')))")
    [ "$returned" -gt 20 ] || fail "only $returned services came back"
    browse qualidade
    expect_figure 'Taxa de retorno, set/26' "$(percent "$returned" "$services")" "$returned de $services; última coorte madura"
    expect_figure 'Certo da primeira vez' "$(percent $((services - returned)) "$services")"
    sql "select count(*) from return_reports where \"DATA RESOLVIDO\" is null and \"DATA_EXECUCAO\" is not null" >open
    expect_figure 'Retornos abertos' "$(cat open)"
    # The days of each age, counted by hand from 23/11/2026.
    table_of 'Retornos abertos por idade' | cut -f 1,2 | sed 's/&gt;/>/' >seen
    while read -r band first last; do
        echo "${band/_/ }	$(sql "select count(*) from return_reports where \"DATA RESOLVIDO\" is null and \"DATA_EXECUCAO\" between '$first' and '$last'")"
    done <<'DAYS' >expected
0-7 2026-11-16 2026-11-23
8-15 2026-11-08 2026-11-15
16-30 2026-10-24 2026-11-07
31-60 2026-09-24 2026-10-23
61-90 2026-08-25 2026-09-23
>_90 2022-01-01 2026-08-24
DAYS
    diff expected seen || fail "the ages of open returns are not those"
    row=$(sql "select \"MOTIVO\", count(*) from return_reports where \"DATA_EXECUCAO\" between '2026-08-26' and '2026-11-23' group by 1 order by 2 desc, 1 limit 1")
    expect_equal "the most common reason" "$(table_of 'Motivos de retorno' | head -n 1 | cut -f 1,2)" "$row"
}

# Cents of a month's deals, from the text as it was copied; what is no amount is told and counted as nothing.
cents_of() { # FIRST-DAY LAST-DAY
    sql "select replace(\"RS NEGOCIADO\", ' ', '') from general_reports where \"DATA_EXECUCAO\" between '$1' and '$2' and \"RS NEGOCIADO\" <> ''" |
        awk '{ sub(/^R\$/, ""); if ($0 !~ /^[0-9.]+,[0-9][0-9]$/) { if ($0 != "NÃOSEI") print "odd: " $0 >"odd"; next }
               gsub(/[.,]/, ""); sum += $0 } END { printf "%d\n", sum }'
}

expect_money() {
    local first last name
    browse receita
    table_of 'Valor negociado por mês' >seen
    while read -r first last name; do
        echo "$name	$(reais "$(cents_of "$first" "$last")")"
    done <<'MONTHS' >expected
2026-10-01 2026-10-31 out/26
2026-05-01 2026-05-31 mai/26
2026-02-01 2026-02-28 fev/26
MONTHS
    [ ! -e odd ] || fail "$(cat odd)"
    grep -Ff expected seen | sort >both
    sort expected | diff - both || fail "the amounts are not those: $(cat seen)"
    expect_figure 'Valores ilegíveis' "$(sql "select count(*) from general_reports where \"RS NEGOCIADO\" = 'NÃO SEI'")"
}

expect_towns() {
    local filter=\"DATA_EXECUCAO\"" between '2026-03-01' and '2026-08-31'" town services inspections
    browse 'territorio?de=2026-03-01&ate=2026-08-31&regional=SUL'
    expect_figure Serviços "$(dotted "$(sql "select count(*) from general_reports where $filter and $SUL")")"
    table_of Municípios | cut -f 1,3,5,6 >seen
    sql "select \"MUNICIPIO\", count(*), sum(case when $INSPECTION then 1 else 0 end),
                sum(case when $INSPECTION and $RECORD then 1 else 0 end)
         from general_reports where $filter and $SUL and \"MUNICIPIO\" <> '' group by 1" |
        while IFS=$'\t' read -r town services inspections records; do
            echo "$town	$services	$inspections	$(percent "$records" "$inspections")"
        done >expected
    [ "$(wc -l <expected)" -gt 10 ] || fail "only $(wc -l <expected) towns"
    LC_ALL=C sort expected >e && LC_ALL=C sort seen >s
    diff e s || fail "the towns are not those"
    expect_equal "the first town" "$(head -n 1 seen | cut -f 2)" "$(cut -f 2 expected | sort -rn | head -n 1)"
}

# The rows that the log has of the last load, and those that cannot be used.
expect_copy() {
    browse pipeline
    expect_figure 'Linhas rejeitadas' "$(sql 'select count(*) from etl_rejects')"
    expect_figure 'Última cópia' 18:30 23/11/2026
    table_of 'Testes de dados' >seen
    grep -qxF "Serviços sem data de execução	$(sql "select count(*) from general_reports where \"DATA_EXECUCAO\" is null")" seen || fail "undated: $(cat seen)"
    grep -qxF "Serviços sem horário	$(sql "select count(*) from general_reports where \"DATA_EXECUCAO\" is not null and
        (\"HORA INICIO SERVICO\" is null or \"HORA FIM SERVICO\" is null)")" seen || fail "without a time: $(cat seen)"
    browse auditoria
    expect_in dom.html 'Colunas mudadas'
}

both_what_chromium_shows_is_what_the_tables_say() {
    load_a_year
    start_pages
    expect_day '' 1=1
    expect_day '&regional=SUL' "$SUL"
    expect_productivity
    expect_returns
    expect_money
    expect_towns
    expect_copy
    stop_pages
}

run_tests_on_both "$@"
