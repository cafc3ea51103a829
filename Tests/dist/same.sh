#!/usr/bin/env bash
# Made twice, the files of dist/ are the same, byte for byte.
. "$(dirname "$0")/common.sh"
DIST=$WORK/dist scripts/dist.sh >/dev/null 2>"$WORK/log" || fail "$(cat "$WORK/log")"
diff -r "$DIST" "$WORK/dist" >"$WORK/log" || fail "$(cat "$WORK/log")"
