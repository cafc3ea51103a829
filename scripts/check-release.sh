#!/usr/bin/env bash
# Refuses a release binary that grew too big, or that drew in Foundation, regular expressions or a library to load at start.
# With GATECHECK_RELEASE set also one without a libcurl of its own, or one that needs a newer glibc than scripts/glibc.sh names.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=.build/release/gatecheck
# 4 MB of it are the libcurl and OpenSSL for systems that have none, 1 MB doctor; a page in Chinese is half a KB.
limit=19750000

fail() { echo "release: $*" >&2; exit 1; }

size=$(stat -Lc %s "$binary")
[ "$size" -lt $limit ] || fail "$binary has $size bytes; the limit is $limit"

for mark in 10Foundation icudt RegexParser StringProcessing; do
  ! grep -aq $mark "$binary" || fail "$binary holds $mark; scripts/release.sh says what keeps it out"
done
! grep -rnE 'import Foundation' Sources || fail "Sources import no Foundation"

loaded=$(ldd "$binary")
for library in libcurl libyaml libpcre2 libz libcares libzookeeper libstdc++ libswift libFoundation; do
  ! grep -q "$library" <<<"$loaded" || fail "$binary loads $library at start"
done

# What a developer's machine may lack, a release may not.
if [ -n "${GATECHECK_RELEASE:-}" ] || [ -e .build/archives/glibc.o ]; then
  floor=$(scripts/dist/floor.py "$binary")
  [ "$floor" = "$(scripts/glibc.sh --release)" ] || fail "$binary needs glibc $floor; scripts/glibc.c says what older ones have not"
fi
[ -z "${GATECHECK_RELEASE:-}" ] || scripts/dist/own_curl.py "$binary" || fail "$binary has no libcurl of its own; scripts/curl.sh says why"

version=$("$binary" --version) || fail "$binary --version ends with status $?"
echo "$binary: $version, $size bytes (limit $limit)"
