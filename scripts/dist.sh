#!/usr/bin/env bash
# dist.sh [DOOR...]: makes the files of a release in dist/, those of the doors named or of all; scripts/dist/ has a program for
# each. One commit on one machine gives the same bytes each time. Keys, each the path of a file with a secret key:
#   GATECHECK_SIGNING_KEY   ssh-keygen's, for SHA256SUMS
#   GATECHECK_APT_KEY       gpg's, for the apt repository
# GATECHECK_MAINTAINER ("NAME <MAIL>") answers for the .deb, without it the author of the last commit.
# dist.sh --collect packs nothing: it joins what several machines left in dist/.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022

joining=(npm.py kubectl.py apt.py sums.sh)
all=(archive.sh wheel.py deb.sh image.py sbom.py "${joining[@]}")
case ${1:-} in
  '')
    programs=("${all[@]}")
    # Of an older version nothing stays; another folder is the caller's.
    [ -n "${DIST:-}" ] || rm -rf dist
    ;;
  --collect) programs=("${joining[@]}") ;;
  *)
    programs=()
    for door; do
      for program in "${all[@]}"; do
        [ "${program%.*}" != "$door" ] || { programs+=("$program"); continue 2; }
      done
      echo "dist.sh: no door $door; there are ${all[*]%.*}" >&2
      exit 2
    done
    ;;
esac

export VERSION SOURCE_DATE_EPOCH PLATFORM TREE DIST REPOSITORY LC_ALL=C.UTF-8 TZ=UTC
VERSION=$(scripts/version.sh)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
DIST=$(realpath -m "${DIST:-dist}")
# The owner of the repository is known where it is published.
REPOSITORY=${REPOSITORY:-https://github.com/OWNER/gatecheck}
PLATFORM=${PLATFORM:-$(scripts/platform.sh)}
mkdir -p "$DIST"

# What is installed, and whose work is in it: what all that packs takes over.
TREE=
if [ "${1:-}" != --collect ]; then
  TREE=$(mktemp -d)
  trap 'rm -rf "$TREE"' EXIT
  PREFIX=/usr DESTDIR=$TREE scripts/tree.sh install .build/release/gatecheck
  install -D -m 644 LICENSE "$TREE/usr/share/doc/gatecheck/LICENSE"
  scripts/dist/notices.py >"$TREE/usr/share/doc/gatecheck/THIRD-PARTY-NOTICES"
fi

for program in "${programs[@]}"; do "scripts/dist/$program"; done
(cd "$DIST" && find . -type f -printf '%P  %s bytes\n' | sort)
