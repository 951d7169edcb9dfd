#!/usr/bin/env bash
# The bronze archive in a bucket: what arrives there, what a failure leaves, and that the tables come back from it alone.
#
# The bucket is tests/e2e/bucket_server.c, or what BUCKET_SERVER starts (tests/s3/run): it serves the bucket from the
# files FOLDER/BUCKET/KEY$BUCKET_SUFFIX, prints where it listens, and heeds FOLDER.busy and FOLDER.hang.
. "$(dirname "$0")/../support/e2e.bash"
. "$(dirname "$0")/../support/postgres.bash"
. "$(dirname "$0")/../support/both.bash"
. "$(dirname "$0")/../support/dumps.bash"

SECRET=segredo-do-balde-4471+/x TOKEN=ficha-do-balde-9913+/==
PREFIX="sigos/it's_a-*(1)!"

start_bucket() { # the address is new each time
    local line
    [ -n "${BUCKET_SERVER:-}" ] || [ -x "$BUILD/bucket_server" ] ||
        make -s -C "$ROOT" VARIANT="${VARIANT:-release}" "build/${VARIANT:-release}/bucket_server"
    mkdir -p store/etl-bronze
    # shellcheck disable=SC2086 # a command and its words
    exec {bucket_out}< <(S3_KEY_ID=CHAVE S3_SECRET=$SECRET S3_TOKEN=$TOKEN S3_REGION=sa-east-1 \
        exec ${BUCKET_SERVER:-"$BUILD/bucket_server"} "$PWD/store")
    BUCKET_PID=$!
    IFS= read -r -t 20 line <&"$bucket_out" || fail "the bucket's server did not start"
    export BRONZE_S3_ENDPOINT=${line#listening }
}

stop_bucket() {
    kill "$BUCKET_PID"
    wait "$BUCKET_PID" 2>/dev/null
    exec {bucket_out}<&-
}

# e2e.bash stops this one at the end of each test.
stop_receiver() {
    [ -z "${BUCKET_PID:-}" ] || kill "$BUCKET_PID" 2>/dev/null
}

prepare() {
    prepare_dumps
    start_bucket
    export BRONZE_DIR=$PWD/bronze BRONZE_S3_BUCKET=etl-bronze BRONZE_S3_PREFIX="/$PREFIX/" BRONZE_S3_REGION=sa-east-1
    export AWS_ACCESS_KEY_ID=CHAVE AWS_SECRET_ACCESS_KEY=$SECRET AWS_SESSION_TOKEN=$TOKEN
}

object() { # PATH: the file that holds the object
    echo "store/etl-bronze/$PREFIX/$1${BUCKET_SUFFIX:-}"
}

sent_files() {
    find store -name "*.zst${BUCKET_SUFFIX:-}" | wc -l
}

# The bucket has each file of the folder, and the manifest, byte for byte.
expect_copied() {
    local file count=0
    while IFS= read -r file; do
        cmp "bronze/$file" "$(object "$file")" || fail "$file did not arrive as it is"
        count=$((count + 1))
    done < <(cd bronze && find . -name '*.zst' -printf '%P\n')
    [ "$count" -gt 0 ] || fail "the folder has no file"
    expect_equal "files in the bucket" "$(sent_files)" "$count"
    # shellcheck disable=SC2046 # the names of runs have no blanks, and the prefix is quoted by find
    find "store/etl-bronze/$PREFIX/manifest" -name "*.jsonl${BUCKET_SUFFIX:-}" -print0 | sort -z | xargs -0 cat >lines.txt
    cmp bronze/manifest.jsonl lines.txt || fail "the bucket's manifest is another"
}

load_file() { # NUMBER: another export each time
    general_file relatorio_prot_geral.csv $((10 + $1))
    touch -d "2026-11-01T10:00:0${1}Z" relatorio_prot_geral.csv
    etl load relatorio_prot_geral.csv
    expect_code 0
}

both_tables_come_back_from_the_bucket_alone_byte_for_byte() {
    prepare
    start_portal
    cycle full
    expect_copied
    audit 1
    cycle incremental
    # A container that starts with nothing, and ends with it.
    mv bronze first_container
    audit 2
    cycle incremental
    [ -e bronze/manifest.jsonl ] || fail "the new container keeps nothing"
    ! grep -q 'bronze\.' log.txt || fail "$(grep 'bronze\.' log.txt)"
    dump_tables >original.txt
    use_other_database
    stop_portal
    unset SIGOS_URL
    rm -r bronze first_container
    CHROME_BIN=/nowhere etl load --bronze # the folder is empty, so it is the bucket
    expect_code 0
    [ ! -e bronze ] || fail "the folder was made"
    dump_tables >rebuilt.txt
    [ "$(wc -l <rebuilt.txt)" -gt 500 ] || fail "only $(wc -l <rebuilt.txt) lines were dumped"
    cmp original.txt rebuilt.txt || fail "the tables differ"
    expect_equal "what is left of the fetched files" "$(find "$TMPDIR" -maxdepth 1 -name 'etl-sigos-b*')" ''
}

test_a_server_that_is_away_fails_no_run_and_the_next_one_sends() {
    use_sqlite && prepare
    load_file 1
    expect_copied
    stop_bucket
    load_file 2
    expect_equal "warnings" "$(grep -c '"event":"bronze.not_sent"' log.txt)" 1
    expect_in log.txt '"exports":1'
    expect_in out.txt 'the bucket of the bronze archive lacks 1 export, which the next run sends'
    etl load relatorio_prot_geral.csv --json
    expect_in out.txt '"not_sent":2'
    start_bucket
    # The address is another one, so nothing is believed to be there: what is there is not sent again.
    load_file 3
    expect_copied
    expect_equal "files that were sent twice" "$(grep 'PUT .*zst 200' store.log | sort | uniq -d)" ''
    # A run that keeps nothing new has nothing to send.
    : >store.log
    load_file 3
    expect_equal "what was sent" "$(grep -c '^PUT .*zst' store.log)" 0
    expect_copied
}

test_a_server_that_is_busy_is_asked_again() {
    use_sqlite && prepare
    : >store.busy
    general_file relatorio_prot_geral.csv 12
    "$ETL" load relatorio_prot_geral.csv >out.txt 2>log.txt &
    pid=$!
    SECONDS=0
    until grep -q '"event":"retry"' log.txt; do
        [ "$SECONDS" -lt 30 ] || fail "it is not asked again"
    done
    rm store.busy
    wait "$pid" || fail "exit code $?"
    expect_in log.txt 'HTTP 503'
    expect_copied
}

test_a_kill_before_the_upload_is_made_good_by_the_next_run() {
    use_sqlite && prepare
    load_file 1
    : >store.hang
    general_file relatorio_prot_geral.csv 12
    "$ETL" load relatorio_prot_geral.csv >out.txt 2>log.txt &
    pid=$!
    SECONDS=0
    until grep -q '^PUT .* 0$' store.log; do
        [ "$SECONDS" -lt 30 ] || fail "nothing is sent"
    done
    expect_equal "files in the folder" "$(find bronze -name '*.zst' | wc -l)" 2
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    expect_equal "files in the bucket" "$(sent_files)" 1
    rm store.hang
    load_file 3
    expect_copied
}

test_a_note_that_is_lost_or_false_loses_nothing() {
    use_sqlite && prepare
    load_file 1
    load_file 2
    rm bronze/sent
    load_file 3
    expect_copied
    # A person takes a line out of the manifest: the count of the note is one too high then.
    printf 'nonsense' >bronze/sent
    load_file 4
    expect_copied
    sed -i 1d bronze/manifest.jsonl
    load_file 5
    expect_equal "the lines in the bucket" "$(cat "store/etl-bronze/$PREFIX/manifest/"*.jsonl"${BUCKET_SUFFIX:-}" | wc -l)" 5
}

test_what_grew_old_in_the_folder_stays_in_the_bucket() {
    use_sqlite && prepare
    for day in 1 2 3; do
        general_file relatorio_prot_geral.csv $((100 + day))
        touch -d "2026-11-0${day}T10:00:00Z" relatorio_prot_geral.csv
        etl load relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
        expect_code 0
    done
    stop_bucket
    BRONZE_KEEP_DAYS=1 etl load relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
    expect_equal "files in the folder while the bucket lacks some" "$(find bronze -name '*.zst' | wc -l)" 3
    start_bucket
    BRONZE_KEEP_DAYS=1 etl load relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
    expect_code 0
    expect_in log.txt '"event":"bronze.expired"'
    [ "$(find bronze -name '*.zst' | wc -l)" -lt 3 ] || fail "nothing was removed from the folder"
    expect_equal "files in the bucket" "$(sent_files)" 3
    # Also after the note is lost: the lines of what the folder lacks are there.
    rm bronze/sent
    etl load relatorio_prot_geral.csv --from 2025-03-01 --to 2025-03-31
    prepare_dumps
    dump_tables general_reports >original.txt
    use_other_database
    etl load --bronze s3 --report general
    expect_code 0
    dump_tables general_reports >rebuilt.txt
    expect_equal "the rows, below the columns" "$(wc -l <rebuilt.txt)" 104
    cmp original.txt rebuilt.txt || fail "the tables differ"
}

test_a_missing_or_changed_object_is_named() {
    use_sqlite && prepare
    load_file 1
    mv sigos.db original.db
    path=$(cd bronze && find . -name '*.zst' -printf '%P\n')
    file=$(object "$path")
    cp "$file" whole
    printf 'x' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") / 2)) conv=notrunc status=none
    etl load --bronze s3
    expect_code 1
    expect_in out.txt "s3://etl-bronze/$PREFIX/$path: "
    expect_in out.txt 'put the file back from a copy of the archive'
    expect_equal "rows" "$(sql 'select count(*) from general_reports')" 0
    rm "$file"
    etl load --bronze s3
    expect_code 1
    expect_in out.txt "s3://etl-bronze/$PREFIX/$path: HTTP 404"
    cat whole whole >"$file"
    etl load --bronze s3
    expect_code 1
    expect_in out.txt "s3://etl-bronze/$PREFIX/$path: it is larger than it should be"
    cp whole "$file"
    etl load --bronze s3
    expect_code 0
}

test_wrong_keys_and_settings_are_told_clearly() {
    use_sqlite && prepare
    general_file relatorio_prot_geral.csv 12
    AWS_SECRET_ACCESS_KEY=errado etl load relatorio_prot_geral.csv
    expect_code 0
    expect_in log.txt "HTTP 403 SignatureDoesNotMatch: SignatureDoesNotMatch, it's so"
    expect_in log.txt 'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
    AWS_ACCESS_KEY_ID=OUTRA etl load --bronze s3
    expect_code 1
    expect_in out.txt 'InvalidAccessKeyId'
    BRONZE_S3_REGION=us-east-2 etl load --bronze s3
    expect_in out.txt 'check BRONZE_S3_REGION'
    etl load --bronze s3
    expect_code 1
    expect_in out.txt 'there is no archive; check BRONZE_S3_BUCKET and BRONZE_S3_PREFIX'
    AWS_SECRET_ACCESS_KEY='' etl load --bronze s3
    expect_code 2
    expect_in log.txt 'AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not'
    BRONZE_DIR='' etl load relatorio_prot_geral.csv
    expect_code 2
    expect_in log.txt 'BRONZE_S3_BUCKET needs BRONZE_DIR'
    BRONZE_S3_BUCKET='' etl load --bronze s3
    expect_code 2
    expect_in log.txt '--bronze s3 needs BRONZE_S3_BUCKET'
    stop_bucket
    etl load --bronze s3
    expect_code 1
    expect_in out.txt 'Failed to connect'
}

# The secret may come from a file. Neither it nor the token is in what the program writes, sends or shows.
test_no_secret_is_written_sent_or_shown() {
    use_sqlite && prepare
    printf '%s\n' "$SECRET" >"$TMPDIR.secret"
    unset AWS_SECRET_ACCESS_KEY
    export AWS_SECRET_ACCESS_KEY_FILE=$TMPDIR.secret LOG_LEVEL=debug LOG_FILE=$PWD/etl.log
    load_file 1
    expect_copied
    etl check --offline
    AWS_SESSION_TOKEN=$TOKEN-errado etl load relatorio_prot_geral.csv
    etl load --bronze s3
    unset AWS_SECRET_ACCESS_KEY_FILE
    export AWS_SECRET_ACCESS_KEY=$SECRET
    : >store.hang
    general_file relatorio_prot_geral.csv 15
    "$ETL" load relatorio_prot_geral.csv >out2.txt 2>log2.txt &
    pid=$!
    SECONDS=0
    until grep -q '^PUT .* 0$' store.log; do
        [ "$SECONDS" -lt 30 ] || fail "nothing is sent"
    done
    for canary in "$SECRET" "$TOKEN"; do
        ! grep -qaF -- "$canary" "/proc/$pid/environ" "/proc/$pid/cmdline" || fail "the process shows $canary"
    done
    kill -TERM "$pid"
    wait "$pid"
    expect_equal "exit code of the run, which had loaded all" $? 0
    expect_in log2.txt '"event":"bronze.not_sent"'
    rm -f "$TMPDIR.secret"
    for canary in "$SECRET" "$TOKEN"; do
        ! grep -rlaF -- "$canary" . || fail "$canary is in a file"
    done
}

run_tests_on_both "$@"
