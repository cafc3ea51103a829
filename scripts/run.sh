#!/usr/bin/env bash
# Walks through docs/examples with the built binary, offline. A status other than the expected one is a failure.
set -euo pipefail
cd "$(dirname "$0")/../docs/examples"
PATH=$(cd ../../.build/release && pwd):$PATH

show() { # EXPECTED-STATUS COMMENT COMMAND...
  local expected=$1 comment=$2 status=0
  shift 2
  printf '\n# %s\n$ %s\n' "$comment" "$*"
  "$@" || status=$?
  [ "$status" = 0 ] || printf '(exit status %s)\n' "$status"
  [ "$status" = "$expected" ] || { echo "make run: expected exit status $expected" >&2; exit 1; }
}

show 1 "A config.yaml that APISIX refuses: what is really wrong with it" gatecheck lint broken.yaml
show 1 "What gatecheck would change in it (--fix does so)" gatecheck lint --diff broken.yaml
show 0 "What APISIX needs in Kubernetes, for kubectl apply" gatecheck rbac generate --name apisix-test --namespace default
show 0 "The nodes that APISIX would find for a service_name" gatecheck resolve default/plat-dev:port --from endpoints.yaml
