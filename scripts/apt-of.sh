#!/usr/bin/env bash
# apt-of.sh deb|deb-src SUITE FOLDER: prints a configuration for APT_CONFIG with which apt-get downloads packages of another
# suite of Debian, or sources, from the mirror that this machine uses; of its own suite with updates and security. All its
# files lie in FOLDER; nothing is installed.
set -euo pipefail
kind=$1 suite=$2 folder=$3
fail() { echo "apt-of.sh: $*" >&2; exit 1; }

for program in apt-get dpkg-deb; do command -v $program >/dev/null || fail "$program is needed"; done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] || fail "packages of Debian are needed, and $keyring is not here"
# The sources of this machine, whatever form their list has. Of another suite than its own only the mirror is taken.
# shellcheck disable=SC2016 # apt-get's variables
known=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(CODENAME)' 'Created-By: Packages' 'Component: main' 'Origin: Debian')
sources=$(awk -v suite="$suite" 'index($3 "-", suite "-") == 1 && !seen[$0]++ { print $1, $3, $2 }' <<<"$known")
[ -n "$sources" ] || sources=$(awk -v suite="$suite" '$3 !~ /-/ && !found++ { print $1, suite, $2 }' <<<"$known")
[ -n "$sources" ] || fail "this machine's apt knows no Debian mirror"
mkdir -p "$folder/lists/partial" "$folder/archives/partial"
: >"$folder/installed"
entry="$kind [signed-by=$keyring]"
echo "$entry ${sources//$'\n'/$'\n'$entry }" >"$folder/sources.list"
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
