#!/usr/bin/env bash
# The schedulers of others that start the program (deploy/): are their files right, and do they start it when the program's own
# timetable would? systemd answers for its timers; a line of cron is expanded here, minute by minute.
. "$(dirname "$0")/../support/e2e.bash"

DEPLOY=$ROOT/deploy
ZONE=America/Sao_Paulo

# The program's starts of ten weeks, as seconds since 1970: a file a mode. Sets FIRST and LAST.
program_starts() {
    etl schedule --next 610 --json
    expect_code 0
    for mode in incremental full; do
        sed -n "s/.*\"at\":\"\\([^\"]*\\)\".*\"mode\":\"$mode\".*/\\1/p" out.txt | date -f - +%s >"$mode.program"
    done
    FIRST=$(sort -n ./*.program | head -n 1)
    LAST=$(sort -n ./*.program | tail -n 1)
    expect_equal "Sundays" "$(wc -l <full.program)" 10
}

# expect_starts MODE FILE WHOSE: FILE has exactly the program's starts of the mode.
expect_starts() {
    diff "$1.program" "$2" >difference || {
        sed -n 's/^\([<>]\) /\1 @/p' difference | head -n 3 | while read -r side at; do
            echo "    $([ "$side" = "<" ] && echo missing || echo "too many"): $(TZ=$ZONE date -d "$at" '+%a %F %R')"
        done
        fail "$3 does not start $1 cycles when the program does"
    }
}

# systemd_starts SPECIFICATION: its starts from FIRST to LAST.
systemd_starts() {
    TZ=UTC systemd-analyze calendar --iterations=610 --base-time="$(TZ=UTC date -d "@$((FIRST - 1))" '+%F %T UTC')" "$1" |
        sed -n 's/^ *\(Next elapse\|Iter. #[0-9]*\|Iteration #[0-9]*\): //p' | date -f - +%s | awk -v last="$LAST" '$1 <= last'
}

# cron_starts MINUTE HOUR DAY MONTH WEEKDAY: the minutes from FIRST to LAST that match, in the program's zone.
cron_starts() {
    TZ=$ZONE awk -v first="$FIRST" -v last="$LAST" -v fields="$*" '
        function matches(field, value,    parts, range, i, n) {
            n = split(field, parts, ",")
            for (i = 1; i <= n; i++) {
                if (parts[i] == "*") return 1
                if (split(parts[i], range, "-") == 1) range[2] = range[1]
                if (value >= range[1] + 0 && value <= range[2] + 0) return 1
            }
            return 0
        }
        BEGIN {
            split(fields, field, " ")
            for (at = first; at <= last; at += 60) {
                split(strftime("%M %H %d %m %w", at), now, " ")
                for (i = 1; i <= 5 && matches(field[i], now[i] + 0); i++) continue
                if (i == 6) print at
            }
        }'
}

# The schedule of the CronJob that runs a mode.
cronjob_schedule() { # FILE MODE
    awk -v name="  name: etl-sigos-$2" '$0 == name { found = 1 } found && /^  schedule:/ { gsub(/"/, ""); sub(/^  schedule: */, ""); print; exit }' "$1"
}

cron_line() { # FILE MODE: its five fields
    sed -n "/&& etl-sigos $2 /s/^\\([0-9]\\S* \\S* \\S* \\S* \\S*\\) .*/\\1/p" "$1"
}

# A tree in which systemd finds the units, the program, and the targets that every unit waits for.
units_root() { # FOLDER
    local target
    mkdir -p "$1/etc/systemd/system" "$1/usr/local/bin"
    cp "$DEPLOY"/systemd/etl-sigos@* "$1/etc/systemd/system/"
    printf '#!/bin/sh\n' >"$1/usr/local/bin/etl-sigos"
    chmod +x "$1/usr/local/bin/etl-sigos"
    for target in sysinit basic shutdown timers time-set time-sync network-online system; do
        echo '[Unit]' >"$1/etc/systemd/system/$target.target"
    done
    for target in system system-etl\\x2dsigos -; do
        echo '[Slice]' >"$1/etc/systemd/system/$target.slice"
    done
}

# What systemd says of the units below a root: nothing if all is well.
verify() { # ROOT
    systemd-analyze verify --root="$1" etl-sigos@incremental.timer etl-sigos@full.timer etl-sigos@incremental.service etl-sigos@full.service 2>&1
}

