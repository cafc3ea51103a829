#!/usr/bin/env bash
# The apt repository, signed with a throw-away key: apt-get takes it with the key, and refuses it when it was changed.
. "$(dirname "$0")/common.sh"
. Tests/dist/debian.sh
has gpg || skip "gpg is not installed (apt-get install gpg)"
root_of_debian

# As `make dist` with a key makes it, in a folder of its own.
export GNUPGHOME=$WORK/gnupg
mkdir -m 700 "$GNUPGHOME"
epoch=$(git log -1 --format=%ct)
gpg --batch --quiet --passphrase '' --faked-system-time "$((epoch - 86400))!" --quick-generate-key 'test <test@example.com>' ed25519 sign never 2>/dev/null
gpg --batch --armor --export-secret-keys >"$WORK/key"
mkdir "$WORK/dist"
cp "$DIST/gatecheck_${VERSION}"_*.deb "$WORK/dist"
DIST=$WORK/dist GATECHECK_APT_KEY=$WORK/key scripts/dist.sh apt >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
cp -r "$WORK/dist/apt" "$WORK/again"
DIST=$WORK/dist GATECHECK_APT_KEY=$WORK/key scripts/dist.sh apt >/dev/null
diff -r "$WORK/dist/apt" "$WORK/again" || fail "made twice it differs"

cp -r "$WORK/dist/apt" "$WORK/debian$DIST/apt"
inside bash -ec "$(page apt)" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
shows "$VERSION" inside gatecheck --version
inside apt-get -qq purge gatecheck >/dev/null 2>&1

# changed FILE EXPRESSION SAID: one changed byte of a file is seen.
changed() {
  rm -rf "$WORK/debian$DIST/apt" "$WORK/debian"/var/lib/apt/lists/*
  cp -r "$WORK/again" "$WORK/debian$DIST/apt"
  rm "$WORK/debian$DIST/apt/Packages.gz"
  sed -i "$2" "$WORK/debian$DIST/apt/$1"
  shows "$3" inside apt-get update
}
changed Packages s/admin/Admin/ 'Hash Sum mismatch'
changed InRelease s/stable/stabil/ BADSIG
