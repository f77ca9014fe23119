# shellcheck shell=bash
# Where packages come from: the machine's own apt sources, or two environment variables.

# os_release FIELD - a field of /etc/os-release, empty when absent.
os_release() {
  # shellcheck source=/dev/null
  (. /etc/os-release 2>/dev/null && printf '%s' "${!1-}")
}

# machine_targets - "URI RELEASE COMPONENT ORIGIN" of every package index the machine uses. Images
# often come without the lists that contain the origin; then it is not required.
machine_targets() {
  local format='$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' option
  for option in --release-info --no-release-info; do
    LC_ALL=C apt-get indextargets "$option" --format "$format" 'Identifier: Packages' 2>/dev/null | sort -u
  done
}

# machine_mirror SUFFIX ORIGIN - the URI that serves the machine's own release with that suffix
# ("", "-updates", "-security"). Third-party repositories often use the bare release name as well,
# hence the check of component and origin, and "-updates", which only the distribution has.
machine_mirror() {
  local suffix=$1 origin=$2 codename
  codename=$(os_release VERSION_CODENAME)
  machine_targets | awk -v origin="$origin" -v suffix="$suffix" -v names="$codename" '
    BEGIN { names = "^(" (names == "" ? "" : names "|") "stable|oldstable|oldoldstable|testing|unstable|sid)" suffix "$" }
    $3 == "main" && $2 ~ names && ($4 == origin || $4 ~ /^\$/ || $4 == "") { print $1; exit }'
}

# first_mirror ORIGIN SUFFIX... - the first of them that the machine has a mirror for.
first_mirror() {
  local origin=$1 suffix uri
  shift
  for suffix; do
    uri=$(machine_mirror "$suffix" "$origin")
    if [[ -n $uri ]]; then printf '%s\n' "${uri%/}" && return; fi
  done
  return 1
}

# first_keyring NAME... - the archive keyring of the machine (newer releases name it .pgp).
first_keyring() {
  local name ending
  for name; do
    for ending in gpg pgp; do
      if [[ -r /usr/share/keyrings/$name.$ending ]]; then
        printf '%s\n' "/usr/share/keyrings/$name.$ending" && return
      fi
    done
  done
  return 1
}

# find_mirrors - sets distribution (debian|ubuntu), release, mirror, security_mirror and keyring.
find_mirrors() {
  local id
  id=$(os_release ID)
  release=$(os_release VERSION_CODENAME)
  mirror=${SESSCTL_DEBIAN_MIRROR-}
  if [[ -z $mirror && $id == debian ]]; then mirror=$(first_mirror Debian -updates '' || true); fi
  if [[ -n $mirror ]]; then
    distribution=debian
    security_mirror=${SESSCTL_DEBIAN_SECURITY_MIRROR-}
    if [[ -z $security_mirror && -z ${SESSCTL_DEBIAN_MIRROR-} ]]; then
      security_mirror=$(first_mirror Debian -security || true)
    fi
    # Mirrors have the security archive next to the main one unless a variable sets another.
    security_mirror=${security_mirror:-${mirror%/}-security}
    keyring=${SESSCTL_DEBIAN_KEYRING:-$(first_keyring debian-archive-keyring)} ||
      fail 'no Debian archive keyring on this machine, so no signature could be checked' \
        'apt install debian-archive-keyring'
    return
  fi
  if [[ $id == ubuntu || " $(os_release ID_LIKE) " == *' ubuntu '* ]]; then
    distribution=ubuntu
    [[ $id == ubuntu ]] || release=$(os_release UBUNTU_CODENAME)
    mirror=$(first_mirror Ubuntu -updates '') ||
      fail 'no Ubuntu mirror in the apt sources of this machine' 'set SESSCTL_DEBIAN_MIRROR'
    security_mirror=$(first_mirror Ubuntu -security || printf '%s\n' "$mirror")
    keyring=$(first_keyring ubuntu-archive-keyring) ||
      fail 'no Ubuntu archive keyring on this machine' 'apt install ubuntu-keyring'
    return
  fi
  fail "no Debian mirror known on this machine (${id:-unknown system})" \
    'set SESSCTL_DEBIAN_MIRROR to the URI of a Debian mirror'
}

# sources_of RELEASE - the source lines of a release for private_apt_init.
sources_of() {
  local release=$1
  if [[ $distribution == ubuntu ]]; then
    printf '%s %s main universe\n' "$mirror" "$release" "$mirror" "$release-updates" \
      "$security_mirror" "$release-security"
  else
    printf '%s %s main\n' "$mirror" "$release"
    if [[ $release != sid ]]; then printf '%s %s main\n' "$security_mirror" "$release-security"; fi
  fi
}
