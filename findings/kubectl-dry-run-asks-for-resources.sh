#!/usr/bin/env bash
# `kubectl create clusterrole --dry-run=client` needs an API server, and its neighbours do not.
#
# Package: Debian bookworm's kubernetes-client 1.20.5+really1.20.2-1.1+deb12u1.
# Input: four manifests made with --dry-run=client -o yaml and no kubeconfig: a ServiceAccount, a ClusterRoleBinding, a
# ClusterRole for a path (--non-resource-url) and a ClusterRole for a resource (--resource=endpoints).
# Behaviour seen: the first three print a manifest; the fourth looks the resource up on a server and ends with 1,
#   The connection to the server localhost:8080 was refused - did you specify the right host or port?
# so a pipeline that makes its RBAC files without a cluster gets all of them but the role. Ends with 0 as long as this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -o APT::Sandbox::User=root download 'kubernetes-client=1.20.5+really1.20.2-1.1+deb12u1' >/dev/null
dpkg -x kubernetes-client_*.deb .
make() { env -i HOME="$folder" usr/bin/kubectl create "$@" --dry-run=client -o yaml 2>&1; }
expect() { # WORDS OF WHAT IS SEEN, WHAT IS SEEN
  case $2 in *"$1"*) ;; *) printf 'changed: no "%s" in\n%s\n' "$1" "$2"; exit 1 ;; esac
}

expect 'kind: ServiceAccount' "$(make serviceaccount apisix --namespace apisix)"
expect 'kind: ClusterRoleBinding' "$(make clusterrolebinding apisix --clusterrole=apisix --serviceaccount=apisix:apisix)"
expect 'kind: ClusterRole' "$(make clusterrole apisix --verb=get --non-resource-url=/version)"
status=0
said=$(make clusterrole apisix --verb=list,watch --resource=endpoints) || status=$?
expect 'The connection to the server localhost:8080 was refused' "$said"
[ "$status" = 1 ] || { echo "changed: status $status"; exit 1; }
echo "as described"
