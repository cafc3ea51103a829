#!/usr/bin/env bash
# A namespace expression that PCRE takes and PCRE2 refuses: a hyphen between a class escape and another character.
#
# Packages: Debian bookworm's pcregrep 8.39-15 (PCRE) and pcre2-utils 10.42 (PCRE2), unpacked into a temporary folder.
# Input: the names team-a.b and other, one a line, and the expression ^team[\w-.]+$, as people write it in
# namespace_selector.match. APISIX matches namespaces with the library its nginx was built with: first PCRE, later PCRE2.
# Behaviour seen: pcregrep reads the hyphen as itself and prints team-a.b; pcre2grep takes the expression for a broken
# range and prints
#   pcre2grep: Error in command-line regex at offset 8: invalid range in character class
# Written with the hyphen at the end, ^team[\w.-]+$, both print team-a.b. Ends with 0 as long as this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
packages=(pcregrep=2:8.39-15 libpcre3=2:8.39-15 pcre2-utils=10.42-1+deb12u2 libpcre2-8-0=10.42-1+deb12u2
  libpcre2-16-0=10.42-1+deb12u2 libpcre2-32-0=10.42-1+deb12u2 libpcre2-posix3=10.42-1+deb12u2)
apt-get -o APT::Sandbox::User=root download "${packages[@]}" >/dev/null
for package in *.deb; do dpkg -x "$package" .; done
libraries=$(find . -name 'libpcre*.so*' -printf '%h\n' | sort -u | sed "s#^#$folder/#" | paste -sd:)
export LD_LIBRARY_PATH=$libraries LC_ALL=C

names=$'team-a.b\nother\n'
ask() { # PROGRAM EXPRESSION: what it prints, and its status
  local status=0
  printf '%s' "$names" | "usr/bin/$1" "$2" 2>&1 || status=$?
  echo "status $status"
}
expect() { # WHAT WAS SEEN, WHAT IS SEEN NOW
  [ "$2" = "$1" ] || { printf 'changed:\n--- seen then\n%s\n--- seen now\n%s\n' "$1" "$2"; exit 1; }
}

expect $'team-a.b\nstatus 0' "$(ask pcregrep '^team[\w-.]+$')"
expect $'pcre2grep: Error in command-line regex at offset 8: invalid range in character class\nstatus 2' \
  "$(ask pcre2grep '^team[\w-.]+$')"
for program in pcregrep pcre2grep; do expect $'team-a.b\nstatus 0' "$(ask $program '^team[\w.-]+$')"; done
echo "as described"
