#!/usr/bin/env bash
# build.sh: prints a folder with kube-apiserver, kube-controller-manager, etcd and kubectl.
#
# That is KUBEBUILDER_ASSETS if it holds all four; else a folder in the cache, which is filled first if need be: the
# two servers are compiled from Debian bookworm's source package of Kubernetes 1.20.2, whose tarball is the whole
# upstream tree, and the other two are binary packages. Nothing is installed; packages are unpacked aside.
#
#   JOBS=2        how many compilations run at once
set -euo pipefail
umask 022
needed=(kube-apiserver kube-controller-manager etcd kubectl)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gatecheck/kube-1.20.2

say() { echo "cluster: $*" >&2; }
fail() { say "$*"; exit 1; }
lacks() { # FOLDER: prints the first that it lacks
  local program
  for program in "${needed[@]}"; do
    [ -x "$1/$program" ] || { echo "$program"; return; }
  done
}

if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
  lacking=$(lacks "$KUBEBUILDER_ASSETS")
  if [ -z "$lacking" ]; then
    realpath "$KUBEBUILDER_ASSETS"
    exit 0
  fi
  say "KUBEBUILDER_ASSETS has no $lacking, so a build of our own is used instead"
fi
if [ -z "$(lacks "$cache")" ]; then
  echo "$cache"
  exit 0
fi

# What it takes, all looked at before anything begins.
other_way="; or set KUBEBUILDER_ASSETS to a folder with ${needed[*]}"
for program in apt-get dpkg-deb tar gzip awk find flock; do
  command -v $program >/dev/null || fail "$program is needed to build the API server$other_way"
done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] || fail "the API server is built from Debian's source, and $keyring is not here$other_way"
# The mirror that this machine uses, whatever form its list of sources has.
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
  | awk -v codename="$codename" '$2 == codename && $3 == "main" { print $1; exit }')
[ -n "$mirror" ] || fail "this machine's apt knows no Debian mirror for $codename$other_way"

mkdir -p "$cache"
exec 9>"$cache.lock"
flock 9 # another build of the same, in another clone, may be under way
if [ -z "$(lacks "$cache")" ]; then
  echo "$cache"
  exit 0
fi
work=$cache.build
free=$(df --output=avail -k "$cache" | tail -n 1)
[ "$free" -gt 3500000 ] || fail "building the API server takes 3.5 GB for a while, and ${cache%/*} has $((free / 1000)) MB$other_way"

say "building kube-apiserver in $cache, once on this machine; this takes about five minutes and 3.5 GB for a while"
remove() { [ ! -e "$work" ] || { chmod -R u+w "$work" && rm -rf "$work"; }; }
remove
trap remove EXIT
mkdir -p "$work"/{out,lists/partial,cache/archives/partial,packages,root,home}
log=$work/log
step() { # WHAT COMMAND...
  local what=$1
  shift
  say "$what"
  "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "$what failed; the end of its output is above"; }
}

# An apt of our own: this machine's mirror and settings, bookworm with sources, signatures checked.
for kind in deb deb-src; do
  echo "$kind [signed-by=$keyring] $mirror bookworm main"
done >"$work/sources.list"
apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root
  -o Acquire::Languages=none -o Acquire::Retries=3)
cd "$work/packages"
step "reading the package lists" "${apt[@]}" update
step "downloading the source of Kubernetes" "${apt[@]}" source --download-only kubernetes
step "downloading the compiler, etcd and kubectl" "${apt[@]}" download \
  golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev etcd-server kubernetes-client
for package in *.deb; do
  step "unpacking ${package%%_*}" dpkg-deb -x "$package" "$work/root"
done
cp "$work/root/usr/bin/etcd" "$work/root/usr/bin/kubectl" "$work/out/"

# The generator of openapi code wants the tree at its place in GOPATH.
tree=$work/gopath/src/k8s.io/kubernetes
mkdir -p "$tree"
step "unpacking the source" tar xzf kubernetes_*.orig.tar.gz --strip-components=1 -C "$tree"
# The reflect2 in vendor/ relies on a function of the runtime that Go 1.18 changed; Debian's package is newer.
reflect2=$tree/vendor/github.com/modern-go/reflect2
rm -f "$reflect2"/*.go "$reflect2"/*.s
cp "$work"/root/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} "$reflect2/"

export GOROOT=$work/root/usr/lib/go-1.19 GOPATH=$work/gopath GOCACHE=$work/gocache HOME=$work/home
export GO111MODULE=off CGO_ENABLED=0 GOPROXY=off GOTOOLCHAIN=local GOFLAGS="-p=${JOBS:-2} -trimpath"
PATH=$GOROOT/bin:$PATH
cd "$tree"

# The one generated file that the tarball lacks: the openapi definitions of every package marked for them.
step "building openapi-gen" go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
components=(api apimachinery apiextensions-apiserver apiserver client-go cloud-provider component-base component-helpers
  controller-manager kube-aggregator kube-controller-manager kube-proxy kube-scheduler kubelet metrics)
marked=$(find -L cmd pkg plugin "${components[@]/#/vendor/k8s.io/}" \
  -name '*.go' ! -name '*_test.go' ! -name 'zz_generated*' -print0 \
  | xargs -0 grep -l '+k8s:openapi-gen=' | xargs -n 1 dirname | sort -u)
inputs=()
for folder in $marked; do
  inputs+=(--input-dirs "k8s.io/kubernetes/$folder")
done
step "generating openapi definitions" "$work/openapi-gen" --logtostderr -v 0 -r /dev/null \
  --go-header-file hack/boilerplate/boilerplate.generatego.txt -O zz_generated.openapi \
  --output-package k8s.io/kubernetes/pkg/generated/openapi --output-base "$GOPATH/src" "${inputs[@]}"

flags="-s -w"
for package in component-base/version client-go/pkg/version; do
  for setting in gitVersion=v1.20.2 gitMajor=1 gitMinor=20 gitTreeState=archive buildDate=1970-01-01T00:00:00Z; do
    flags+=" -X k8s.io/kubernetes/vendor/k8s.io/$package.$setting"
  done
done
for program in kube-apiserver kube-controller-manager; do
  # Without the cloud providers the programs are half the size.
  step "building $program" go build -tags "providerless dockerless" -ldflags "$flags" \
    -o "$work/out/$program" "./cmd/$program"
done

mv -f "$work"/out/* "$cache/"
echo "$cache"
