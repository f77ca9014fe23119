# shellcheck shell=bash
# Compilers from packages, unpacked into a private root and run from there. They, and what they
# build, use the root's own C library: the machine needs neither a compiler nor the same release.
# Programs name their loader by an absolute path, so this root, unlike the others, cannot be moved.

# provide_toolchain - launchers of gcc, clang and their tools, below launchers/.
provide_toolchain() {
  local home=$cache/roots/$id loader libraries
  # Its -dev packages end in the tree's own include and lib folders; links to C++ or gdb are not used.
  loader=$home/$(own_loader "$root")
  libraries=$(library_dirs "$root" | sed "s|^|$home/|" | paste -sd:)
  point_at_own_loader "$loader" "$libraries"

  mkdir "$root/launchers"
  # The compilers search their own root alone; what they link runs with its C library.
  local flags="--sysroot=\"$home\" -B\"$home/usr/bin\""
  flags+=" -Wl,--dynamic-linker=$loader,--disable-new-dtags,-rpath,$libraries"
  toolchain_launcher gcc "$flags"
  toolchain_launcher clang "$flags -Qunused-arguments"
  ln -s gcc "$root/launchers/cc"
  for program in make patch strip nm readelf objdump llvm-symbolizer; do
    toolchain_launcher "$program" ''
  done
  toolchain_launcher valgrind "--extra-debuginfo-path=$home/usr/lib/debug"
  link_symbols "$(dirname "$(readlink -f "$root/$(own_loader "$root")")")"
  provide toolchain "$(dpkg-deb --field "$debs"/gcc-[0-9]*-base_*.deb Version | first_version)" \
    "roots/$id/launchers"
}

# link_symbols FOLDER - the symbols of the C library, next to it: valgrind of bullseye does not find
# them in a root of its own otherwise, and does not start without.
link_symbols() {
  local file
  mkdir -p "$1/.debug"
  for file in "$root"/usr/lib/debug/.build-id/*/*.debug; do
    ln -sf "$(realpath --relative-to="$1/.debug" "$file")" "$1/.debug/"
  done
}

# toolchain_launcher NAME FLAGS - launchers/NAME runs the root's NAME with FLAGS, which are shell words.
toolchain_launcher() {
  local valgrind # its tools, in libexec since bookworm
  valgrind=$(cd "$root" && printf '%s\n' usr/{lib/*,libexec}/valgrind/memcheck-* | tail -n 1)
  cat >"$root/launchers/$1" <<LAUNCHER
#!/bin/sh
export PATH="$home/launchers:\$PATH" VALGRIND_LIB="$home/${valgrind%/*}"
exec "$home/usr/bin/$1" $2 "\$@"
LAUNCHER
  chmod 755 "$root/launchers/$1"
}

# point_at_own_loader LOADER LIBRARIES - every program of the root starts with them.
point_at_own_loader() {
  local file programs=() patchelf
  mv "$root/usr/bin/patchelf" "$stage/patchelf" # it cannot change itself
  patchelf=("$root/$(own_loader "$root")" --inhibit-cache --library-path
    "$(library_dirs "$root" | sed "s|^|$root/|" | paste -sd:)" "$stage/patchelf")
  while IFS= read -r -d '' file; do
    # A program that names no loader is static, or a shared library, or a script.
    if "${patchelf[@]}" --print-interpreter "$file" >/dev/null 2>&1; then programs+=("$file"); fi
  done < <(find "$root"/usr/{bin,lib/gcc,lib/llvm-*,libexec} -type f -perm -u+x -print0)
  "${patchelf[@]}" --set-interpreter "$1" --force-rpath --set-rpath "$2" "${programs[@]}"
  # A library with a path of its own would not search that of the program (LLVM of bullseye).
  find "$root" -type f '(' -name 'libLLVM*.so*' -o -name 'libclang*.so.*' ')' \
    -exec "${patchelf[@]}" --remove-rpath '{}' ';'
}

# check_toolchain - once installed, both compilers make a program that runs.
check_toolchain() {
  local compiler said
  printf '#include <stdio.h>\n#include <openssl/ssl.h>\n#include <pcre2.h>\n#include <pcre.h>\n#include <zlib.h>\nint main(void) { puts(zlibVersion()); }\n' >"$stage/try.c"
  for compiler in gcc clang; do
    "$cache/roots/$id/launchers/$compiler" -Wall -Werror -DPCRE2_CODE_UNIT_WIDTH=8 -fsanitize=address \
      -o "$stage/try" "$stage/try.c" -lz
    said=$("$stage/try")
    [[ $said == 1.* ]] || { printf 'E: %s makes programs that do not run\n' "$compiler" >&2 && return 1; }
  done
}
