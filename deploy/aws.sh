#!/usr/bin/env bash
# Builds the image, pushes it to ECR and deploys deploy/aws/etl-sigos.yaml. docs/aws.md says what must be there before.
#
#     deploy/aws.sh [OPTION…] [PARAMETER=VALUE…]
#
# The parameters are those of the template. The first deployment needs SubnetIds, SecurityGroupIds, PortalSecretArn and
# DatabaseSecretArn; later ones keep what was said before. No secret is a parameter: the secrets are in Secrets Manager, and
# the password of ECR goes from one program to the other through a pipe.
#
#   --dry-run           print the commands, run none
#   --stack NAME        the name of stack, cluster, repository and schedules (default: etl-sigos)
#   --region REGION     default: AWS_REGION, AWS_DEFAULT_REGION, or the region of the AWS CLI's profile
#   --arch ARCH         X86_64 (default) or ARM64: for which processor is built, and on which the task runs
#   --engine COMMAND    docker, podman or buildah (default: the first that is there)
#   --tag TAG           the image's tag (default: the commit and the processor; then nothing may be uncommitted)
set -euo pipefail
cd "$(dirname "$0")/.."

template=deploy/aws/etl-sigos.yaml
dockerfile=deploy/Dockerfile

fail() {
    echo "aws.sh: $*" >&2
    exit 1
}

usage() {
    sed -n '2,/^set /{s/^# \{0,1\}//;/^set /d;p}' "$0"
}

# --- what is asked for -----------------------------------------------------------------------------------

dry_run='' stack=etl-sigos region=${AWS_REGION:-${AWS_DEFAULT_REGION:-}} arch=X86_64 engine='' tag='' schedules='' parameters=()

known=$(sed -n '/^Parameters:/,/^Rules:/s/^  \([A-Za-z]*\):$/\1/p' "$template" | tr '\n' ' ')

# A parameter that the template does not have is refused here, because CloudFormation would ignore the word.
take_parameter() { # NAME=VALUE
    case ${1%%=*} in
    ScheduleState)
        schedules=${1#*=}
        return
        ;;
    ImageTag) fail "ImageTag is set by --tag" ;;
    CpuArchitecture) fail "CpuArchitecture is set by --arch" ;;
    esac
    [[ " $known " == *" ${1%%=*} "* ]] ||
        fail "the template has no parameter ${1%%=*}; see Parameters in $template"
    parameters+=("$1")
}

while [ $# -gt 0 ]; do
    case $1 in
    --dry-run) dry_run=1 ;;
    --stack | --region | --arch | --engine | --tag)
        [ $# -gt 1 ] || fail "$1 needs a value"
        declare "${1#--}=$2"
        shift
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    [A-Za-z]*=*) take_parameter "$1" ;;
    *) fail "unknown: $1 (--help explains)" ;;
    esac
    shift
done

# --- what must be there ------------------------------------------------------------------------------------

case $arch in
X86_64) platform=linux/amd64 ;;
ARM64) platform=linux/arm64 ;;
*) fail "--arch is X86_64 or ARM64, not $arch" ;;
esac

if [ -z "$engine" ]; then
    for candidate in docker podman buildah; do
        if command -v "$candidate" >/dev/null; then
            engine=$candidate
            break
        fi
    done
    [ -n "$engine" ] || [ -n "$dry_run" ] || fail "nothing here builds images: install docker, podman or buildah"
    engine=${engine:-docker}
fi
case ${engine##*/} in
docker | podman | buildah) ;;
*) fail "--engine is docker, podman or buildah, not $engine" ;;
esac

[ -n "$dry_run" ] || [ -e "$dockerfile" ] || fail "there is no $dockerfile to build"
[ -n "$dry_run" ] || command -v aws >/dev/null || fail "there is no AWS CLI: https://docs.aws.amazon.com/cli/"
[ -n "$dry_run" ] || command -v "$engine" >/dev/null || fail "there is no $engine"

if [ -z "$tag" ]; then
    commit=$(git rev-parse --short=12 HEAD 2>/dev/null) || fail "this is no git repository: name the image with --tag"
    # A tag says what is in the image, and is never given a second time.
    [ -n "$dry_run" ] || [ -z "$(git status --porcelain 2>/dev/null)" ] ||
        fail "there are changes that are not committed: commit them, or name the image with --tag"
    tag=$commit-${arch,,}
fi

# --- commands -----------------------------------------------------------------------------------------------

show() {
    local words
    printf -v words '%q ' "$@"
    printf '%s\n' "${words% }"
}

