#!/usr/bin/env bash
# `etl-sigos check`: finds what is planted, names it and says what to do, and goes on after it.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"

# A day of which the present one is the next has rows.
TODAY=$(TZ=America/Sao_Paulo date +%F)
PLANTED=0 # how many faults were planted and found

# expect_finding CODE TEXT...: check exits with the code, and its output has all the texts. Whatever
# failed, the database is looked at last.
expect_finding() {
    local code=$1 text
    shift
    etl check ${PROFILE:+--profile "$PROFILE"}
    [ "$CODE" = "$code" ] || { cat out.txt log.txt; fail "exit code $CODE, expected $code"; }
    for text in "$@"; do
        grep -qF -- "$text" out.txt log.txt || { cat out.txt log.txt; fail "check does not say: $text"; }
    done
    ! grep -qF -- "$CANARY" out.txt log.txt || fail "the password is shown"
    PLANTED=$((PLANTED + 1))
}

test_a_healthy_system_has_only_good_lines() {
    start_portal
    etl check
    expect_code 0
    ! grep -qvE '^(ok |note     /dev/shm)' out.txt || fail "$(grep -v '^ok ' out.txt)"
    expect_in out.txt 'ok       browser: /'
    grep -qE '^ok       general_reports: the page is as the profile says: [0-9]+ steps, each by its first locator$' out.txt || fail "$(cat out.txt)"
    [ ! -s log.txt ] || fail "$(cat log.txt)"
    expect_in out.txt 'login: maria is let in at http://127.0.0.1:'
    grep -qE '^ok       general_reports: general_reports_.*\.csv: [0-9]+ bytes, [1-9][0-9]* records$' out.txt || fail "$(cat out.txt)"
    grep -qE '^ok       return_reports: .* records$' out.txt || fail "$(cat out.txt)"
    expect_equal "rows" "$(sql 'select count(*) from general_reports')" 0
    etl check --json
    expect_code 0
    ! grep -qvE '^\{"state":"(ok|note)","what":"[^"]*","found":".*"\}$' out.txt || fail "$(cat out.txt)"
}

test_settings_are_shown_with_their_origin_and_secrets_are_masked() {
    echo geheim1 >password
    cat >my.env <<'END'
SIGOS_USUARIO=from-file
SIGOS_SENHA_FILE=password
DATABASE_URL=postgres://me:geheim2@127.0.0.1:1/db
LOG_LEVEL=error
END
    chmod 600 my.env
    unset SIGOS_USUARIO SIGOS_SENHA LOG_FORMAT
    SIGOS_JOBS=2 etl check --offline --env-file my.env
    expect_code 7
    expect_in out.txt 'SIGOS_USUARIO = from-file (my.env)'
    expect_in out.txt 'SIGOS_SENHA = ******** (file password, named in my.env)'
    expect_in out.txt 'SIGOS_JOBS = 2 (environment)'
    expect_in out.txt 'SIGOS_MODE = auto (profile)'
    expect_in out.txt 'HEADLESS = true (default)'
    grep -qE 'DATABASE_URL = postgres.*127\.0\.0\.1:1/db.* \(my\.env\)' out.txt || fail "$(cat out.txt)"
    ! grep -q geheim out.txt log.txt || fail "a secret is shown"
}

