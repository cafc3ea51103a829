#!/usr/bin/env bash
# cluster.sh up|down: a Kubernetes API server on 127.0.0.1:6443, in the state that docs/examples/config.yaml expects.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
export RUN=$root/docs/examples/.cluster

case ${1:-} in
  up) ;;
  down) exec Tests/cluster/down.sh ;;
  *) echo "usage: $0 up|down" >&2; exit 2 ;;
esac

GATECHECK_KUBE_ASSETS=$(Tests/cluster/build.sh)
export GATECHECK_KUBE_ASSETS
server=$(API_PORT=6443 EPSLICE_V1=1 Tests/cluster/up.sh)

kubectl() { "$GATECHECK_KUBE_ASSETS/kubectl" --kubeconfig "$RUN/admin.kubeconfig" --cache-dir "$RUN/kubecache" "$@"; }
"${GATECHECK_BINARY:-.build/release/gatecheck}" rbac generate --name apisix-test --namespace default | kubectl apply -f -
kubectl apply -f docs/examples/endpoints.yaml

# The server fills the Secret a moment after it was made. The token lies beside the ca.crt of the cluster.
token=
for _ in $(seq 100); do
  token=$(kubectl get secret apisix-test-token -n default -o 'jsonpath={.data.token}')
  [ -z "$token" ] || break
  sleep 0.1
done
[ -n "$token" ] || { echo "The Secret apisix-test-token was not filled within 10 seconds." >&2; exit 1; }
(umask 077; base64 -d <<<"$token" >"$RUN/token")

cat <<EOF

A Kubernetes API server runs at $server. To try gatecheck on it:

  export PATH="$root/.build/release:$GATECHECK_KUBE_ASSETS:\$PATH"
  export KUBECONFIG="$RUN/admin.kubeconfig"
  cd "$root/docs/examples"

  gatecheck token verify --config config.yaml
  gatecheck resolve default/plat-dev:port --config config.yaml
  kubectl get endpoints -A -o json | gatecheck resolve default/plat-dev:port --from -

\`make cluster-down\` stops it.
EOF
