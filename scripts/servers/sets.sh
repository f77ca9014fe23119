# shellcheck shell=bash
# A set: packages of one release that are unpacked and installed together.
# sets/RELEASE-SET.tsv is its stamp: the recipe it came from, its packages with their versions, and
# one line "name version release path" for everything it provides. It is written last.

# Bump when the layout below changes, so that older installations are replaced.
layout=2

# set_recipe PLAN_LINE - the required first line of the stamp.
set_recipe() {
  printf '# recipe %s %s%s\n' "$layout" "$1" "$([[ $1 != *' toolchain '* ]] || printf ' in %s' "$cache")"
}

# stamp_has ID NAME - the stamp of a set provides it; "-" matches any program.
stamp_has() {
  local name=${2/#-/.*}
  [[ -f $cache/sets/$1.tsv ]] && grep -v '^#' "$cache/sets/$1.tsv" | grep -q "^$name"$'\t'
}

# set_is_settled PLAN_LINE - the stamp is of this recipe and all its files exist; a missing program
# is a gap that another attempt today would not close.
set_is_settled() {
  local release set provides id stamp path name
  read -r release set _ provides <<<"$1"
  id=$release-$set stamp=$cache/sets/$release-$set.tsv
  if [[ -f $stamp ]]; then
    [[ $(head -n 1 "$stamp") == "$(set_recipe "$1")" ]] || return 1
    while IFS=$'\t' read -r _ _ _ path; do
      [[ -e $cache/$path ]] || return 1
    done < <(grep -v '^#' "$stamp")
  fi
  for name in ${provides//,/ }; do
    if stamp_has "$id" "$name" && [[ $name != - || ! -f $cache/gaps/$id.tsv ]]; then continue; fi
    gap_is_known "$id" "$1" || return 1
  done
}

# gap_is_known ID PLAN_LINE - an attempt of today found that the mirror does not have the file.
gap_is_known() {
  local gaps=$cache/gaps/$1.tsv
  [[ -n $(find "$gaps" -mmin -1440 2>/dev/null) && $(head -n 1 "$gaps") == "$(set_recipe "$2")" ]] &&
    ! grep -v '^#' "$gaps" | grep -qvE '404 |another version now|not in Ubuntu'
}

# install_set RELEASE SET PACKAGES PROVIDES - download, unpack, check that it runs, install.
install_set() {
  local release=$1 set=$2 line="$*" id=$1-$2 package packages=() file provides=$4
  trap 'printf "E: %s failed\n" "$BASH_COMMAND" >&2' ERR
  local stage=$work/stage-$id debs=$work/debs-$id apt=$work/apt/$1
  local root=$stage/roots/$id
  mkdir -p "$stage"/{bin,home,roots}

  for package in ${3//,/ }; do
    if [[ $set == native* || $set == stores* || $set == modules ]] ||
      private_apt_candidate "$apt" "${package#=}" >/dev/null; then
      packages+=("$package")
    elif [[ $distribution == debian || $set == java ]]; then
      printf 'E: no package %s in %s\n' "${package#=}" "$release" >&2 && return 1
    fi
  done
  # A Tomcat is all of its packages or none.
  if [[ $set == tomcat* && " ${packages[*]-} " != *" =$set "* ]]; then packages=(); fi
  if ((${#packages[@]} == 0)); then return; fi

  set_recipe "$line" >"$stage/stamp"
  case $set in
    modules) fetch_modules ;;
    source) private_apt_fetch_source "$apt" "$root" "${packages[0]}" ;;
    native* | stores*) fetch_each ;;
    *) private_apt_fetch "$apt" "$debs" "${packages[@]}" ;;
  esac
  if [[ $set != source && $set != modules ]]; then
    printf '# %s\n' "$(package_versions "$debs")" >>"$stage/stamp"
    case $set in system | packaging | packages) mkdir "$root" ;; *) unpack_packages "$debs" "$root" ;; esac
  fi
  "provide_${set%%[0-9]*}"

  # Nothing above touched what is in use. The stamp is removed first and written last.
  rm -rf "$cache/sets/$id.tsv" "${cache:?}/roots/$id"
  if [[ $set == java ]]; then rm -f "$cache"/sets/*-java.tsv; fi
  mv "$root" "$cache/roots/$id"
  if declare -F "check_$set" >/dev/null; then "check_$set"; fi
  for file in "$stage"/bin/*; do mv -fT "$file" "$cache/bin/${file##*/}"; done
  for file in "$stage"/home/*; do mv -fT "$file" "$cache/${file##*/}"; done
  mv "$stage/stamp" "$cache/sets/$id.tsv"
  rm -rf "$stage" "$debs"
  grep -v '^#' "$cache/sets/$id.tsv" | awk -F '\t' '{ printf "installed   %-14s %-12s %s\n", $1, $2, $3 }'
}

