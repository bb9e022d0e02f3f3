# shellcheck shell=bash disable=SC2154
# Steps shared by ./ytterby and ./check; they source this file after setting
#   root      folder of the repository
#   program   name that starts each message
#   log       file that takes the full output of every step
# Nothing here writes to stdout.

say() { printf '%s: %s\n' "$program" "$*" >&2; }

# Ends the script with the tail of the log.
fail_with_log() {
    say "$1; the last lines of $log:"
    tail -n 30 -- "$log" >&2
    exit 1
}

# Appends the output of a command to the log.
logged() { "$@" </dev/null >>"$log" 2>&1; }

# Starts an empty log and holds the lock of a build folder until release_build_folder or the end of the script.
hold_build_folder() {
    local name=$1
    mkdir -p -- "$root/build" || { say "cannot write to $root/build"; exit 1; }
    exec {build_lock}>"$root/build/$name.lock"
    if ! flock --nonblock "$build_lock"; then
        say "another call is building in build/$name; waiting for it"
        flock "$build_lock"
    fi
    : >"$log"
}

release_build_folder() { exec {build_lock}>&-; }

# Prints the packages of the named sets of packages.txt, one a line.
packages_of() {
    awk -v sets=" $* " '
        { sub(/#.*/, "") }
        /^\[/ { on = index(sets, " " substr($1, 2, length($1) - 2) " "); next }
        on && NF { print $1 }' "$root/packages.txt" | sort -u
}

# Installs the packages of the named sets that are missing; does nothing at all when none is.
install_packages() {
    local wanted installed missing
    wanted=$(packages_of "$@")
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system, so packages are not checked; packages.txt lists what the build needs"
        return
    fi
    # shellcheck disable=SC2086  # one word for each package
    installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' || true)
    missing=$(grep -vxFf <(printf '%s\n' "$installed") <<<"$wanted" | tr '\n' ' ' || true)
    missing=${missing% }
    [[ -n $missing ]] || return 0

    local as_root=()
    if [[ $(id -u) != 0 ]]; then
        if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 || -t 2 ]]; }; then
            as_root=(sudo)
        else
            say "some Debian packages are missing. Run this as root, then start again:"
            printf 'apt-get update && apt-get install -y --no-install-recommends %s\n' "$missing" >&2
            exit 1
        fi
    fi
    say "installing: $missing"
    logged "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update || say "apt-get update failed; trying with the package lists at hand"
    # shellcheck disable=SC2086  # one word for each package
    logged "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends $missing ||
        fail_with_log "apt-get could not install the packages"
}

# Jobs that fit this machine: one a core, about 1 GiB each. CMAKE_BUILD_PARALLEL_LEVEL overrides.
job_count() {
    local cores gibibytes limit
    if [[ -n ${CMAKE_BUILD_PARALLEL_LEVEL:-} ]]; then
        printf '%s\n' "$CMAKE_BUILD_PARALLEL_LEVEL"
        return
    fi
    cores=$(nproc)
    gibibytes=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || true)
    [[ $gibibytes =~ ^[0-9]+$ ]] || gibibytes=$cores
    if read -r limit 2>/dev/null </sys/fs/cgroup/memory.max && [[ $limit =~ ^[0-9]+$ ]] && ((limit >> 30 < gibibytes)); then
        gibibytes=$((limit >> 30))
    fi
    ((gibibytes < cores)) && cores=$gibibytes
    ((cores > 0)) || cores=1
    printf '%s\n' "$cores"
}

# Configures a preset into build/<preset>: configure <preset> [-D...]. A folder that came with a moved tree starts anew.
configure() {
    local preset=$1 fresh=()
    shift
    local cache=$root/build/$preset/CMakeCache.txt
    if [[ -e $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
        fresh=(--fresh)
    fi
    (cd -- "$root" && logged cmake --preset "$preset" "${fresh[@]}" "$@") || fail_with_log "cmake could not configure the build"
}

# True when build/<preset> is configured for this tree.
is_configured() {
    [[ -e $root/build/$1/build.ninja ]] && grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$root/build/$1/CMakeCache.txt" 2>/dev/null
}

# Copies ninja's lines to the log and reports each tenth of the way.
show_progress() {
    local line tenth last=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] && ((BASH_REMATCH[2] >= 20)); then
            tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
            ((tenth == last)) || say "built ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
            last=$tenth
        fi
    done
}

# Builds in build/<preset>: build <preset> [--target ...].
build() {
    local preset=$1
    shift
    NINJA_STATUS='[%f/%t] ' cmake --build "$root/build/$preset" --parallel "$(job_count)" "$@" 2>&1 </dev/null | show_progress ||
        fail_with_log "the build failed"
}

# Marks the program as built from the sources as they were when `mark_sources` was called.
mark_sources() { mkdir -p -- "$root/build/release" && touch -- "$root/build/release/.ytterby-started"; }
mark_built() { mv -- "$root/build/release/.ytterby-started" "$root/build/release/.ytterby-built"; }

# Brings the program up to date for ./ytterby. The tests, which need more packages, are switched on by ./check alone and
# left as they are here, so that the two never configure each other's work away.
build_program() {
    hold_build_folder release
    if ! is_current; then
        install_packages run
        mark_sources
        if ! is_configured release; then
            say "first build, a few minutes; details in $log"
            configure release -DYTTERBY_TESTS=OFF
        fi
        build release --target ytterby
        mark_built
    fi
    release_build_folder
}
