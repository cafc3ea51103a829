#!/bin/sh
# .git/hooks/pre-commit: checks the YAML and JSON files of the commit, without any other tool.
git diff --cached --name-only -z --diff-filter=d -- '*.yaml' '*.yml' '*.json' | {
  files=$(mktemp) && trap 'rm -f "$files"' EXIT && cat >"$files"
  [ ! -s "$files" ] || gatecheck lint --files-from "$files"
}
