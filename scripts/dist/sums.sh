#!/usr/bin/env bash
# SHA256SUMS of the release page's files, and its signature where there is a key. Called by dist.sh.
set -euo pipefail
cd "$DIST"
rm -f SHA256SUMS SHA256SUMS.sig allowed_signers
mapfile -t files < <(find . -maxdepth 1 -type f -printf '%P\n' | sort)
sha256sum -- "${files[@]}" >SHA256SUMS

if [ -n "${GATECHECK_SIGNING_KEY:-}" ]; then
  ssh-keygen -q -Y sign -f "$GATECHECK_SIGNING_KEY" -n gatecheck SHA256SUMS
  echo "gatecheck namespaces=\"gatecheck\" $(ssh-keygen -y -f "$GATECHECK_SIGNING_KEY")" >allowed_signers
else
  echo "SHA256SUMS is not signed: GATECHECK_SIGNING_KEY names no key" >&2
fi
