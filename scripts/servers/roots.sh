# shellcheck shell=bash
# From downloaded packages to programs that run: unpack into a private root, make its links stay
# inside, write launchers that use the root's own libraries.

# unpack_packages FROM ROOT [SKIP] - every .deb of FROM into ROOT, but for names matching SKIP.
unpack_packages() {
  local from=$1 root=$2 skip=${3-} deb
  mkdir -p "$root"
  for deb in "$from"/*.deb; do
    # shellcheck disable=SC2053 # SKIP is a pattern
    [[ -n $skip && ${deb##*/} == $skip ]] && continue
    dpkg-deb -x "$deb" "$root"
  done
  rm -rf "$root"/usr/{include,share/{doc,man,locale,info,lintian,zoneinfo}} "$root"/var/cache
  # dpkg-deb keeps the packages' own modes; nothing here may run with another user's rights.
  chmod -R u+rwX,go-w,a-st "$root"
  relocate_links "$root"
}

# relocate_links ROOT - absolute links of the packages must not lead out to the machine's files.
relocate_links() {
  local root=$1 link target
  while IFS= read -r -d '' link; do
    target=$(readlink "$link")
    ln -sfn "$(realpath -m --no-symlinks --relative-to="${link%/*}" "$root$target")" "$link"
  done < <(find "$root" -type l -lname '/*' -print0)
}

# package_versions FROM - "name=version name=version ..." of the downloaded packages.
package_versions() {
  local deb
  for deb in "$1"/*.deb; do
    dpkg-deb --show --showformat '${Package}=${Version}\n' "$deb"
  done | sort | paste -sd' '
}

# library_dirs ROOT - where the root keeps its shared libraries, relative to it.
library_dirs() {
  (cd "$1" && printf '%s\n' {usr/,}lib/*-linux-gnu*)
}

# own_loader ROOT - the dynamic loader of the root, relative to it.
own_loader() {
  local found
  found=("$1"/{usr/,}{lib64,lib,lib/*-linux-gnu*}/ld-linux*.so.*)
  printf '%s\n' "${found[0]#"$1"/}"
}

# launcher_head COMMENT ROOT_NAME - the start of a launcher. It finds the root from its own place,
# so that the whole folder can be moved, cached by a CI service, or linked to.
launcher_head() {
  printf '#!/bin/sh\n# %s\n' "$1"
  # shellcheck disable=SC2016
  printf 'me=$0\n[ -L "$me" ] && me=$(readlink -f "$me")\nroot=${me%%/*}/../roots/%s\n' "$2"
}

# join_library_dirs ROOT - the library path of a launcher, in terms of its $root.
join_library_dirs() {
  library_dirs "$1" | sed 's|^|$root/|' | paste -sd:
}

# write_loader_launcher FILE ROOT PROGRAM COMMENT ARG... - runs PROGRAM with the root's own dynamic
# loader and libraries and never with the machine's.
write_loader_launcher() {
  local file=$1 root=$2 program=$3 comment=$4 loader
  shift 4
  loader=$(own_loader "$root")
  {
    launcher_head "$comment" "${root##*/}"
    printf 'exec "$root/%s" --inhibit-cache --library-path "%s" \\\n  "$root/%s"%s "$@"\n' \
      "$loader" "$(join_library_dirs "$root")" "$program" "${*:+ $*}"
  } >"$file"
  chmod 755 "$file"
  check_libraries "$root" "$loader" "$program"
}

# check_libraries ROOT LOADER PROGRAM - fails when a library is missing or comes from the machine.
check_libraries() {
  local root=$1 loader=$2 program=$3 path bad
  path=$(library_dirs "$root" | sed "s|^|$root/|" | paste -sd:)
  bad=$("$root/$loader" --inhibit-cache --library-path "$path" --list "$root/$program" |
    grep -v -e "$root/" -e 'linux-vdso' -e 'linux-gate' || true)
  [[ -z $bad ]] || { printf 'E: %s: not from its own root: %s\n' "$program" "$bad" >&2 && return 1; }
}

# write_java_launcher FILE ROOT COMMENT - a JVM finds its home through its own executable, so it
# cannot be run by a private loader; its root has no C library and uses the machine's (newer) one.
write_java_launcher() {
  local file=$1 root=$2 comment=$3 java
  java=$(cd "$root" && printf '%s\n' usr/lib/jvm/*/bin/java | tail -n 1)
  {
    launcher_head "$comment" "${root##*/}"
    printf 'LD_LIBRARY_PATH="%s" exec "$root/%s" "$@"\n' "$(join_library_dirs "$root")" "$java"
  } >"$file"
  chmod 755 "$file"
}

# java_major JAVA - the major version of a java command, 0 when it does not run.
java_major() {
  local version
  version=$("$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  printf '%s\n' "${version:-0}"
}

# first_version - the first x.y.z of what is on stdin.
first_version() {
  sed -nE '1,3s/^[^0-9]*([0-9]+\.[0-9]+\.[0-9]+).*/\1/p' | sed -n 1p
}
