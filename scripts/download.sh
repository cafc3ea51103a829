#!/usr/bin/env bash
# download.sh RELEASES FOLDER: fetches the archive of this version for this machine from RELEASES/vVERSION/, compares its sum
# with the one published beside it, unpacks it into FOLDER and prints the path of the program.
set -euo pipefail
releases=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
cd "$(dirname "$0")"
version=$(./version.sh)
name=gatecheck-$version-$(./platform.sh)
program=$folder/$name/gatecheck
if [ ! -x "$program" ]; then
  # Beside its place, so that nobody finds half of it there.
  work=$(mktemp -d "$folder/.work-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  fetch() { curl -fsSL --retry 3 -o "$work/$1" "$releases/v$version/$1" || { echo "gatecheck: $releases/v$version has no $1" >&2; exit 1; }; }
  fetch "$name.tar.gz"
  fetch SHA256SUMS
  sum=$(grep -F " $name.tar.gz" "$work/SHA256SUMS") || { echo "gatecheck: SHA256SUMS does not name $name.tar.gz" >&2; exit 1; }
  if command -v sha256sum >/dev/null; then check=(sha256sum); else check=(shasum -a 256); fi
  (cd "$work" && "${check[@]}" -c - <<<"$sum") >&2
  mkdir "$work/files"
  tar xzf "$work/$name.tar.gz" -C "$work/files"
  rm -rf "${folder:?}/$name"
  mv "$work/files" "$folder/$name"
fi
echo "$program"
