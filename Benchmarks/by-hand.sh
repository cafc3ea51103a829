#!/usr/bin/env bash
# by-hand.sh KUBECTL RUN SERVER: what a person types who wants to know what `gatecheck doctor --kubeconfig` finds out.
set -euo pipefail
program=$1 run=$2 server=$3 account=system:serviceaccount:apisix:apisix
kubectl() { "$program" --kubeconfig "$run/admin.kubeconfig" --cache-dir "$run/cache" "$@"; }
# What runs APISIX, with which configuration?
kubectl get deployments,daemonsets,statefulsets -A -o wide
kubectl -n apisix get configmap apisix -o yaml
kubectl -n apisix get deployment apisix -o yaml
# Does the API server answer, and is it one?
curl -sSf --cacert "$run/ca.crt" "$server/version"
# May the account list and watch, and no more?
kubectl auth can-i list endpoints -A --as "$account"
kubectl auth can-i watch endpoints -A --as "$account"
kubectl auth can-i --list --as "$account"
kubectl get clusterrolebindings,rolebindings -A -o wide
# What is there to route to?
kubectl get endpoints -A --as "$account"
