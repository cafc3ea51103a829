#!/usr/bin/env bash
# Writes docs/rules/ from the rules themselves; a test fails while it is stale.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --product gatecheck
rm -rf docs/rules
"$(swift build --show-bin-path)/gatecheck" rules --markdown-to docs/rules
