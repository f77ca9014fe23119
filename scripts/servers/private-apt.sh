# shellcheck shell=bash
# A private apt: own sources, lists, cache and an empty dpkg status, below one folder.
# The machine's own apt is only read (for its mirror and its proxy settings), never changed,
# and nothing here needs root.

# private_apt_init DIR KEYRING - then one line per source on stdin: URI SUITE COMPONENT...
# Writes DIR/apt.conf, which every later call passes with -c: it is read after the machine's own
# configuration, so the proxy and certificate settings remain and everything else is overridden.
# Signatures are always required; freshness is not, since a mirror that lags (sid's lists expire
# within a week) still has what the tests need.
private_apt_init() {
  local dir=$1 keyring=$2 uri suite components
  mkdir -p "$dir/sources.d" "$dir/state/lists/partial" "$dir/cache"
  : >"$dir/state/status" # nothing is installed here: a package's whole closure is resolved
  : >"$dir/sources.d/servers.sources"
  while read -r uri suite components; do
    printf 'Types: deb deb-src\nURIs: %s\nSuites: %s\nComponents: %s\nTargets: Packages Sources\nSigned-By: %s\n\n' \
      "$uri" "$suite" "$components" "$keyring" >>"$dir/sources.d/servers.sources"
  done
  cat >"$dir/apt.conf" <<CONF
#clear APT::Update;
#clear APT::Architectures;
APT::Update::Error-Mode "any";
APT::Architectures:: "$(dpkg --print-architecture)";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Get::Assume-Yes "true";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$dir/sources.d";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::Etc::Trusted "/dev/null";
Dir::Etc::TrustedParts "/dev/null";
Dir::State "$dir/state";
Dir::State::Lists "lists";
Dir::State::status "$dir/state/status";
Dir::Cache "$dir/cache";
Dir::Log "$dir/log";
CONF
}

# private_apt TOOL DIR ARG... - apt-get or apt-cache with the private configuration.
private_apt() {
  local tool=$1 dir=$2
  shift 2
  LC_ALL=C "$tool" -c "$dir/apt.conf" -qq "$@"
}

# private_apt_candidate DIR PACKAGE - the version that would be installed; fails when there is none.
private_apt_candidate() {
  local version
  version=$(private_apt apt-cache "$1" policy "$2" 2>/dev/null | sed -n 's/^  Candidate: //p')
  [[ -n $version && $version != '(none)' ]] && printf '%s\n' "$version"
}

# private_apt_narrow DIR MAIN - a copy of DIR with its first source only: of a release, without the
# security archive. If a file of the newest version is missing there, that of the release may exist.
private_apt_narrow() {
  local dir=$1 main=$2
  mkdir -p "$main"
  cp -a "$dir/state" "$dir/apt.conf" "$main"
  mkdir -p "$main/sources.d" "$main/cache"
  sed "s|$dir|$main|g" "$dir/apt.conf" >"$main/apt.conf"
  awk 'BEGIN { RS = "" } NR == 1' "$dir/sources.d/servers.sources" >"$main/sources.d/servers.sources"
}

# private_apt_fetch DIR INTO PACKAGE... - downloads into INTO, with signatures and hashes checked
# by apt. A package is fetched with its whole closure; one written as =NAME without dependencies (the
# Tomcat start scripts would otherwise bring a JRE and an init system). When the newest versions
# are unavailable, those of the release without its updates are used.
private_apt_fetch() {
  local dir=$1 into=$2
  shift 2
  private_apt_fetch_from "$dir" "$into" "$@" &
  if wait $!; then return; fi
  [[ $(grep -c '^Types:' "$dir/sources.d/servers.sources") != 1 ]] || return 1
  [[ -d $dir.main ]] || private_apt_narrow "$dir" "$dir.main"
  private_apt_fetch_from "$dir.main" "$into" "$@"
}

# private_apt_fetch_from DIR INTO PACKAGE... - one try of it.
private_apt_fetch_from() {
  local dir=$1 into=$2 package
  shift 2
  local closure=() alone=()
  for package; do
    if [[ $package == =* ]]; then alone+=("${package#=}"); else closure+=("$package"); fi
  done
  mkdir -p "$into/partial"
  if ((${#closure[@]})); then
    private_apt apt-get "$dir" -o "Dir::Cache::archives=$into" --download-only install "${closure[@]}"
  fi
  if ((${#alone[@]})); then
    (cd "$into" && private_apt apt-get "$dir" download "${alone[@]}")
  fi
}

# private_apt_fetch_source DIR INTO PACKAGE - the files of a source package, as they are published,
# hashes checked by apt: of its newest version that the mirror really has (some list sources that
# they have not fetched yet). If none is complete, only the upstream tarball.
private_apt_fetch_source() {
  local dir=$1 into=$2 package=$3 version versions parts
  versions=$(private_apt apt-cache "$dir" --only-source showsrc "$package" |
    sed -n 's/^Version: //p' | sort -rVu)
  [[ -n $versions ]] || { printf 'E: no source package %s\n' "$package" >&2 && return 1; }
  for parts in '' --tar-only; do
    for version in $versions; do
      rm -rf "$into"
      mkdir -p "$into"
      # shellcheck disable=SC2086 # no option, or one
      (cd "$into" && private_apt apt-get "$dir" --download-only --only-source $parts \
        source "$package=$version") &
      if wait $!; then return; fi
    done
  done
  return 1
}
