#!/usr/bin/env bash
# up.sh: etcd, kube-apiserver and kube-controller-manager on 127.0.0.1. Prints the server's URL once it is ready.
#
#   RUN=FOLDER          where its files go; see README.md. A cluster that runs there already is left as it is.
#   API_PORT=PORT       the server's port; a free one without it.
#   OWNER=PID           the cluster goes down by itself when this process ends.
#   EPSLICE_V1=1        serve EndpointSlice of discovery.k8s.io/v1, on releases before 1.21 too.
#   APISERVER_FLAGS=…   further flags for kube-apiserver.
#   GATECHECK_KUBE_ASSETS=FOLDER   the binaries; those of build.sh without it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/processes.sh"
umask 077

run=$(realpath -m "${RUN:?set RUN to the folder for the files of this cluster}")
assets=${GATECHECK_KUBE_ASSETS:-$("$here/build.sh")}
fail() { echo "up.sh: $*" >&2; exit 1; }

kubectl() { "$assets/kubectl" --kubeconfig "$run/admin.kubeconfig" --cache-dir "$run/kubecache" --request-timeout 5s "$@"; }
ready() { [ "$(kubectl get --raw /readyz 2>/dev/null)" = ok ]; }

if [ -e "$run/pids" ]; then
  if all_alive "$run" && ready && url=$(cat "$run/server") && [ "${url##*:}" = "${API_PORT:-${url##*:}}" ]; then
    echo "$url"
    exit 0
  fi
  RUN=$run "$here/down.sh"
elif [ -n "$(ls -A "$run" 2>/dev/null)" ]; then
  fail "$run holds files that are not of a cluster; give RUN another folder"
fi

in_use() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
free_port() { # below the ports that the system gives to clients
  local port
  while port=$((20000 + RANDOM % 12000)) && in_use $port; do :; done
  echo $port
}

if [ -n "${API_PORT:-}" ] && in_use "$API_PORT"; then
  fail "port $API_PORT of 127.0.0.1 is taken by another program"
fi
api_port=${API_PORT:-$(free_port)} etcd_port=$(free_port) peer_port=$(free_port) controllers_port=$(free_port)
url=https://127.0.0.1:$api_port etcd=http://127.0.0.1:$etcd_port peer=http://127.0.0.1:$peer_port

mkdir -p "$run/etcd"
cd "$run"
: >pids
# Whatever goes wrong from here on leaves no process behind.
trap 'RUN=$run "$here/down.sh"' EXIT
"$here/certificates.sh" "$url"

start() { # NAME COMMAND...
  local name=$1
  shift
  detached "$@" >"$name.log" 2>&1 </dev/null &
  echo "$name $! $(start_of $!)" >>pids
  disown # so that bash does not report its end
}

wait_for() { # SECONDS WHAT NAME-OF-LOG COMMAND...
  local deadline=$((SECONDS + $1)) what=$2 log=$3
  shift 3
  until "$@"; do
    if ! all_alive "$run" || [ $SECONDS -ge $deadline ]; then
      tail -n 20 "$log.log" >&2
      fail "$what; the end of its log is above"
    fi
    sleep 0.2
  done
}

minor=$("$assets/kube-apiserver" --version | sed -E 's/.* v1\.([0-9]+).*/\1/')
api_flags=() controller_flags=()
if [ "$minor" -lt 24 ]; then # the ports without TLS, which later releases no longer have
  api_flags+=(--insecure-port=0)
  controller_flags+=(--port=0)
fi
if [ -n "${EPSLICE_V1:-}" ] && [ "$minor" -lt 21 ]; then
  emulate_slices=yes
  api_flags+=(--runtime-config=discovery.k8s.io/v1beta1=false)
  controller_flags+=(--kube-api-content-type=application/json) # a CRD knows no protobuf
fi

start etcd "$assets/etcd" --name test --data-dir etcd \
  --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
  --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "test=$peer"
# An endpoint on loopback is invalid, hence no reconciler for the server's own. APISERVER_FLAGS is split on purpose.
# shellcheck disable=SC2086
start kube-apiserver "$assets/kube-apiserver" --etcd-servers="$etcd" \
  --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$api_port" --endpoint-reconciler-type=none \
  --tls-cert-file=apiserver.crt --tls-private-key-file=apiserver.key --client-ca-file=ca.crt \
  --token-auth-file=tokens.csv --service-account-issuer=https://kubernetes.default.svc \
  --service-account-key-file=sa.pub --service-account-signing-key-file=sa.key \
  --service-cluster-ip-range=10.0.0.0/24 --authorization-mode=RBAC --anonymous-auth=true --profiling=false \
  "${api_flags[@]}" ${APISERVER_FLAGS:-}
wait_for 120 "kube-apiserver is not ready" kube-apiserver ready

if [ -n "${emulate_slices:-}" ]; then
  kubectl create -f "$here/endpointslice-v1.yaml" >/dev/null
  served() { kubectl get --raw /apis/discovery.k8s.io/v1/endpointslices >/dev/null 2>&1; }
  wait_for 30 "EndpointSlice v1 is not served" kube-apiserver served
fi

# Each controller acts under its own account: that of the manager may not do what they do.
start kube-controller-manager "$assets/kube-controller-manager" --kubeconfig=controllers.kubeconfig \
  --leader-elect=false --use-service-account-credentials=true --bind-address=127.0.0.1 \
  --secure-port="$controllers_port" --service-account-private-key-file=sa.key --root-ca-file=ca.crt --profiling=false \
  --controllers=namespace,serviceaccount,serviceaccount-token,root-ca-cert-publisher,endpoint,endpointslice,endpointslicemirroring,garbagecollector,clusterrole-aggregation \
  "${controller_flags[@]}"
# The first thing that shows the controllers at work: the account that each namespace gets.
has_account() { kubectl get serviceaccount default --namespace default >/dev/null 2>&1; }
wait_for 60 "the controllers do nothing" kube-controller-manager has_account

if [ -n "${OWNER:-}" ]; then
  start watcher bash -c '. "$1/processes.sh"; owner=$(start_of "$2")
    while [ -n "$owner" ] && [ "$(start_of "$2")" = "$owner" ]; do sleep 0.5; done
    RUN=$3 exec "$1/down.sh"' watcher "$here" "$OWNER" "$run"
fi

echo "$url" >server
echo "$etcd" >etcd.url
trap - EXIT
echo "$url"
