#!/usr/bin/env bash
# man.sh FOLDER [PROGRAM]: writes a manual page for gatecheck and for each of its commands into FOLDER, from what
# `gatecheck help` says. Their date is SOURCE_DATE_EPOCH, else that of the newest release in CHANGELOG.md.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?usage: man.sh FOLDER [PROGRAM]}
program=${2:-$checkout/.build/release/gatecheck}
export LC_ALL=C.UTF-8

version=$("$program" --version | head -n 1)
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
  date=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F 2>/dev/null || date -u -r "$SOURCE_DATE_EPOCH" +%F)
else
  date=$(sed -nE 's/^## \[[0-9.]+\] - ([0-9-]{10})$/\1/p' "$checkout/CHANGELOG.md" | head -n 1)
  # Nothing is released yet.
  date=${date:-$(git -C "$checkout" log -1 --format=%cs 2>/dev/null || true)}
fi
mkdir -p "$folder"

page() { # [COMMAND...]
  local name=gatecheck help command status=''
  for command; do name+=-$command; done
  help=$(COLUMNS=100000 "$program" help "$@")
  [ $# -gt 0 ] || status=$(sed -n '/^## Exit status/,/^## /p' "$checkout/README.md")
  awk -v name="$name" -v date="$date" -v version="$version" -v status="$status" \
    -f "$checkout/scripts/man.awk" <<<"$help" >"$folder/$name.1"
  help=$(sed '1,/^SUBCOMMANDS:/d; /^$/,$d' <<<"$help")
  while read -r command _; do [ -z "$command" ] || page "$@" "$command"; done <<<"$help"
}
page
