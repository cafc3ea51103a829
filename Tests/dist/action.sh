#!/usr/bin/env bash
# The GitHub Action: its first step gets the archive of dist/ and runs it, or says why not; zizmor on all that GitHub runs.
# What the second step does is shown by CITests.
. "$(dirname "$0")/common.sh"
python_from_dist

zizmor --offline --quiet action.yml docs/ci/github-workflow.yaml .github/workflows >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
! grep -rhE '^ *(- )?uses: ' action.yml docs/ci/github-workflow.yaml .github/workflows | grep -vE '@[0-9a-f]{40} # v' || fail "not pinned"

mkdir "$WORK/releases" "$WORK/bin"
cp -r "$DIST" "$WORK/releases/v$VERSION"
for program in bash cat curl cut dirname env grep mkdir mktemp mv pwd rm sed sha256sum sleep tar tr uname gzip; do
  ln -s "$(command -v $program)" "$WORK/bin/$program"
done
# shellcheck disable=SC2016
script=$(python -c 'import yaml; print(yaml.safe_load(open("action.yml"))["runs"]["steps"][0]["run"])')

# find RELEASES: the first step, on a PATH without gatecheck.
find_step() {
  rm -rf "$WORK/temporary"
  mkdir "$WORK/temporary"
  env -i PATH="$WORK/bin" BINARY= RELEASES="$1" REPOSITORY=file:///none ACTION="$ROOT" RUNNER_TEMP="$WORK/temporary" \
    GITHUB_OUTPUT="$WORK/temporary/output" bash --noprofile --norc -eo pipefail -c "$script"
}
shows "$VERSION" find_step "file://$WORK/releases"
binary=$(sed -n 's/^binary=//p' "$WORK/temporary/output")
works "$binary"

shows "file:///none/releases/download/v$VERSION has no gatecheck-$VERSION" find_step ''
echo >>"$(echo "$WORK/releases/v$VERSION/gatecheck-$VERSION-linux"-*.tar.gz)"
shows FAILED find_step "file://$WORK/releases"
[ ! -e "$WORK/temporary/output" ] || fail "a changed archive is taken"
sed -i /linux/d "$WORK/releases/v$VERSION/SHA256SUMS"
shows 'SHA256SUMS does not name' find_step "file://$WORK/releases"
