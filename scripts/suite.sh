#!/usr/bin/env bash
# Prints the name of the release of Debian that this machine runs, such as bookworm.
set -euo pipefail
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
[ -n "$suite" ] || { echo "suite.sh: this system's release has no name (VERSION_CODENAME in /etc/os-release)" >&2; exit 1; }
echo "$suite"
