#!/usr/bin/env bash
# fetch.sh NAME: prints a folder with the files of a server that tests start: consul, etcd, etcd-3.5, zookeeper, nsd,
# knot, unbound, dnsmasq, prometheus, pushgateway; of a program that they run: zsh, fish, mandoc, busybox,
# chromium-headless-shell; of debian-11, with an older C library; or for Benchmarks adns, a resolver beside which gatecheck
# is measured, and nginx, which gives the answers there. They are Debian's packages, unpacked in the cache at the first
# call; nothing is installed or started. Where they cannot be had it says why and ends with 1: a test is then skipped by name.
set -euo pipefail
umask 022
name=${1:?usage: fetch.sh NAME}
fail() { echo "servers: $name: $*" >&2; exit 1; }

# What each needs beside the libraries that a Debian with Swift has.
suite=bookworm
case $name in
  consul) suite=bullseye packages=(consul) ;;
  etcd) packages=(etcd-server etcd-client) ;;
  etcd-3.5) suite=trixie packages=(etcd-server etcd-client) ;;
  zookeeper)
    packages=(zookeeper libzookeeper-java libslf4j-java libjackson2-core-java libjackson2-databind-java
      libjackson2-annotations-java libjetty9-java libnetty-java libservlet-api-java libcommons-cli-java
      libsnappy-java libdropwizard-metrics-java liblog4j1.2-java libreload4j-java) ;;
  nsd) packages=(nsd libprotobuf-c1 libfstrm0) ;;
  knot) packages=(knot libknot13 libdnssec9 libzscanner4 libfstrm0 libprotobuf-c1 liburcu8 liblmdb0 libxdp1 libbpf1 libelf1) ;;
  unbound) packages=(unbound libunbound8 libprotobuf-c1 libfstrm0 libhiredis0.14 libpython3.11) ;;
  dnsmasq) packages=(dnsmasq-base libnetfilter-conntrack3 libnfnetlink0 libnftables1 libnftnl11 libxtables12 libjansson4) ;;
  prometheus) packages=(prometheus) ;;
  pushgateway) packages=(prometheus-pushgateway) ;;
  zsh) packages=(zsh zsh-common) ;;
  fish) packages=(fish fish-common libpcre2-32-0) ;;
  mandoc) packages=(mandoc) ;;
  busybox) packages=(busybox-static) ;;
  chromium-headless-shell)
    packages=(chromium-headless-shell chromium-common libasound2 libatk1.0-0 libatspi2.0-0 libdav1d6 libdbus-1-3
      libdouble-conversion3 libflac12 libfontconfig1 libgbm1 libdrm2 libwayland-server0 libglib2.0-0 libharfbuzz-subset0
      libharfbuzz0b libgraphite2-3 libjpeg62-turbo liblcms2-2 libminizip1 libnspr4 libnss3 libopenh264-7 libopenjp2-7
      libopus0 libogg0 libpulse0 libsndfile1 libasyncns0 libvorbis0a libvorbisenc2 libmp3lame0 libmpg123-0 libx11-xcb1
      libxcomposite1 libxdamage1 libxext6 libxfixes3 libxi6 libxkbcommon0 libxnvctrl0 libxrandr2 libxrender1) ;;
  adns) packages=(adns-tools libadns1) ;;
  nginx) packages=(nginx) ;;
  debian-11)
    suite=bullseye
    packages=(coreutils libc6 libc-bin base-files dash libselinux1 libacl1 libattr1 libgmp10 libpcre2-8-0 libgcc-s1) ;;
  *) fail "no such program" ;;
esac

cache=${XDG_CACHE_HOME:-$HOME/.cache}/gatecheck/servers
if [ -e "$cache/$name/.complete" ]; then
  echo "$cache/$name"
  exit 0
fi
for program in apt-get dpkg-deb flock; do command -v $program >/dev/null || fail "$program is needed to fetch it"; done
mkdir -p "$cache"
exec 9>"$cache.lock"
flock 9 # another clone may be at it
if [ ! -e "$cache/$name/.complete" ]; then
  work=$(mktemp -d "$cache/.work-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/packages" "$work/files"
  APT_CONFIG=$("$(dirname "$0")/../../scripts/apt-of.sh" deb "$suite" "$work" 9>&-) || fail "its packages cannot be looked up"
  export APT_CONFIG
  for package in "${packages[@]}"; do
    (cd "$work/packages" && apt-get -qq download "$package" 9>&-) >"$work/log" 2>&1 || {
      # What a library is called differs a little between releases; what the server cannot do without shows when it runs.
      [ "$package" != "${packages[0]}" ] || fail "$(tail -n 3 "$work/log")"
      continue
    }
  done
  for file in "$work"/packages/*.deb; do dpkg-deb -x "$file" "$work/files"; done
  touch "$work/files/.complete"
  rm -rf "${cache:?}/$name"
  mv "$work/files" "$cache/$name"
fi
echo "$cache/$name"