test_the_units_of_systemd_are_right() {
    units_root root
    said=$(verify root)
    expect_equal "what systemd says" "$said" ""
}

test_systemd_finds_a_wrong_word_and_a_missing_program_in_the_units() {
    units_root root
    sed -i 's/^ProtectSystem=/ProtectSistem=/' root/etc/systemd/system/etl-sigos@.service
    verify root >said
    expect_in said "ProtectSistem"
    units_root root
    sed -i 's/^OnCalendar=.*/OnCalendar=Dom *-*-* 10:00/' root/etc/systemd/system/etl-sigos@full.timer
    verify root >said
    expect_in said "Failed to parse calendar specification"
    units_root root
    rm root/usr/local/bin/etl-sigos
    verify root >said
    expect_in said "/usr/local/bin/etl-sigos"
}

test_the_service_of_systemd_is_confined_and_leaves_the_browser_its_sandbox() {
    cp "$DEPLOY/systemd/etl-sigos@.service" .
    systemd-analyze security --offline=yes --no-pager "$PWD/etl-sigos@.service" >said 2>&1
    # systemd's own scale from 0 (nothing can be reached) to 10; 3 and less it calls OK.
    exposure=$(sed -n 's/.*exposure level for [^:]*: \([0-9.]*\) .*/\1/p' said)
    awk -v exposure="${exposure:-10}" 'BEGIN { exit !(exposure <= 3.0) }' || fail "the exposure is ${exposure:-unknown}"
    grep -q '^RestrictNamespaces=.*\<user\>' etl-sigos@.service || fail "Chromium's sandbox needs the namespace of users"
    ! grep -q '^MemoryDenyWriteExecute=yes' etl-sigos@.service || fail "V8 cannot compile"
}

test_the_timers_of_systemd_start_when_the_program_would() {
    program_starts
    for mode in incremental full; do
        systemd_starts "$(sed -n 's/^OnCalendar=//p' "$DEPLOY/systemd/etl-sigos@$mode.timer")" >systemd
        expect_starts "$mode" systemd "etl-sigos@$mode.timer"
    done
}

test_cron_starts_when_the_program_would() {
    program_starts
    for mode in incremental full; do
        # shellcheck disable=SC2046 # five words
        (set -f && cron_starts $(cron_line "$DEPLOY/cron/etl-sigos.cron" "$mode")) >cron
        expect_starts "$mode" cron etl-sigos.cron
    done
    expect_in "$DEPLOY/cron/etl-sigos.cron" "CRON_TZ=$ZONE"
}

test_the_cronjobs_of_kubernetes_start_when_the_program_would() {
    program_starts
    for mode in incremental full; do
        # shellcheck disable=SC2046 # five words
        (set -f && cron_starts $(cronjob_schedule "$DEPLOY/kubernetes/cronjob.yaml" "$mode")) >cron
        expect_starts "$mode" cron cronjob.yaml
    done
    for line in "timeZone: $ZONE" 'concurrencyPolicy: Forbid' 'runAsNonRoot: true' 'readOnlyRootFilesystem: true' 'capabilities: {drop: \[ALL\]}'; do
        expect_equal "CronJobs with $line" "$(grep -c "^ *$line" "$DEPLOY/kubernetes/cronjob.yaml")" 2
    done
}

test_a_start_that_differs_is_found() {
    program_starts
    cron_starts 30 9-17 '*' '*' 1-6 >cron
    (expect_starts incremental cron x) >said && fail "the missing start of 18:30 was not found"
    expect_in said "18:30"
    cron_starts 0 10 '*' '*' 0,6 >cron
    (expect_starts full cron x) >said && fail "a start on Saturday was not found"
    expect_in said "too many: Sat"
}

test_a_start_of_systemd_that_differs_is_found() {
    program_starts
    systemd_starts "Mon..Sat *-*-* 09..18:30:00 America/Manaus" >systemd
    (expect_starts incremental systemd x) >said && fail "a wrong zone was not found"
    expect_in said missing
}

if ! command -v systemd-analyze >/dev/null; then
    for name in $(declare -F | awk '$3 ~ /^test_.*systemd/ { print $3 }'); do
        echo "skip - ${name#test_}: there is no systemd-analyze (Debian package systemd)"
        unset -f "$name"
    done
fi
run_tests "$@"
