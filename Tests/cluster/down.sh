#!/usr/bin/env bash
# down.sh: stops what up.sh started in the run folder RUN, and removes the folder. Nothing there is no failure.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/processes.sh"
run=$(realpath -m "${RUN:?set RUN to the folder that was given to up.sh}")

[ -e "$run/pids" ] || exit 0
# The whole folder goes, so nothing needs time to save its state. The last started is the first to go.
tac "$run/pids" | while read -r _ pid start; do
  # This script may itself run as the watcher that up.sh started.
  [ "$pid" != $$ ] && [ "$(start_of "$pid")" = "$start" ] || continue
  kill -KILL "$pid"
  while [ "$(start_of "$pid")" = "$start" ]; do sleep 0.05; done
done
rm -rf "$run"
