#!/usr/bin/env bash
# The wheel: what pip, pipx and uv make of it, offline.
. "$(dirname "$0")/common.sh"
python_from_dist
wheel=("$DIST/gatecheck_apisix-$VERSION"-*.whl)
made "${wheel[@]}"

twine check --strict "${wheel[@]}" >"$WORK/twine" || fail "$(cat "$WORK/twine")"
# The tag says no more than what the binary needs.
tag=$(sed -E 's/.*-(manylinux_[0-9]+_[0-9]+_[a-z0-9_]+)\.whl$/\1/' <<<"${wheel[0]}")
shows "\"$tag\"" auditwheel show "${wheel[@]}"

export HOME=$WORK/home PIPX_HOME=$WORK/pipx PIPX_BIN_DIR=$WORK/bin UV_TOOL_DIR=$WORK/tools UV_TOOL_BIN_DIR=$WORK/uvbin
mkdir "$HOME"
python3 -m venv "$WORK/venv"
grep -qxF "$(page pip)" README.md || fail "the README says otherwise how to install"
page pip | PATH=$WORK/venv/bin:$PATH bash -e >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
works "$WORK/venv/bin/gatecheck"
[ -e "$WORK/venv/share/man/man1/gatecheck.1" ] || fail "no man page"
"$WORK/venv/bin/pip" uninstall --quiet --yes gatecheck-apisix
[ ! -e "$WORK/venv/bin/gatecheck" ] || fail "gatecheck is there after pip uninstall"

cp docs/examples/broken.yaml "$WORK"
for door in pipx uv; do
  page $door | (cd "$WORK" && bash) >"$WORK/log" 2>&1 || true
  grep -qF '[kubernetes/port-not-string]' "$WORK/log" || fail "$door: $(cat "$WORK/log")"
done
works "$PIPX_BIN_DIR/gatecheck"
works "$UV_TOOL_BIN_DIR/gatecheck"
