#!/usr/bin/env bash
# certificates.sh URL: in the working folder a CA, what it signs for server, administrator and controllers, the key
# that signs ServiceAccount tokens, and the kubeconfigs. Everything is made for this run and worth nothing elsewhere.
set -euo pipefail
url=$1
folder=$PWD

# Elliptic curves, because their keys are made in no time.
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

certificate() { # NAME SUBJECT USE [ALTERNATIVE NAMES]
  key "$1.key"
  {
    echo "basicConstraints=CA:FALSE"
    echo "keyUsage=critical,digitalSignature"
    echo "extendedKeyUsage=$3"
    [ -z "${4:-}" ] || echo "subjectAltName=$4"
  } >"$1.ext"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -sha256 \
    -extfile "$1.ext" -out "$1.crt" 2>/dev/null
  rm "$1.csr" "$1.ext"
}

kubeconfig() { # NAME, of a certificate
  cat >"$1.kubeconfig" <<EOF
apiVersion: v1
kind: Config
clusters:
  - name: gatecheck-test
    cluster:
      server: $url
      certificate-authority: $folder/ca.crt
users:
  - name: $1
    user:
      client-certificate: $folder/$1.crt
      client-key: $folder/$1.key
contexts:
  - name: gatecheck-test
    context:
      cluster: gatecheck-test
      user: $1
current-context: gatecheck-test
EOF
}

key ca.key
openssl req -x509 -new -key ca.key -sha256 -days 365 -subj /CN=gatecheck-test-ca -out ca.crt \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
# A client's too: with it etcd's JSON gateway calls etcd itself.
certificate apiserver /CN=kube-apiserver serverAuth,clientAuth \
  "IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
certificate admin /O=system:masters/CN=admin clientAuth
certificate controllers /CN=system:kube-controller-manager clientAuth
kubeconfig admin
kubeconfig controllers

openssl genrsa -out sa.key 2048 2>/dev/null
openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null

static_token() { # NAME USER [GROUP]
  openssl rand -hex 16 | tr -d '\n' >"$1.token"
  echo "$(cat "$1.token"),$2,uid-$1${3:+,\"$3\"}" >>tokens.csv
}
static_token admin admin-token system:masters
static_token node system:node:worker
static_token person jane
