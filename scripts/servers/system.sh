# shellcheck shell=bash
# A Debian in a folder, in which the tests install, upgrade and remove packages: as debootstrap makes it,
# from a list of packages. Its files have the owners that the packages give them, so it needs root.

# provide_system - unpacks all packages, and installs them with the dpkg that is among them.
provide_system() {
  local deb
  [[ $(id -u) == 0 ]] || { printf 'E: only root can install a Debian in a folder\n' >&2 && return 1; }
  mkdir -p "$root"/{debs,dev} "$root"/usr/{bin,sbin,lib,lib64}
  for deb in bin sbin lib lib64; do ln -s "usr/$deb" "$root/$deb"; done
  for deb in "$debs"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$root"
  done
  cp "$debs"/*.deb "$root/debs"
  mknod -m 666 "$root/dev/null" c 1 3
  : >"$root/var/lib/dpkg/status"
  # shellcheck disable=SC2016 # for the other shell
  within_system '
    PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true
    export PATH DEBIAN_FRONTEND DEBCONF_NONINTERACTIVE_SEEN
    ln -sf mawk /usr/bin/awk
    for first in base-passwd base-files dpkg; do
      dpkg --force-depends --force-unsafe-io --install /debs/${first}_*.deb
    done
    dpkg --force-depends --force-unsafe-io --unpack /debs/*.deb
    dpkg --configure --pending'
  rm -r "$root/debs"
  rm -rf "$root"/usr/share/{man,locale,info,zoneinfo} "$root"/var/cache/debconf/*-old
  provide debian-system "$(<"$root/etc/debian_version")" "roots/$id"
}

# within_system SCRIPT - runs it with the root as /, in namespaces of its own: no process outlives it.
within_system() {
  unshare --mount --pid --fork --net --kill-child chroot "$root" /bin/sh -ec "$1" >&2
}

# provide_packaging - lintian, rpm and rpmlint with all they need: a layer that goes above the system.
provide_packaging() {
  local deb
  # Merged as below: as /bin, a folder would hide the link to /usr/bin.
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
  for deb in bin sbin lib lib64; do ln -s "usr/$deb" "$root/$deb"; done
  for deb in "$debs"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$root"
  done
  rm -rf "$root"/usr/share/{man,locale,info,zoneinfo}
  # Otherwise made by a maintainer script.
  ln -sf mawk "$root/usr/bin/awk"
  provide debian-packaging "$(dpkg-deb --field "$debs"/lintian_*.deb Version)" "roots/$id"
}

# provide_packages - the files as they came.
provide_packages() {
  cp "$debs"/*.deb "$root"
  provide debian-packages "$(package_version nginx)" "roots/$id"
}
