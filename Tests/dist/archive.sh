#!/usr/bin/env bash
# The archive, its sum and its signature, made with a throw-away key and verified offline; a changed byte is seen.
. "$(dirname "$0")/common.sh"
archive=$(echo "$DIST/gatecheck-$VERSION-linux"-*.tar.gz)
made "$archive"

# mise, aqua and eget look for the system and the machine in the names of the release's page: one file may have both.
machine=${archive##*-} found=$(find "$DIST" -maxdepth 1 -name "*linux*${machine%.tar.gz}*")
[ "$found" = "$archive" ] || fail "not one file has linux and ${machine%.tar.gz} in its name: $found"

ssh-keygen -q -t ed25519 -N '' -C '' -f "$WORK/key"
cp -r "$DIST" "$WORK/page"
DIST=$WORK/page
GATECHECK_SIGNING_KEY=$WORK/key DIST=$DIST scripts/dist.sh --collect >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
commands=$(page archive)
mkdir "$WORK/user"
cd "$WORK/user"
bash -e <<<"$commands" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
works gatecheck/gatecheck
for file in LICENSE README.md share/man/man1/gatecheck.1 share/bash-completion/completions/gatecheck share/doc/gatecheck/THIRD-PARTY-NOTICES; do
  [ -s "gatecheck/$file" ] || fail "the archive has no $file"
done

echo >>"$DIST/${archive##*/}"
! bash -e <<<"$commands" >"$WORK/log" 2>&1 || fail "a changed archive is taken"
grep -q "FAILED" "$WORK/log" || fail "$(cat "$WORK/log")"
cp "$archive" "$DIST"
sed -i '1s/^./x/' "$DIST/SHA256SUMS"
! bash -e <<<"$commands" >"$WORK/log" 2>&1 || fail "changed sums are taken"
grep -q "Could not verify signature" "$WORK/log" || fail "$(cat "$WORK/log")"