# fetch_each - of the native servers and the stores each one is independent: a missing one leaves the
# others unchanged. An installed set is not replaced by an incomplete one.
fetch_each() {
  local names index got=0 log=$work/fetch-$id.log failed=''
  IFS=, read -ra names <<<"$provides"
  for index in "${!packages[@]}"; do
    if private_apt_candidate "$apt" "${packages[index]}" >/dev/null; then
      # A job of its own, because errexit would be off within a condition.
      private_apt_fetch "$apt" "$debs" "${packages[index]}" 2>"$log" &
      if wait $!; then got=1 && continue; fi
    elif [[ $distribution == ubuntu ]]; then
      continue
    else
      printf 'E: no package %s in %s\n' "${packages[index]}" "$release" >"$log"
    fi
    failed=$(last_error "$log")
    # Ubuntu's versions are not known in advance: the package is named instead.
    [[ $provides != - ]] || names[index]=${packages[index]}
    printf '%s\n' "$failed" >"$work/reason-$id-${names[index]}"
  done
  if [[ -n $failed ]] && { ((!got)) || grep -qv '^#' "$cache/sets/$id.tsv" 2>/dev/null; }; then
    printf 'E: %s\n' "$failed" >&2
    return 1
  fi
}

# provide NAME VERSION PATH - one line of the stamp.
provide() {
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$release" "$3" >>"$stage/stamp"
}

# provide_each PROGRAM... - calls provide_program for each; one that does not run leaves the others.
provide_each() {
  local program names index log=$work/provide-$id.log
  IFS=, read -ra names <<<"$provides"
  for program; do
    # A job of its own, because errexit would be off within a condition.
    provide_program "$program" 2>"$log" &
    if wait $!; then continue; fi
    rm -f "$stage/bin/${program%-server}"
    for index in "${!names[@]}"; do
      if [[ ${names[index]%-*} == "${program%-server}" ]]; then
        last_error "$log" >"$work/reason-$id-${names[index]}"
      fi
    done
  done
  if [[ -f $log ]] && ! grep -qv '^#' "$stage/stamp"; then
    cat "$log" >&2
    return 1
  fi
}

# provide_program PROGRAM - its launcher, when it is in the root.
provide_program() {
  local program=$1 folder=usr/sbin option=-v version short name=${1%-server} arguments=()
  if [[ $program == postgresql ]]; then
    provide_postgresql
    return
  fi
  case $program in redis-server | memcached) folder=usr/bin option=--version ;; esac
  [[ -x $root/$folder/$program ]] || return 0
  # Relative module paths of a configuration are looked up below the server root.
  # shellcheck disable=SC2016 # for the launcher to expand
  if [[ $program == apache2 ]]; then arguments=(-d '"$root/usr/lib/apache2"'); fi
  write_launcher "$work/$id-$name" "$root" "$folder/$program" "${arguments[@]}"
  mv "$work/$id-$name" "$stage/bin/$name"
  version=$(version_of "$stage/bin/$name" "$option")
  short=$(cut -d. -f1,2 <<<"$version")
  mv "$stage/bin/$name" "$stage/bin/$name-$short"
  provide "$name-$short" "$version" "bin/$name-$short"
}

