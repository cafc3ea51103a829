#!/usr/bin/env bash
# restart.sh down|up: kills the kube-apiserver of the run folder RUN as a crash would, or starts it again as it was.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/processes.sh"
cd "${RUN:?set RUN to the folder that was given to up.sh}"

read -r _ pid start < <(grep '^kube-apiserver ' pids)
case ${1:-} in
  down)
    # The command line, to be used again, and not the process that is about to go.
    cp "/proc/$pid/cmdline" kube-apiserver.command
    kill -KILL "$pid"
    while [ "$(start_of "$pid")" = "$start" ]; do sleep 0.05; done
    ;;
  up)
    mapfile -d '' command <kube-apiserver.command
    detached "${command[@]}" >>kube-apiserver.log 2>&1 </dev/null &
    sed -i "s/^kube-apiserver .*/kube-apiserver $! $(start_of $!)/" pids
    disown
    ;;
  *) echo "usage: RUN=FOLDER $0 down|up" >&2; exit 2 ;;
esac
