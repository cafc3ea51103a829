#!/usr/bin/env bash
# The plugin of kubectl: what krew does with the manifest, done by hand, and the real kubectl.
. "$(dirname "$0")/common.sh"
if assets=$(Tests/cluster/build.sh 2>/dev/null); then PATH=$assets:$PATH; fi
has kubectl || skip "kubectl cannot be had"
archive=$(echo "$DIST/gatecheck-$VERSION-linux"-*.tar.gz)

field() { sed -n "s/^ *-* *$1: //p" "$DIST/gatecheck.yaml"; }
[ "$(field version)" = "v$VERSION" ] || fail "gatecheck.yaml is of another version"
[ "$(field uri)" = "https://github.com/OWNER/gatecheck/releases/download/v$VERSION/${archive##*/}" ] || fail "its uri is $(field uri)"
sha256sum --quiet -c <<<"$(field sha256)  $archive" || fail "its sha256 is not that of ${archive##*/}"
mkdir "$WORK/store" "$WORK/bin"
tar xzf "$archive" -C "$WORK/store"
ln -s "$WORK/store/$(field bin)" "$WORK/bin/kubectl-$(field name)"

export PATH=$WORK/bin:$PATH HOME=$WORK
shows kubectl-gatecheck kubectl plugin list
works kubectl gatecheck
shows 'kubectl gatecheck' kubectl gatecheck lint --help

# Without krew.
rm "$WORK/bin/kubectl-gatecheck"
ln -s "$WORK/store/gatecheck" "$WORK/bin/gatecheck"
mkdir -p "$HOME/.local/bin"
PATH=$HOME/.local/bin:$PATH
bash -e <<<"$(page kubectl)" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
works kubectl gatecheck
