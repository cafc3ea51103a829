#!/usr/bin/env bash
# Refuses a release binary that grew too big, or that drew in all of Foundation or a library to load at start.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=.build/release/gatecheck
limit=20000000

fail() { echo "release: $*" >&2; exit 1; }

size=$(stat -Lc %s "$binary")
[ "$size" -lt $limit ] || fail "$binary has $size bytes; the limit is $limit"

# Mangled names of Foundation's own types, and ICU's data: FoundationEssentials has neither.
for mark in 10Foundation13NSFileManager NSKeyedArchiver icudt; do
  ! grep -aq "$mark" "$binary" || fail "$binary holds $mark: something imports Foundation in place of FoundationEssentials"
done

loaded=$(ldd "$binary" | awk '{ print $1 }')
for library in libcurl libyaml libswift libFoundation; do
  ! grep -q "^$library" <<<"$loaded" || fail "$binary loads $library at start"
done

"$binary" --version >/dev/null || fail "$binary --version ends with status $?"
echo "$binary: $((size / 100000))e5 bytes, checked"