test_of_fifteen_planted_faults_each_is_found_and_named() {
    local good
    start_portal
    good=$SIGOS_URL

    # credentials and address
    SIGOS_SENHA='' expect_finding 2 'FAILED   portal: no credentials for the portal: set SIGOS_SENHA' 'ok       database'
    SIGOS_SENHA=falsch expect_finding 6 'FAILED   portal: login: the portal refuses: Usuário ou senha inválidos.' 'ok       database'
    SIGOS_URL=http://127.0.0.1:9/ expect_finding 6 'FAILED   portal:' 'net::ERR_'
    SIGOS_URL=http://no-such-host.invalid/ expect_finding 6 'FAILED   portal:' 'net::ERR_NAME_NOT_RESOLVED'

    # the browser
    CHROME_BIN=/nowhere/chrome expect_finding 2 'CHROME_BIN: cannot run /nowhere/chrome'

    # the portal
    ask_portal POST '/_sim/fault?spec=http503' >/dev/null
    expect_finding 6 'FAILED   general_reports:' 'the portal answered HTTP 503'
    ask_portal POST '/_sim/fault/clear' >/dev/null
    ask_portal POST '/_sim/fault?spec=captcha' >/dev/null
    expect_finding 6 'FAILED   portal:' 'captcha'
    ask_portal POST '/_sim/fault/clear' >/dev/null
    ask_portal POST '/_sim/fault?spec=layout' >/dev/null
    expect_finding 0 'the page has changed: #btn-salvar-form is not there, and its alternative 2' 'write the new locator into the profile'
    ask_portal POST '/_sim/fault/clear' >/dev/null
    ask_portal POST '/_sim/fault?spec=renamed:name=TOI,to=Termo@report=general' >/dev/null
    expect_finding 1 'FAILED   general_reports:' 'TOI' 'ok       return_reports'
    ask_portal POST '/_sim/fault/clear' >/dev/null
    ask_portal POST '/_sim/fault?spec=html' >/dev/null
    expect_finding 1 'FAILED   general_reports:' 'FAILED   return_reports:'
    ask_portal POST '/_sim/fault/clear' >/dev/null

    # settings and machine
    echo "SIGOS_URL=$good" >.env
    chmod 644 .env
    expect_finding 0 'warning  settings: .env holds secrets and every user of this machine can read it' 'chmod 600 .env'
    rm .env
    touch not-a-folder
    EVIDENCE_DIR=$PWD/not-a-folder expect_finding 0 'warning  evidence: no picture of a failure can be kept'
    TMPDIR=$PWD/nowhere expect_finding 1 'FAILED   temporary files:' 'nowhere'
    TZDIR=$PWD expect_finding 2 'time zone America/Sao_Paulo: no data'

    # the profile: a locator that is nowhere
    cp -r "$ROOT/profiles/sigos" profile
    sed -i 's/#btn-salvar-form/#no-such-button/; s/"Exportar"/"Nirgends"/' profile/general_reports.yaml
    sed -i 's/^  element: .*/  element: 1/' profile/portal.yaml
    PROFILE=profile expect_finding 6 'FAILED   general_reports:' '#no-such-button' 'ok       return_reports'

    # the database
    DATABASE_URL=sqlite:$PWD/nowhere/x.db expect_finding 7 'FAILED   database:' 'ok       login:'
    DATABASE_URL='postgres://etl@127.0.0.1:9/x' expect_finding 7 'FAILED   database:' '127.0.0.1:9'
    echo "$PLANTED faults planted and found"
    [ "$PLANTED" -ge 15 ] || fail "only $PLANTED faults were planted"
}

test_of_a_postgres_it_finds_rights_row_security_and_an_old_program() {
    start_portal
    start_postgres
    etl check --offline
    expect_code 0
    expect_in out.txt 'have no row level security'
    pg "create role writer login; grant usage, create on schema public to writer;
        grant select, insert, update, delete on all tables in schema public to writer;
        revoke insert on general_reports from writer"
    DATABASE_URL=${DATABASE_URL/etl@/writer@} etl check --offline
    expect_in out.txt 'this role, writer, may not read and write public.general_reports'
    expect_in out.txt 'GRANT SELECT, INSERT, UPDATE, DELETE ON public.general_reports TO writer;'
    pg "update etl_migrations set version = version + 100 where version = (select max(version) from etl_migrations)"
    etl check --offline
    expect_code 7
    expect_in out.txt 'FAILED   database:'
}

# A container forbids what the browser's sandbox needs, and the browser says so and ends. The browser of
# this test does the same, and is the real one without it.
test_a_browser_without_a_sandbox_runs_with_a_warning_unless_one_is_demanded() {
    local real=/usr/lib/chromium/chromium-headless-shell
    start_portal
    cat >browser <<END
#!/bin/sh
case " \$* " in
*" --no-sandbox "*) exec $real "\$@" ;;
esac
echo '[FATAL:zygote_host_impl_linux.cc] No usable sandbox!' >&2
exit 1
END
    chmod 755 browser . # for the other user
    [ "$(id -u)" != 0 ] || chown -R nobody: .
    as_nobody() {
        if [ "$(id -u)" = 0 ]; then
            HOME=$PWD setpriv --reuid nobody --clear-groups "$@"
        else
            "$@"
        fi >out.txt 2>log.txt
        CODE=$?
    }
    CHROME_BIN=$PWD/browser LOG_LEVEL=warn as_nobody "$ETL" check
    expect_code 0
    expect_equal "warnings" "$(grep -c '"event":"browser.unsandboxed"' log.txt)" 1
    expect_in log.txt 'forbids user namespaces'
    CHROME_BIN=$PWD/browser as_nobody "$ETL" incremental --today "$TODAY"
    expect_code 0
    CHROME_BIN=$PWD/browser BROWSER_SANDBOX=on as_nobody "$ETL" check
    expect_code 1
    expect_in out.txt 'finds no sandbox: this machine or container forbids user namespaces or chroot; allow them (deploy/seccomp.json), or set BROWSER_SANDBOX=off'
    CHROME_BIN=$PWD/browser BROWSER_SANDBOX=off as_nobody "$ETL" check
    expect_code 0
    [ ! -s log.txt ] || fail "$(cat log.txt)"
    [ "$(id -u)" != 0 ] || {
        BROWSER_SANDBOX=on etl check
        expect_code 2
        expect_in out.txt 'the browser has no sandbox for root'
    }
}

run_tests "$@"
