#!/usr/bin/env bash
# writers.sh: prints the bin folder of a Python with clients that others wrote for Nacos and Eureka: nacos-sdk-python and
# py-eureka-client. They register at the contract stubs of the tests, so that these are looked at from outside. It is made
# once, in the user's cache; without PyPI the tests that need it are skipped by name.
set -euo pipefail

packages=(nacos-sdk-python==0.1.14 py-eureka-client==0.13.3)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/gatecheck/writers
mkdir -p "${folder%/*}"
exec 9>"$folder.lock"
flock 9 # another clone may be at it
if [ ! -e "$folder/complete" ]; then
  {
    python3 -m venv --clear "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" &&
      touch "$folder/complete"
  } >&2 || { echo "writers.sh: no ${packages[*]}; their tests are skipped" >&2; exit 1; }
fi
echo "$folder/bin"
