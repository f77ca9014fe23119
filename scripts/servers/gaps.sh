# shellcheck shell=bash
# Gaps: programs that the tests need and this machine could not get, with the reason. gaps/FILE.tsv has one
# line "name reason" for each; the tests that need it are skipped with that reason.

# gaps_begin FILE - removes the gaps that an earlier run noted in this file.
gaps_begin() {
  mkdir -p "$cache/gaps"
  rm -f "$cache/gaps/$1.tsv"
}

# note_gap FILE NAME REASON
note_gap() {
  printf '%s\t%s\n' "$2" "$(tr '\t\n' '  ' <<<"$3" | sed 's/ *$//')" >>"$cache/gaps/$1.tsv"
}

# last_error LOG - the first error, which is the cause of the others, and a remedy where known.
last_error() {
  local line
  line=$(grep -m 1 -E '^(E|W|Err):|rror' "$1" || tail -n 1 "$1")
  if grep -qE 'NO_PUBKEY|Missing key' "$1"; then
    line+=" (install a newer ${keyring##*/})"
  fi
  printf '%s\n' "${line#E: }"
}

# show_gaps FILE... - one line for each name in these files: what is missing, and why.
show_gaps() {
  local file name reason
  for file; do
    [[ -f $cache/gaps/$file.tsv ]] || continue
    while IFS=$'\t' read -r name reason; do
      if [[ $name == '#'* ]]; then continue; fi
      # Another release provided it.
      if grep -qs "^$name"$'\t' "$cache"/sets/*.tsv; then reason+=" (here from another release)"; fi
      printf '%-18s missing: %s\n' "$name" "$reason"
    done <"$cache/gaps/$file.tsv"
  done | sort -V | awk '!seen[$1]++'
}
