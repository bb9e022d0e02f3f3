# shellcheck shell=bash disable=SC2154
# Steps that ./ytterby and ./check share: packages, lock, build. Sourced with $root set; speaks only to stderr.

say() { printf '%s: %s\n' "${program:-ytterby}" "$*" >&2; }

# Prints the packages of the named sets, one per line.
packages_of() {
  local line name set=
  while IFS= read -r line; do
    case $line in
      '' | '#'*) ;;
      '['*']') set=${line:1:${#line}-2} ;;
      *) for name; do [[ $set == "$name" ]] && printf '%s\n' "$line"; done ;;
    esac
  done < "$root/packages.txt" | sort -u
}

# Installs what is missing of the named sets; without a missing package, no network and no privilege is needed.
install_packages() {
  local wanted missing apt as_root=() manager=(apt-get -o DPkg::Lock::Timeout=600)
  mapfile -t wanted < <(packages_of "$@")
  if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
    say "not a Debian system: expecting what these packages hold: ${wanted[*]}"
    return 0
  fi
  mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}") \
    <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2> /dev/null | sed -n 's/^installed //p' | sort -u))
  ((${#missing[@]})) || return 0
  if [[ $(id -u) != 0 ]]; then
    if command -v sudo > /dev/null && { sudo -n true 2> /dev/null || [[ -t 0 || -t 2 ]]; }; then
      as_root=(sudo)
    else
      say "some packages are missing and this user may not install them. Run once, as root:"
      printf '  apt-get update && apt-get install --no-remove --no-install-recommends --yes %s\n' "${missing[*]}" >&2
      return 1
    fi
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${manager[@]}")
  mkdir -p "$root/build"
  # The lock's descriptor must not live on in a daemon that a package starts.
  # A mirror of something else that does not answer need not matter, so only the installation decides.
  if ! { "${apt[@]}" update; "${apt[@]}" install --yes --no-remove --no-install-recommends "${missing[@]}"; } \
    < /dev/null > "$root/build/packages.log" 2>&1 9>&-; then
    tail -n 15 "$root/build/packages.log" >&2
    say "the packages could not be installed; the whole log: build/packages.log"
    return 1
  fi
}

# Prints how many jobs fit this machine: one per core, about 1 GiB each. CMAKE_BUILD_PARALLEL_LEVEL overrides.
job_count() {
  local jobs memory limit
  if [[ -n ${CMAKE_BUILD_PARALLEL_LEVEL:-} ]]; then
    printf '%s\n' "$CMAKE_BUILD_PARALLEL_LEVEL"
    return
  fi
  jobs=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo 2> /dev/null)
  if [[ $memory =~ ^[0-9]+$ ]] && ((memory < jobs)); then jobs=$memory; fi
  if read -r limit 2> /dev/null < /sys/fs/cgroup/memory.max && [[ $limit =~ ^[0-9]+$ ]] && ((limit >> 30 < jobs)); then jobs=$((limit >> 30)); fi
  printf '%s\n' "$((jobs > 0 ? jobs : 1))"
}

# Keeps other callers of this working copy out of packages and build; they wait their turn.
take_lock() {
  if ! { mkdir -p "$root/build" && exec 9> "$root/build/ytterby.lock"; } 2> /dev/null; then
    say "the sources changed since the last build, or none was made, and this user may not write in $root/build"
    return 1
  fi
  if ! flock --nonblock 9; then
    say "waiting for another build in this folder"
    flock 9
  fi
}

release_lock() { exec 9>&-; }

# Shows a build's progress as a few lines; takes ninja's output on standard input and writes all of it to the log $1.
show_progress() {
  local line tenth shown=-1 steps='^\[([0-9]+)/([0-9]+)\] '
  while IFS= read -r line; do
    printf '%s\n' "$line" >&3
    if [[ $line =~ $steps ]] && ((BASH_REMATCH[2] >= 10)); then
      tenth=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
      ((tenth == shown)) || say "building, ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]} steps"
      shown=$tenth
    fi
  done 3>> "$1"
}

# build_preset PRESET TARGET [CMAKE OPTION...]: configures and builds below build/PRESET; on failure shows the log's end.
build_preset() {
  local preset=$1 target=$2 folder="$root/build/$1" log="$root/build/ytterby-build.log" fresh=() configured
  shift 2
  # A folder configured at another place (a copied or renamed tree) cannot be built in.
  configured=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$folder/CMakeCache.txt" 2> /dev/null)
  if [[ -n $configured && $configured != "$root" ]]; then fresh=(--fresh); fi
  [[ $preset == release ]] || log="$root/build/ytterby-build-$preset.log"
  export NINJA_STATUS='[%f/%t] '
  # The compiler cache fails where it cannot write.
  [[ -w ${HOME:-/} ]] || export CCACHE_DISABLE=1
  if ! (cd "$root" && cmake --preset "$preset" "${fresh[@]}" "$@") < /dev/null > "$log" 2>&1 9>&-; then
    tail -n 30 "$log" >&2
    say "the $preset build could not be configured; the whole log: ${log#"$root"/}"
    return 1
  fi
  if ! (cmake --build "$folder" --target "$target" --parallel "$(job_count)" < /dev/null 2>&1 9>&- | show_progress "$log"; exit "${PIPESTATUS[0]}"); then
    tail -n 30 "$log" >&2
    say "the $preset build failed; the whole log: ${log#"$root"/}"
    return 1
  fi
}
