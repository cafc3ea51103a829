#!/usr/bin/env bash
# Refuses a release binary that grew too big, or that drew in Foundation, regular expressions or a library to load at start.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=.build/release/gatecheck
# 4 MB of it are the libcurl and OpenSSL for systems that have none.
limit=19000000

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

if scripts/glibc.sh >/dev/null 2>&1; then
  newest=$(grep -aoE 'GLIBC_[0-9]+\.[0-9]+' "$binary" | sort -uV | tail -n 1)
  [ "$newest" = GLIBC_2.17 ] || fail "$binary needs $newest; scripts/glibc.c says what older C libraries have not"
fi

version=$("$binary" --version) || fail "$binary --version ends with status $?"
echo "$binary: $version, $size bytes (limit $limit)"
