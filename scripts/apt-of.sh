#!/usr/bin/env bash
# apt-of.sh deb|deb-src SUITE FOLDER: prints a configuration for APT_CONFIG with which apt-get downloads packages of another
# suite of Debian, or sources, from the mirror that this machine uses. All its files lie in FOLDER; nothing is installed.
set -euo pipefail
kind=$1 suite=$2 folder=$3
fail() { echo "apt-of.sh: $*" >&2; exit 1; }

for program in apt-get dpkg-deb; do command -v $program >/dev/null || fail "$program is needed"; done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] || fail "packages of Debian are needed, and $keyring is not here"
# The mirror that this machine uses, whatever form its list of sources has.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(CODENAME)' 'Created-By: Packages' \
  | awk '$2 == "main" && $3 !~ /-/ { print $1; exit }')
[ -n "$mirror" ] || fail "this machine's apt knows no Debian mirror"
mkdir -p "$folder/lists/partial" "$folder/archives/partial"
: >"$folder/installed"
echo "$kind [signed-by=$keyring] $mirror $suite main" >"$folder/sources.list"
cat >"$folder/apt.conf" <<X
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$folder/lists";
Dir::State::status "$folder/installed";
Dir::Cache "$folder";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
X
APT_CONFIG=$folder/apt.conf apt-get -qq update >"$folder/log" 2>&1 || fail "$(tail -n 3 "$folder/log")"
echo "$folder/apt.conf"
