#!/usr/bin/env bash
# deploy/aws.sh, against an aws and a docker that only write down what they are asked and answer as the real ones do.
. "$(dirname "$0")/../support/e2e.bash"

TOKEN='t0ken-canario' # the password of ECR: in no argument and no output
ADDRESS=111122223333.dkr.ecr.sa-east-1.amazonaws.com
FIRST=('SubnetIds=subnet-1,subnet-2' SecurityGroupIds=sg-1
    PortalSecretArn=arn:aws:secretsmanager:sa-east-1:111122223333:secret:portal-AbCdEf
    DatabaseSecretArn=arn:aws:secretsmanager:sa-east-1:111122223333:secret:database-AbCdEf)

# A folder with what aws.sh needs, and an aws, a docker and a git in front of all others.
prepare() {
    mkdir -p repo/deploy bin
    cp -r "$ROOT/deploy/aws.sh" "$ROOT/deploy/aws" repo/deploy/
    echo 'FROM scratch' >repo/deploy/Dockerfile
    COMMIT=0123456789ab
    IMAGE=$ADDRESS/etl-sigos:$COMMIT-x86_64
    export PLACE=$PWD TOKEN PATH=$PWD/bin:$PATH
    unset AWS_REGION AWS_DEFAULT_REGION
    cat >bin/aws <<'END'
#!/usr/bin/env bash
# Answers for an account in which $PLACE/stack and $PLACE/image say what there is.
echo "aws $*" >>"$PLACE/asked"
case "$*" in
*"configure get region"*) [ ! -e "$PLACE/region" ] || cat "$PLACE/region" ;;
*"sts get-caller-identity"*)
    [ ! -e "$PLACE/stranger" ] || { echo 'Unable to locate credentials' >&2; exit 253; }
    echo 111122223333
    ;;
*describe-stacks*ScheduleState*) cat "$PLACE/stack" ;;
*describe-stacks*)
    [ ! -e "$PLACE/denied" ] || { echo 'An error occurred (AccessDenied)' >&2; exit 254; }
    [ -e "$PLACE/stack" ] || { echo 'An error occurred (ValidationError): Stack with id etl-sigos does not exist' >&2; exit 254; }
    ;;
*"cloudformation deploy"*)
    [ ! -e "$PLACE/no-deploy" ] || { echo 'Failed to create/update the stack' >&2; exit 255; }
    [[ $* != *ScheduleState=DISABLED* ]] || echo DISABLED >"$PLACE/stack"
    [[ $* != *ScheduleState=ENABLED* ]] || echo ENABLED >"$PLACE/stack"
    ;;
*describe-images*) [ -e "$PLACE/image" ] || { echo 'An error occurred (ImageNotFoundException)' >&2; exit 254; } ;;
*get-login-password*) echo "$TOKEN" ;;
*) echo "aws: not expected: $*" >&2; exit 2 ;;
esac
END
    # The commit, and what is not committed: a machine that tests need not have git.
    cat >bin/git <<END
#!/bin/sh
case \$1 in
rev-parse) echo $COMMIT ;;
status) cat "$PWD/changes" 2>/dev/null ;;
esac
END
    cat >bin/docker <<'END'
#!/usr/bin/env bash
[ "$1" != login ] || cat >"$PLACE/token" # first, because both ends of a pipe run at a time
echo "${0##*/} $*" >>"$PLACE/asked"
case $1 in
build | bud) [ ! -e "$PLACE/no-build" ] || { echo 'no space left on device' >&2; exit 1; } ;;
esac
END
    chmod +x bin/*
    : >asked
}

deploy() {
    repo/deploy/aws.sh "$@" >out.txt 2>log.txt
    CODE=$?
}

# What was asked, in short: the verbs, in their order.
order() {
    sed -E -e 's/^aws --region sa-east-1 /aws /' -e 's/^aws (configure|sts|cloudformation|ecr) ([a-z-]+).*/\2/' \
        -e 's/^(docker|podman|buildah) ([a-z]+).*/\1 \2/' asked | tr '\n' ' '
}

test_the_first_time_the_stack_is_made_with_its_schedules_off_and_they_start_when_there_is_an_image() {
    prepare
    deploy --region sa-east-1 "${FIRST[@]}"
    expect_code 0
    expect_equal "the order" "$(order)" "get-caller-identity describe-stacks deploy describe-images docker build get-login-password docker login docker push deploy describe-stacks describe-stacks "
    expect_equal "the states" "$(grep -o 'ScheduleState=[A-Z]*' asked | tr '\n' ' ')" "ScheduleState=DISABLED ScheduleState=ENABLED "
    expect_in asked "docker build --platform linux/amd64 --target etl-sigos --file deploy/Dockerfile --tag $IMAGE ."
    expect_in asked "docker push $IMAGE"
    expect_in asked "--capabilities CAPABILITY_IAM"
    for parameter in "${FIRST[@]}" CpuArchitecture=X86_64 "ImageTag=$COMMIT-x86_64"; do
        expect_equal "deployments that say $parameter" "$(grep -cF -- " $parameter" asked)" 2
    done
    expect_equal "calls without a region" "$(grep -c '^aws [^-]' asked)" 0
}