note() {
    if [ -n "$dry_run" ]; then echo "# $*"; else echo "aws.sh: $*" >&2; fi
}

# run WHAT-IT-IS-FOR COMMAND…: ends the script with these words if the command fails.
run() {
    local what=$1
    shift
    if [ -n "$dry_run" ]; then
        show "$@"
        return
    fi
    echo "aws.sh: $what" >&2
    "$@" || fail "$what failed: ${1##*/} says why above"
}

aws_here() { # its region said each time, so that nothing goes where the profile of the day points
    aws --region "$region" "$@"
}

# deploy PARAMETER…: what is not named keeps its value.
deploy() {
    # CAPABILITY_IAM: the template makes roles, without names of their own.
    run "deploying the stack $stack" aws --region "$region" cloudformation deploy --stack-name "$stack" \
        --template-file "$template" --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
        --parameter-overrides "$@"
}

log_in() {
    note "logging in to $registry"
    if [ -n "$dry_run" ]; then
        echo "$(show aws --region "$region" ecr get-login-password) | $(show "$engine" login --username AWS --password-stdin "$registry")"
        return
    fi
    aws_here ecr get-login-password | "$engine" login --username AWS --password-stdin "$registry" >/dev/null ||
        fail "logging in to $registry failed: $engine or aws says why above"
}

build_and_push() {
    local build=(build)
    [ "${engine##*/}" != buildah ] || build=(bud --format docker)
    run "building $image" "$engine" "${build[@]}" --platform "$platform" --target etl-sigos --file "$dockerfile" --tag "$image" .
    log_in
    run "pushing $image" "$engine" push "$image"
}

# --- the order ----------------------------------------------------------------------------------------------

if [ -n "$dry_run" ]; then
    region=${region:-REGION} account=ACCOUNT
    show aws --region "$region" sts get-caller-identity --query Account --output text
else
    region=${region:-$(aws configure get region || true)}
    [ -n "$region" ] || fail "no region: say --region, for example sa-east-1"
    account=$(aws_here sts get-caller-identity --query Account --output text) || fail "the AWS CLI has no valid credentials (aws says why above)"
fi
registry=$account.dkr.ecr.$region.amazonaws.com
image=$registry/$stack:$tag
said=("${parameters[@]}" "CpuArchitecture=$arch" "ImageTag=$tag")

# The image needs the repository, which is in the stack, and the schedules need the image: the first time the stack is made
# with its schedules off.
is_first=''
if [ -n "$dry_run" ]; then
    show aws --region "$region" cloudformation describe-stacks --stack-name "$stack"
    note "only if there is no such stack yet:"
    deploy "${said[@]}" ScheduleState=DISABLED
elif ! answer=$(aws_here cloudformation describe-stacks --stack-name "$stack" 2>&1); then
    [[ $answer == *"does not exist"* ]] || fail "the stack $stack cannot be looked at: $answer"
    is_first=1
    for name in SubnetIds SecurityGroupIds PortalSecretArn DatabaseSecretArn; do
        [[ " ${parameters[*]} " == *" $name="* ]] || fail "the first deployment needs $name=… (docs/aws.md)"
    done
    deploy "${said[@]}" ScheduleState=DISABLED
fi

if [ -n "$dry_run" ]; then
    show aws --region "$region" ecr describe-images --repository-name "$stack" --image-ids "imageTag=$tag"
    note "only if the repository does not have this image yet:"
    build_and_push
elif aws_here ecr describe-images --repository-name "$stack" --image-ids "imageTag=$tag" >/dev/null 2>&1; then
    note "the repository has $tag already: nothing is built"
else
    build_and_push
fi

# Afterwards the schedules stay as they are: a pause that somebody made is not ended by a deployment.
[ -z "$is_first" ] || schedules=${schedules:-ENABLED}
if [ -n "$dry_run" ] && [ -z "$schedules" ]; then
    note "ScheduleState only if there was no such stack:"
    schedules=ENABLED
fi
deploy "${said[@]}" ${schedules:+"ScheduleState=$schedules"}
run "what is there now" aws --region "$region" cloudformation describe-stacks --stack-name "$stack" \
    --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' --output table
state_now=(aws --region "$region" cloudformation describe-stacks --stack-name "$stack"
    --query "Stacks[0].Parameters[?ParameterKey=='ScheduleState'].ParameterValue" --output text)
if [ -n "$dry_run" ]; then
    show "${state_now[@]}"
elif [ "$("${state_now[@]}")" = DISABLED ]; then
    # So too after a first deployment that was interrupted.
    note "the schedules are off; $0 ScheduleState=ENABLED turns them on"
fi
