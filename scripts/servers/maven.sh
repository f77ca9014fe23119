# shellcheck shell=bash
# Artifacts from the Maven repository that this machine uses.

# maven_settings_mirror - the mirror of the central repository in the user's Maven settings.
maven_settings_mirror() {
  [[ -r $HOME/.m2/settings.xml ]] || return 0
  # One element a line, comments dropped; a blocked mirror is ignored.
  tr '\n' ' ' <"$HOME/.m2/settings.xml" | sed -e 's/<!--/\n<!--/g' -e 's/-->/-->\n/g' | grep -v '^<!--' |
    tr '\n' ' ' | sed 's/<mirror>/\n<mirror>/g' |
    sed -nE '/<mirrorOf>[^<]*(central|\*)[^<]*<\/mirrorOf>/{/<blocked>true/d; s/.*<url>[[:space:]]*([^<[:space:]]+).*/\1/p; q}'
}

# maven_source - sets maven_mirror (a URI, or empty for the mvn client); fails when neither is known.
maven_source() {
  maven_mirror=${SESSCTL_MAVEN_MIRROR-}
  [[ -n $maven_mirror ]] && return
  command -v mvn >/dev/null && return # it knows its own settings, mirrors and credentials
  maven_mirror=$(maven_settings_mirror)
  [[ -n $maven_mirror ]]
}

# maven_fetch GROUP ARTIFACT VERSION PACKAGING FILE - downloads one artifact to FILE, unchecked.
maven_fetch() {
  local group=$1 artifact=$2 version=$3 packaging=$4 file=$5
  if [[ -z $maven_mirror ]]; then
    mvn -q -B dependency:copy "-Dartifact=$group:$artifact:$version:$packaging" \
      "-DoutputDirectory=${file%/*}" -Dmdep.overWriteReleases=true
    [[ -s $file ]]
    return
  fi
  local uri=${maven_mirror%/}/${group//.//}/$artifact/$version/$artifact-$version.$packaging
  if command -v curl >/dev/null; then
    curl -fsSL --retry 3 --output "$file" "$uri"
  else
    wget -q --tries=3 --output-document="$file" "$uri"
  fi
}

# maven_fetch_jars FOLDER COORDINATES... - downloads jars (group:artifact:version) to FOLDER, unchecked.
# A missing jar does not affect the others: mvn, which copies all or none, is given them in halves,
# and each half twice at most, for one of many downloads may fail by chance.
maven_fetch_jars() {
  local folder=$1 group artifact version coordinates
  shift
  if [[ -n $maven_mirror ]]; then
    for coordinates; do
      IFS=: read -r group artifact version <<<"$coordinates"
      maven_fetch "$group" "$artifact" "$version" jar "$folder/$artifact-$version.jar" || true
    done
    return
  fi
  mvn_starts=0
  mvn_copy_jars "$folder" "$@" || mvn_copy_jars "$folder" "$@" || mvn_copy_halves "$folder" "$@"
}

# mvn_copy_halves FOLDER COORDINATES... - until one is left in each half that fails, or mvn was
# started often enough to see that it is not a single jar.
mvn_copy_halves() {
  local folder=$1
  shift
  if (($# < 2 || mvn_starts > 30)); then return 0; fi
  local first=("${@:1:$#/2}") second=("${@:$#/2+1}")
  mvn_copy_jars "$folder" "${first[@]}" || mvn_copy_halves "$folder" "${first[@]}"
  mvn_copy_jars "$folder" "${second[@]}" || mvn_copy_halves "$folder" "${second[@]}"
}

# mvn_copy_jars FOLDER COORDINATES... - all of them with one start of mvn.
mvn_copy_jars() {
  local folder=$1 group artifact version coordinates
  shift
  mvn_starts=$((mvn_starts + 1))
  {
    printf '<project><modelVersion>4.0.0</modelVersion>'
    printf '<groupId>a</groupId><artifactId>a</artifactId><version>1</version><build><plugins><plugin>'
    printf '<groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId>'
    printf '<configuration><outputDirectory>%s</outputDirectory><artifactItems>' "$folder"
    for coordinates; do
      IFS=: read -r group artifact version <<<"$coordinates"
      printf '<artifactItem><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></artifactItem>' \
        "$group" "$artifact" "$version"
    done
    printf '</artifactItems></configuration></plugin></plugins></build></project>\n'
  } >"$folder/pom.xml"
  # Otherwise mvn caches failures and does not try again.
  mvn -q -B -U -f "$folder/pom.xml" dependency:copy
}
