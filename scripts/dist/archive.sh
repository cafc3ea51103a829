#!/usr/bin/env bash
# The archive for the release page, and for all that installs from there. Called by dist.sh.
set -euo pipefail
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
cp "$TREE/usr/bin/gatecheck" LICENSE README.md "$files"
cp -r "$TREE/usr/share" "$files/share"
rm "$files/share/doc/gatecheck/LICENSE"
scripts/dist/packing.py "$files" "$DIST/gatecheck-$VERSION-$PLATFORM.tar.gz"
