# shellcheck shell=bash
# What the scripts of this folder share: packages, build folders, stages. Sourced, never run.

set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=$(nproc)
# Set when packages were installed just now: build folders must look for them again.
installed_now=0

say() {
    printf '%s\n' "$*" >&2
}

# The release of Debian that this is, when it is one that ci/packages knows, else nothing.
debian_release() {
    if [ -r "$os_release" ]; then
        # shellcheck source=/dev/null
        (. "$os_release" && case ${ID:-}-${VERSION_ID:-} in debian-12 | debian-13) echo "$VERSION_ID" ;; esac)
    fi
}

os_release=${WAVEGAUGE_OS_RELEASE:-/etc/os-release}
release=$(debian_release)

# Prints "package probe" for each package that one of the given groups needs. Other systems are told the
# names of the newest release.
packages() {
    awk -v groups=" $* " -v release="${release:-13}" '
        !/^#/ && NF == 3 && split($2, needed, "@") && index(groups, " " needed[1] " ") &&
            (needed[2] == "" || needed[2] == release) { print $1, $3 }' ci/packages
}

# Of the packages of the given groups, those that dpkg does not have; one call for all of them.
not_installed() {
    local wanted
    wanted=$(packages "$@" | cut -d' ' -f1)
    # shellcheck disable=SC2086 # one word a package
    { dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true; } |
        awk -v wanted="$wanted" '
            $1 == "installed" { have[$2] = 1 }
            END { n = split(wanted, names, "\n")
                  for (i = 1; i <= n; i++) if (!(names[i] in have)) print names[i] }'
}

# The same where there is no dpkg to ask: by what each package would bring.
not_found() {
    local package probe
    packages "$@" | while read -r package probe; do
        case $probe in
        /*) compgen -G "$probe" >/dev/null || printf '%s (%s)\n' "$package" "$probe" ;;
        *) command -v "$probe" >/dev/null || printf '%s (the command %s)\n' "$package" "$probe" ;;
        esac
    done
}

refuse_other_system() {
    local missing
    missing=$(not_found "$@")
    say "This is neither Debian 12 nor Debian 13, so nothing is installed for you."
    if [ -n "$missing" ]; then
        say "Missing, by Debian's package names:"
        say "$(printf '%s\n' "$missing" | sed 's/^/  /')"
    else
        say "Nothing seems to be missing."
    fi
    say "To go on with what is here: WAVEGAUGE_SKIP_SETUP=1 $0"
    exit 2
}

# As root, or through sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Installs what is missing of the packages of the given groups.
set_up() {
    [ -z "${WAVEGAUGE_SKIP_SETUP:-}" ] || return 0
    [ -n "$release" ] || refuse_other_system "$@"
    local missing
    missing=$(not_installed "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    say "Installing: $missing"
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        say "This needs root: run apt-get install --no-install-recommends $missing"
        exit 2
    fi
    as_root apt-get update -q >&2
    # shellcheck disable=SC2086 # one word a package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        $missing >&2
    installed_now=1
}

# configure FOLDER OPTIONS...: once, and again when packages came in; ninja does it when the lists change.
configure() {
    local folder=$1
    shift
    if [ "$installed_now" = 1 ] || [ ! -f "$folder/build.ninja" ]; then
        cmake -G Ninja -S . -B "$folder" "$@" >/dev/null
    fi
}

# build FOLDER TARGETS...: quiet when there is nothing to do.
build() {
    local folder=$1
    shift
    ninja -C "$folder" -j "$jobs" --quiet "$@" | sed '/no work to do/d' >&2
}

# What ci/gate runs.
build_program() {
    set_up run
    configure build
    build build wavegauge wavegauge-emu amdhip64
}
