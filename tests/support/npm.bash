# Packages of npm that a test needs and `make test` does not, because fetching them needs the network once. Sourced.

# install_modules NAME: installs what tests/NAME/package-lock.json names into build/NAME-test, unless it is there. False, with
# the reason on standard output, if that does not work.
install_modules() {
    local from=tests/$1 to=build/$1-test words
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        echo "there is no npm (Debian packages nodejs npm)"
        return 1
    fi
    cmp -s "$from/package-lock.json" "$to/installed" && return
    mkdir -p "$to"
    cp "$from/package.json" "$from/package-lock.json" "$to/"
    # Scripts of packages are not run: these need none.
    words=$(cd "$to" && npm ci --ignore-scripts --no-audit --no-fund --fetch-timeout=30000 --fetch-retries=1 2>&1) || {
        echo "npm cannot fetch the packages: $(grep -m 1 -iE 'error|ERR!' <<<"$words")"
        return 1
    }
    cp "$from/package-lock.json" "$to/installed"
}
