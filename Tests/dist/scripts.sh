#!/usr/bin/env bash
# The scripts of doors themselves: shellcheck is silent, none is long, and the version stands nowhere but in its place.
. "$(dirname "$0")/common.sh"
python_from_dist
mapfile -t scripts < <(git ls-files -co --exclude-standard 'scripts/*.sh' scripts/dist Tests/dist)
for script in "${scripts[@]}"; do
  [ "$(wc -l <"$script")" -lt 100 ] || fail "$script has 100 lines or more"
  case $script in *.sh) shellcheck -x -P SCRIPTDIR:Tests/dist -S style "$script" || fail "$script" ;; esac
done
# What packs is no door because it lies beside them.
ends 2 scripts/dist.sh packing
! grep -nF "$VERSION" "${scripts[@]}" pyproject.toml .pre-commit-hooks.yaml action.yml .github/workflows/* || fail "a version is written here"
# Pages name it, for people to copy, and it is this one.
named=$(grep -noE '(/download/v|gatecheck[:_-]|gatecheck@0+ # v|rev: v|URL/v)[0-9]+\.[0-9]+\.[0-9]+' docs/install.md docs/ci.md docs/ci/* docs/zh/install.md docs/zh/ci.md)
! grep -vF "$VERSION" <<<"$named" || fail "a page names another version than $VERSION"
