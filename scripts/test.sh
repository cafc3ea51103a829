#!/usr/bin/env bash
# test.sh [ARGUMENTS FOR swift test]: builds, and runs every test, those on a real Kubernetes API server too.
set -euo pipefail
cd "$(dirname "$0")/.."

# Takes minutes on the first run on a machine, nothing afterwards.
GATECHECK_KUBE_ASSETS=$(Tests/cluster/build.sh)
logs=$(mktemp -d) fuzz='' cluster=''
trap '[ -z "$fuzz" ] || kill "$fuzz" 2>/dev/null || true; [ -z "$cluster" ] || scripts/cluster.sh down >/dev/null
  rm -rf "$logs"' EXIT
# The fuzz targets, which `make test` runs afterwards, are built with what is left of the processor.
if [ $# -eq 0 ]; then nice -n 19 scripts/fuzz.sh build >"$logs/fuzz" 2>&1 & fuzz=$!; fi
# Nobody looks at tests in a debugger here.
swift build --build-tests -debug-info-format none
GATECHECK_BINARY=${GATECHECK_BINARY:-$(swift build --show-bin-path)/gatecheck}
export GATECHECK_KUBE_ASSETS GATECHECK_BINARY

# Validators of what gatecheck prints, and pre-commit.
if python=$(scripts/python.sh); then export PATH=$python:$PATH; fi

# The live commands of the README run on the server of `make cluster`; one that is up already stays up.
[ -e docs/examples/.cluster/server ] || cluster=ours
if scripts/cluster.sh up >/dev/null; then export GATECHECK_CLUSTER_EXAMPLES=$PWD/docs/examples; fi

run() { swift test --skip-build --disable-xctest --ignore-lock "$@"; }
if [ $# -gt 0 ]; then
  run "$@"
  exit
fi
# Each process runs as many tests at once as there are cores, and tests wait as well as work: so there are several,
# with servers of registries, those that do one thing after the other on an API server, what else runs the program, and
# the rest.
parts=('Registry|Consul|Nacos|Eureka|ZooKeeper|Etcd|DNS|HostileServer' FaultMatrix 'ResolveServer|HelpLine|DoctorFleet'
  'Doctor|Token|RBAC' AcceptanceTests)
processes=() others='' status=0
for part in "${parts[@]}"; do
  run --filter "$part" ${others:+--skip "$others"} >"$logs/${#processes[@]}" 2>&1 & processes+=($!)
  others+=${others:+|}$part
done
run --skip "$others" || status=$?
for index in "${!processes[@]}"; do
  wait "${processes[index]}" || status=$?
  cat "$logs/$index"
done
wait "$fuzz" || { cat "$logs/fuzz" && status=1; }
exit $status