provide_native() {
  rm -rf "$root/usr/include"
  provide_each nginx haproxy apache2
}

# package_version PACKAGE - of a downloaded package, without what Debian adds.
package_version() {
  dpkg-deb --field "$debs/$1"_*.deb Version | sed -E 's/^[0-9]+://; s/[-+].*//'
}

provide_stores() {
  provide_each redis-server memcached postgresql
}

# The tools of PostgreSQL start its server by its path, so a launcher takes its place; its compiler of
# queries would be half of the whole set.
provide_postgresql() {
  local version program major home
  home=$(cd "$root" && printf '%s\n' usr/lib/postgresql/*/bin | tail -n 1)
  [[ -n $home ]] || return 0
  major=$(basename "${home%/bin}")
  rm -f "$root"/usr/lib/*/libLLVM* "$root/${home%bin}"lib/llvmjit*
  rm -rf "$root/${home%bin}lib/bitcode"
  mv "$root/$home/postgres" "$root/$home/postgres.real"
  write_launcher "$root/$home/postgres" "$root" "$home/postgres.real"
  sed -i "s|/\.\./roots/${root##*/}|/../../../../..|" "$root/$home/postgres"
  for program in initdb psql; do
    write_launcher "$stage/bin/$program-$major" "$root" "$home/$program"
  done
  ln -s "../roots/${root##*/}/$home/postgres" "$stage/bin/postgres-$major"
  version=$(package_version "postgresql-$major")
  provide "postgresql-$major" "$version" "bin/postgres-$major"
  provide "initdb-$major" "$version" "bin/initdb-$major"
  provide "psql-$major" "$version" "bin/psql-$major"
}

# Extensions are where the packages put them; which of them to load, and more, is in the folder that
# PHP_INI_SCAN_DIR names, as everywhere.
provide_php() {
  local version folder short
  folder=$(cd "$root" && printf '%s\n' usr/lib/php/2* | tail -n 1)
  short=$(cd "$root/usr/bin" && printf '%s\n' php[0-9].[0-9] | tail -n 1)
  short=${short#php}
  write_launcher "$stage/bin/php-$short" "$root" "usr/bin/php$short" -d "\"extension_dir=\$root/$folder\""
  version=$(version_of "$stage/bin/php-$short" -n -v)
  provide "php-$short" "$version" "bin/php-$short"
}

# Servers that speak FastCGI and uwsgi; the Python of uWSGI is one of its plugins.
provide_gateways() {
  local program name version
  write_launcher "$stage/bin/php-fpm" "$root" usr/sbin/php-fpm8.2
  # shellcheck disable=SC2016 # for the launcher to expand
  write_launcher "$stage/bin/uwsgi" "$root" usr/bin/uwsgi-core 'PYTHONHOME=$root/usr' \
    PYTHONDONTWRITEBYTECODE=1 --plugins-dir '"$root/usr/lib/uwsgi/plugins"'
  for program in php-fpm uwsgi; do
    version=$(version_of "$stage/bin/$program" "$([[ $program == uwsgi ]] && echo --version || echo -v)")
    name=$program-$(cut -d. -f1,2 <<<"$version")
    mv "$stage/bin/$program" "$stage/bin/$name"
    provide "$name" "$version" "bin/$name"
  done
}

# A Python with Django and the clients of its caches.
provide_django() {
  local version python short
  python=$(cd "$root" && printf '%s\n' usr/bin/python3.?? | tail -n 1)
  # shellcheck disable=SC2016 # for the launcher to expand
  write_launcher "$stage/bin/python-django" "$root" "$python" 'PYTHONHOME=$root/usr' \
    'PYTHONPATH=$root/usr/lib/python3/dist-packages' PYTHONDONTWRITEBYTECODE=1
  version=$("$stage/bin/python-django" -c 'import django; print(django.__version__)')
  short=$(cut -d. -f1,2 <<<"$version")
  mv "$stage/bin/python-django" "$stage/bin/python-django-$short"
  provide "django-$short" "$version" "bin/python-django-$short"
}

# A Tomcat home stays where its packages put it: the jars in lib are links into ../java, and the
# jars' own class paths count on that neighbourhood.
provide_tomcat() {
  local home=$root/usr/share/$set version short jar
  version=$(dpkg-deb --field "$debs"/lib"$set"-java_*.deb Version | first_version)
  short=$(cut -d. -f1,2 <<<"$version")
  case $short in 9.0 | 11.0) short=${short%.0} ;; esac
  ln -s etc "$home/conf"
  for jar in "$home/lib/catalina.jar" "$home/lib/jasper.jar" "$home/bin/tomcat-juli.jar" \
    "$home/bin/bootstrap.jar" "$root/usr/share/java/eclipse-jdt-core.jar"; do
    [[ -s $jar ]] || { printf 'E: %s is not in the packages\n' "${jar#"$root"}" >&2 && return 1; }
  done
  ln -s "roots/$id/usr/share/$set" "$stage/home/tomcat-$short"
  provide "tomcat-$short" "$version" "tomcat-$short"
}

provide_java() {
  local java version
  java=$(cd "$root" && printf '%s\n' usr/lib/jvm/java-[0-9]*-openjdk-*/bin/java | tail -n 1)
  write_launcher "$stage/bin/java" "$root" "$java"
  version=$(version_of "$stage/bin/java" -version)
  java_compiles "$stage/bin/java" || { printf 'E: %s has no compiler\n' "$java" >&2 && return 1; }
  provide java "$version" bin/java
}

# The published files of nginx's source package, its tarball with the maintainers' signature and keys
# among them, and its debian folder; or the tarball alone, where the mirror has no more.
provide_source() {
  local version short archive
  for archive in "$root"/nginx_*.debian.tar.xz; do
    tar -xJf "$archive" -C "$root" --no-same-owner
  done
  version=$(basename "$root"/nginx_*.orig.tar.gz | first_version)
  short=$(cut -d. -f1,2 <<<"$version")
  provide "nginx-source-$short" "$version" "roots/$id"
}

# fetch_modules - the upstream tarballs of the source packages that the mirror has, one folder for each.
fetch_modules() {
  local package got=0
  for package in "${packages[@]}"; do
    # A job of its own: one that is missing leaves the others.
    private_apt_fetch_source "$apt" "$root/$package" "$package" 2>"$work/fetch-$id.log" &
    if wait $!; then
      got=1
    else
      rm -rf "${root:?}/$package"
      last_error "$work/fetch-$id.log" >"$work/reason-$id-module-$package"
    fi
  done
  ((got))
}

provide_modules() {
  local folder version
  for folder in "$root"/*/; do
    version=$(basename "$folder"/*.orig.tar.* | sed -n '1s/^[^_]*_\(.*\)\.orig\.tar\..*/\1/p')
    provide "module-$(basename "$folder")" "$version" "roots/$id/$(basename "$folder")"
  done
}

provide_linked() {
  provide module-libraries 1 "roots/$id"
}

# What a module for the packaged nginx is built with: its headers as they were compiled, and auto/.
provide_headers() {
  local version short
  version=$(sed -nE 's/^#define NGINX_VERSION +"([0-9.]+)"$/\1/p' "$root/usr/share/nginx/src/src/core/nginx.h")
  short=$(cut -d. -f1,2 <<<"$version")
  provide "nginx-headers-$short" "$version" "roots/$id/usr/share/nginx/src"
}

# link_machine_java JAVA PLAN_LINE - the JRE of the machine is used.
link_machine_java() {
  local java=$1 version
  version=$(version_of "$java" -version)
  rm -f "$cache"/sets/*-java.tsv
  ln -sfn "$java" "$cache/bin/java"
  { set_recipe "$2" && printf 'java\t%s\tmachine\tbin/java\n' "$version"; } >"$work/java"
  mv "$work/java" "$cache/sets/machine-java.tsv"
}
