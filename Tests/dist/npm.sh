#!/usr/bin/env bash
# The packages of npm, installed by the real npm from a registry of this test's own, which has nothing else.
. "$(dirname "$0")/common.sh"
has npm || skip "npm is not installed (apt-get install npm)"
made "$DIST"/npm/*.tgz

coproc REGISTRY { exec python3 Tests/dist/registry.py "$DIST/npm"; }
read -r address <&"${REGISTRY[0]}"
export HOME=$WORK/home npm_config_registry=$address npm_config_prefix=$WORK/global npm_config_audit=false npm_config_update_notifier=false
mkdir -p "$HOME" "$WORK/user" "$WORK/global/lib"
cp docs/examples/broken.yaml "$WORK/user"

page npm >"$WORK/commands"
(cd "$WORK/user" && bash "$WORK/commands") >"$WORK/log" 2>&1 || true
grep -qF '[kubernetes/port-not-string]' "$WORK/log" || fail "$(cat "$WORK/log")"
works "$WORK/global/bin/gatecheck"
ends 3 "$WORK/global/bin/gatecheck" lint /none
# A signal to it ends the program too, with the program's own status.
touch "$WORK/error.log"
"$WORK/global/bin/gatecheck" logs explain -f "$WORK/error.log" >/dev/null 2>&1 & started=$!
for _ in $(seq 100); do child=$(pgrep -P $started) && break; sleep 0.1; done
kill -TERM $started
status=0
wait $started || status=$?
[ $status = 143 ] || fail "after SIGTERM it ends with $status"
! kill -0 "$child" 2>/dev/null || fail "after SIGTERM the program goes on"

rm -r "$WORK/global/lib/node_modules/gatecheck-apisix/node_modules"
shows 'is not there: npm install without --omit=optional' "$WORK/global/bin/gatecheck"
