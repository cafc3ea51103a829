#!/usr/bin/env bash
# The hook of docs/ci/pre-commit-config.yaml, by the real pre-commit, offline, on a repository of mixed files.
. "$(dirname "$0")/common.sh"
python_from_dist
export HOME=$WORK/home PRE_COMMIT_HOME=$WORK/cache GIT_CONFIG_GLOBAL=$WORK/gitconfig
mkdir "$HOME"
git config --global user.name n
git config --global user.email e@example.com
git config --global init.defaultBranch main

# The repository of the hook, with no more than what it needs, and its tag.
hook=$WORK/gatecheck
mkdir "$hook"
cp -r --parents .pre-commit-hooks.yaml pyproject.toml scripts Sources/gatecheck/Version.swift "$hook"
(cd "$hook" && git init -q && git add . && git commit -qm release && git tag "v$VERSION")

mkdir -p "$WORK/repository/conf" "$WORK/repository/.github/workflows"
cd "$WORK/repository"
sed "s#https://github.com/OWNER/gatecheck#$hook#" "$ROOT/docs/ci/pre-commit-config.yaml" >.pre-commit-config.yaml
cp "$ROOT/docs/examples/broken.yaml" conf/config.yaml
echo 'services: [{name: a, port: 6443}]' >compose.yaml
echo '{"name": "a", "plugins": ["b"]}' >package.json
echo 'on: push' >.github/workflows/ci.yml
echo '[general]' >.clang-tidy
echo 'port: 6443' >notes.md
echo 'fail-on: error' >.gatecheck.yaml
git init -q
git add .

ends 1 pre-commit run --all-files --verbose
pre-commit run --all-files --verbose >"$WORK/log" 2>&1 || true
# Two of eight files are handed over, and one of these is not APISIX's.
shows '[kubernetes/port-not-string]' cat "$WORK/log"
shows 'compose.yaml:1:1: note' cat "$WORK/log"
for other in .github .pre-commit-config .gatecheck package.json .clang-tidy notes.md; do
  ! grep -F -- "$other" "$WORK/log" || fail "$other is handed over"
done

cp "$ROOT/docs/examples/config.yaml" conf/config.yaml
git add .
ends 0 pre-commit run
git rm -q --cached conf/config.yaml compose.yaml
shows '(no files to check)Skipped' pre-commit run
