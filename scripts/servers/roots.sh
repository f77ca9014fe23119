# shellcheck shell=bash
# From downloaded packages to programs that run: unpack into a private root, make its links stay
# inside, write launchers that use the root's own libraries.

# unpack_packages FROM ROOT - every .deb of FROM into ROOT, without documentation and other unused files.
unpack_packages() {
  local from=$1 root=$2 deb
  mkdir -p "$root"
  for deb in "$from"/*.deb; do
    dpkg-deb -x "$deb" "$root"
  done
  rm -rf "$root"/usr/share/{doc,man,locale,info,lintian,zoneinfo,fonts,perl,perl5} \
    "$root"/usr/lib/*/{gconv,perl,perl-base} "$root"/var/cache
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

# write_launcher FILE ROOT PROGRAM ARG... - runs PROGRAM with the root's own dynamic loader and
# libraries, never with the machine's. The launcher finds the root relative to its own path, so that the
# whole folder can be moved, kept by a CI cache, or linked to. An ARG such as NAME=$root/x before the
# others is set in the environment.
write_launcher() {
  local file=$1 root=$2 program=$3 loader libraries variables=()
  shift 3
  while [[ ${1-} == [A-Z]*=* ]]; do variables+=("${1%%=*}=\"${1#*=}\"") && shift; done
  loader=$(own_loader "$root")
  libraries=$(library_dirs "$root" | sed 's|^|$root/|' | paste -sd:)
  cat >"$file" <<LAUNCHER
#!/bin/sh
# ${program##*/} with the libraries of its own release
me=\$0
[ -L "\$me" ] && me=\$(readlink -f "\$me")
root=\${me%/*}/../roots/${root##*/}
${variables:+export ${variables[*]}
}exec "\$root/$loader" --inhibit-cache --library-path "$libraries" \\
  "\$root/$program"${*:+ $*} "\$@"
LAUNCHER
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

# java_major JAVA - the major version of a java command, 0 when it does not run.
java_major() {
  local version
  version=$("$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  printf '%s\n' "${version:-0}"
}

# java_compiles JAVA - whether it has the compiler of a JDK among its modules.
java_compiles() {
  "$1" --module jdk.compiler/com.sun.tools.javac.Main -version >/dev/null 2>&1
}

# first_version - the first x.y.z of what is on stdin.
first_version() {
  sed -nE '1,3s/^[^0-9]*([0-9]+\.[0-9]+\.[0-9]+).*/\1/p' | sed -n 1p
}

# version_of COMMAND ARG - the version that a program prints; other output is shown.
version_of() {
  local said version
  said=$("$@" 2>&1) || { printf 'E: %s: %s\n' "${1##*/}" "$said" >&2 && return 1; }
  version=$(first_version <<<"$said")
  [[ -n $version ]] || { printf 'E: no version in: %s\n' "$said" >&2 && return 1; }
  printf '%s\n' "$version"
}
