#!/usr/bin/env bash
# packages.sh [--tests]: installs the packages that are missing to build gatecheck (with --tests: to test it as well).
# Where nothing is missing it says nothing and does nothing; where it may not install it prints the command to run.
set -euo pipefail

fail() { printf '%s\n' "$@" >&2; exit 1; }

command -v swift >/dev/null || fail "No swift found in PATH. Install a Swift 6 toolchain (https://www.swift.org/install)."

programs=(pkg-config)
[ "${1:-}" != --tests ] || programs+=(openssl)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  for program in "${programs[@]}"; do
    command -v "$program" >/dev/null || fail "Not a Debian system: please install $program, the headers of libcurl, libyaml, libpcre2, zlib, c-ares and ZooKeeper's C library."
  done
  pkg-config --exists libcurl yaml-0.1 libpcre2-8 zlib libcares || fail "Not a Debian system: please install the headers of libcurl, libyaml, libpcre2, zlib, c-ares and ZooKeeper's C library."
  [ -e /usr/include/zookeeper/zookeeper.h ] || [ -e /usr/local/include/zookeeper/zookeeper.h ] || fail "Not a Debian system: please install the headers of ZooKeeper's C library."
  exit 0
fi

missing=()
for package in libcurl4-openssl-dev libyaml-dev libpcre2-dev zlib1g-dev libc-ares-dev libzookeeper-mt-dev; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
for program in "${programs[@]}"; do
  command -v "$program" >/dev/null || missing+=("$program")
done
[ ${#missing[@]} -gt 0 ] || exit 0

by_hand="apt-get update && apt-get install -y ${missing[*]}"
sudo=()
if [ "$(id -u)" != 0 ]; then
  # Without a terminal sudo cannot ask for a password, so it must need none.
  if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo=(sudo)
    echo "Using sudo to install: ${missing[*]}"
  else
    fail "Packages are missing, and installing them needs root. Run this as root, then try again:" "  $by_hand"
  fi
else
  echo "Installing: ${missing[*]}"
fi

apt() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 "$@"; }
# apt's own account of what it did is of interest only where it failed.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ apt update && apt install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 || {
  cat "$log" >&2
  fail "The packages could not be installed. Mend the above, or run this as root, then try again:" "  $by_hand"
}
