# What the tests of doors share; each begins with `. "$(dirname "$0")/common.sh"`. They start from an empty folder, WORK, and
# from the files of DIST. A step that fails ends the test; what cannot be had is said by name, and is no failure.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
ROOT=$PWD DIST=${DIST:-$PWD/dist} VERSION=$(scripts/version.sh)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

fail() { echo "failed: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
skipped() { echo "not run: $*"; }
has() { command -v "$1" >/dev/null; }
run_as_root() { [ "$(id -u)" = 0 ] || skip "$1 needs root"; }

# shows TEXT COMMAND...: the command prints the text, whatever its status.
shows() {
  local text=$1 printed
  shift
  printed=$("$@" 2>&1) || true
  grep -qF -- "$text" <<<"$printed" || fail "\`$*\` does not show \"$text\", but: ${printed:0:2000}"
}

# ends STATUS COMMAND...
ends() {
  local expected=$1 status=0 printed
  shift
  printed=$("$@" 2>&1) || status=$?
  [ "$status" = "$expected" ] || fail "\`$*\` ends with $status, not $expected: ${printed:0:2000}"
}

# works GATECHECK...: that it is this version, finds a mistake and says so with its status.
works() {
  shows "$VERSION" "$@" --version
  shows "[kubernetes/port-not-string]" "$@" lint "$ROOT/docs/examples/broken.yaml"
  ends 1 "$@" lint "$ROOT/docs/examples/broken.yaml"
}

# made FILE...: for the table of dist-test.sh.
made() { stat -c '%n %s' -- "$@" | sed "s#^$DIST/##" >>"${REPORT:-/dev/null}"; }

# page DOOR: the commands that docs/install.md shows for it, for this machine, with the release's page in DIST.
page() {
  local block machine
  machine=$(scripts/platform.sh)
  block=$(awk -v first="\`\`\`sh $1" '$0 == first { on = 1; next } /^```/ { on = 0 } on' docs/install.md)
  [ -n "$block" ] || fail "docs/install.md has no block for $1"
  sed "s#amd64#${machine##*-}#g; s#https://github.com/OWNER/gatecheck/releases/download/v$VERSION#file://$DIST#g; s#https://OWNER.github.io/gatecheck#file://$DIST#g" <<<"$block"
}

# programs of PyPI on PATH, and packages from DIST alone.
python_from_dist() {
  local doors
  doors=$(scripts/python.sh doors) || skip "the programs of PyPI cannot be had"
  export PATH=$doors:$PATH PIP_NO_INDEX=1 PIP_FIND_LINKS=$DIST UV_OFFLINE=1 UV_NO_INDEX=1 UV_FIND_LINKS=$DIST UV_CACHE_DIR=$WORK/uv
}
