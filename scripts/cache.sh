# cached NAME MAKE [MARK]: sets `folder` to NAME in gatecheck's part of the user's cache. Where that is not complete, or made with
# another MARK, the function MAKE fills it; only one does so at a time. Sourced; wants `fail`.
# shellcheck shell=bash
cached() {
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/gatecheck/$1
  ! is_complete "${3:-}" || return 0
  command -v flock >/dev/null || fail "flock is needed"
  mkdir -p "${folder%/*}"
  exec 9>"$folder.lock"
  flock 9 # another clone may be at it
  if ! is_complete "${3:-}"; then
    rm -rf "$folder"
    mkdir "$folder"
    "$2" 9>&-
    echo "${3:-}" >"$folder/complete"
  fi
  exec 9>&-
}

is_complete() { [ -e "$folder/complete" ] && [ "$(cat "$folder/complete")" = "$1" ]; }
