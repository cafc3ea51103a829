#!/usr/bin/env bash
# glibc.sh: prints a folder with what the linker needs so that the binary runs on an old glibc and newer ones: stub libraries and
# crt1.o. The stubs are zig's, from PyPI, made once and kept in the user's cache (100 MB are fetched, 1 MB stays). Where they
# cannot be had it says why and ends with 1: the binary then needs the C library of the machine that builds it.
# glibc.sh --release: prints which glibc that is.
set -euo pipefail
cd "$(dirname "$0")"
. ./cache.sh
zig=ziglang==0.15.2
release=2.17
fail() { echo "glibc.sh: $*; the binary will need this machine's C library, $(getconf GNU_LIBC_VERSION), or a newer one" >&2; exit 1; }

if [ "${1:-}" = --release ]; then
  echo $release
  exit
fi
machine=$(uname -m)
stubs() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  { python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$zig"; } \
    >"$work/log" 2>&1 || fail "no $zig: $(tail -n 1 "$work/log")"
  echo 'int main(void) { return 0; }' >"$work/main.c"
  ZIG_GLOBAL_CACHE_DIR=$work/cache "$work/venv/bin/python" -m ziglang cc -target "$machine-linux-gnu.$release" "$work/main.c" \
    -lm -lpthread -ldl -lutil -lrt -lresolv -o "$work/main" >"$work/log" 2>&1 || fail "no stubs: $(tail -n 1 "$work/log")"
  find "$work/cache" \( -name 'lib*.so.*' -o -name crt1.o -o -name libc_nonshared.a \) -exec cp {} "$folder" \;
  for library in "$folder"/lib*.so.*; do ln -sf "${library##*/}" "${library%.so.*}.so"; done
  # As Debian's own libc.so: the few functions that lie in no shared library come from the archive.
  rm "$folder/libc.so" "$folder/libutil.so"
  echo "GROUP ( \"$folder/libc.so.6\" \"$folder/libc_nonshared.a\" )" >"$folder/libc.so"
  # Nothing here calls it; each library costs a start.
  echo 'GROUP ( )' >"$folder/libutil.so"
}
cached "glibc-$release-$machine-${zig##*=}" stubs
echo "$folder"
