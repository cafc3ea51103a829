#!/bin/sh
# .git/hooks/pre-commit: checks the YAML and JSON files of the commit as they are staged, without any other tool.
staged=$(mktemp -d) && trap 'rm -rf "$staged"' EXIT
git diff --cached --name-only -z --diff-filter=d -- '*.yaml' '*.yml' '*.json' >"$staged/.names"
git checkout-index -z --stdin --prefix="$staged/" <"$staged/.names"
cd "$staged" && { [ ! -s .names ] || gatecheck lint --files-from .names; }
