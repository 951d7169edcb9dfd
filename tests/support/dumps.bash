# Cycles, and dumps of the tables with DATA_EXTRACAO, to compare what was loaded with what was rebuilt. Sourced after both.bash.

prepare_dumps() {
    TAB_SQL='char(9)'
    [ -z "${PG_FOLDER:-}" ] || TAB_SQL='chr(9)'
}

# Prints the tables, all columns of the reports with DATA_EXTRACAO, as sorted text.
dump_tables() { # [REPORT…]
    local report columns
    [ $# -gt 0 ] || set -- general_reports return_reports
    for report in "$@"; do
        columns=$(columns_of "$report" | grep -vE "^(_row_key|_row_hash${LEFT_OUT:-})$" | sed 's/.*/coalesce(cast("&" as text), '"'\\\\N'"')/' | paste -sd, | sed 's/,coalesce/ || chr9 || coalesce/g')
        columns=${columns//chr9/"$TAB_SQL"}
        echo "$report $(columns_of "$report" | tr '\n' ' ')"
        sql "select $columns from $report" | sort
    done
}

# The clock of DATA_EXTRACAO has seconds: the exports of two cycles must not be of the same one.
next_second() {
    local now=$EPOCHSECONDS
    until [ "$EPOCHSECONDS" -gt "$now" ]; do read -r -t 0.05 <> <(:); done
}

use_other_database() { # an empty one; `sql` then reads that one
    if [ -n "${PG_FOLDER:-}" ]; then
        pg 'create database rebuilt'
        export PGDATABASE=rebuilt DATABASE_URL="postgres://etl@/rebuilt?host=$PG_FOLDER"
    else
        mv sigos.db original.db
    fi
}

cycle() { # MODE [ARGS]
    next_second
    etl "$@" --today "$TODAY"
    expect_code 0
}
