#!/usr/bin/env bash
# Prints the version, from the one place where it stands.
set -euo pipefail
sed -n 's/.*static let current = "\(.*\)".*/\1/p' "$(dirname "$0")/../Sources/gatecheck/Version.swift"
