#!/usr/bin/env bash
# dist-test.sh [DOOR...]: tries the files of dist/ as a user gets them, by Tests/dist/DOOR.sh, and prints a table of what was
# seen, how long it took and how large the files are. Without arguments all doors.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8 # EPOCHREALTIME has a comma in other places
doors=("$@")
if [ $# = 0 ]; then
  for test in Tests/dist/*.sh; do [ ! -x "$test" ] || doors+=("$(basename "$test" .sh)"); done
fi

log=$(mktemp) REPORT=$(mktemp)
export REPORT
trap 'rm -f "$log" "$REPORT"' EXIT
passed=0 failed=0 skipped=0 table=''
for door in "${doors[@]}"; do
  : >"$REPORT"
  start=$EPOCHREALTIME code=0
  "Tests/dist/$door.sh" >"$log" 2>&1 </dev/null || code=$?
  seconds=$(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $start }")
  case $code in
    0) result=passed passed=$((passed + 1)) ;;
    77) result=skipped skipped=$((skipped + 1)) ;;
    *) result=FAILED failed=$((failed + 1)) ;;
  esac
  # Of what passed only that is of interest which was left out.
  if [ $code = 0 ]; then sed -n "s/^not run: /$door: &/p" "$log"; else sed "s/^/$door: /" "$log"; fi
  table+=$(printf '%-12s %-8s %6s s  %s' "$door" "$result" "$seconds" "$(awk '{ printf "%s%s %.1f MB", sep, $1, $2 / 1e6; sep = ", " }' "$REPORT")")$'\n'
done
printf '%s%s passed, %s failed, %s skipped\n' "$table" $passed $failed $skipped
[ $failed = 0 ]