test_the_password_of_ecr_goes_through_a_pipe_only() {
    prepare
    deploy --region sa-east-1 "${FIRST[@]}"
    expect_equal "what docker login read" "$(cat token)" "$TOKEN"
    expect_in asked "docker login --username AWS --password-stdin $ADDRESS"
    ! grep -qF "$TOKEN" asked out.txt log.txt || fail "the password is in an argument or in the output"
}

test_later_deployments_keep_parameters_and_a_pause() {
    prepare
    echo DISABLED >stack
    deploy --region sa-east-1 --arch ARM64 Memory=2048
    expect_code 0
    expect_equal "the order" "$(order)" "get-caller-identity describe-stacks describe-images docker build get-login-password docker login docker push deploy describe-stacks describe-stacks "
    expect_in asked "--parameter-overrides Memory=2048 CpuArchitecture=ARM64 ImageTag=$COMMIT-arm64"
    expect_in asked "--platform linux/arm64"
    ! grep -q 'ScheduleState=' <(grep ' deploy ' asked) || fail "the pause was ended"
    expect_in log.txt "the schedules are off"
}

test_an_image_that_is_there_is_not_built_again() {
    prepare
    echo ENABLED >stack
    : >image
    deploy --region sa-east-1
    expect_code 0
    expect_equal "the order" "$(order)" "get-caller-identity describe-stacks describe-images deploy describe-stacks describe-stacks "
    expect_in log.txt "nothing is built"
}

test_buildah_and_podman_build_as_well() {
    prepare
    mv bin/docker bin/buildah
    ln -s buildah bin/podman
    echo ENABLED >stack
    deploy --region sa-east-1 --engine buildah
    expect_code 0
    expect_in asked "buildah bud --format docker --platform linux/amd64"
    expect_in asked "buildah login --username AWS --password-stdin $ADDRESS"
    deploy --region sa-east-1 --engine podman
    expect_in asked "podman build --platform linux/amd64"
}

test_a_dry_run_prints_every_command_and_runs_none() {
    prepare
    echo ' M deploy/Dockerfile' >changes # it does not mind what is not committed
    deploy --dry-run --region sa-east-1 "${FIRST[@]}"
    expect_code 0
    expect_equal "commands that ran" "$(cat asked)" ""
    # Run for real, the same commands come in the same order; only what was asked for is not known in advance.
    grep -v '^#' out.txt | sed -e 's/ | /\n/' -e 's/ACCOUNT/111122223333/g' | sed 's/\\//g' >printed
    rm changes
    deploy --region sa-east-1 "${FIRST[@]}"
    expect_code 0
    diff printed <(sed 's/\\//g' asked) >difference || { cat difference; fail "it prints other commands than it runs"; }
}

test_errors_say_what_to_do_and_nothing_is_deployed() {
    prepare
    deploy "${FIRST[@]}"
    expect_code 1
    expect_in log.txt "no region: say --region"
    deploy --region sa-east-1 SubnetIds=subnet-1
    expect_code 1
    expect_in log.txt "the first deployment needs SecurityGroupIds=…"
    deploy --region sa-east-1 Memroy=2048
    expect_in log.txt "the template has no parameter Memroy"
    deploy --region sa-east-1 ImageTag=x
    expect_in log.txt "ImageTag is set by --tag"
    deploy --region sa-east-1 --arch sparc
    expect_in log.txt "--arch is X86_64 or ARM64, not sparc"
    deploy --region sa-east-1 --engine tar
    expect_in log.txt "--engine is docker, podman or buildah, not tar"
    : >denied
    deploy --region sa-east-1 "${FIRST[@]}"
    expect_in log.txt "the stack etl-sigos cannot be looked at: An error occurred (AccessDenied)"
    rm denied
    : >stranger
    deploy --region sa-east-1 "${FIRST[@]}"
    expect_in log.txt "no valid credentials"
    rm stranger
    echo ' M deploy/Dockerfile' >changes
    deploy --region sa-east-1 "${FIRST[@]}"
    expect_in log.txt "there are changes that are not committed"
    ! grep -q ' deploy ' asked || fail "something was deployed"
}

test_a_step_that_fails_ends_it() {
    prepare
    echo ENABLED >stack
    : >no-build
    deploy --region sa-east-1
    expect_code 1
    expect_in log.txt "building $IMAGE failed"
    ! grep -qE ' (push|deploy) ' asked || fail "it went on"
    rm no-build
    : >no-deploy
    deploy --region sa-east-1
    expect_code 1
    expect_in log.txt "deploying the stack etl-sigos failed"
}

run_tests "$@"
