#!/usr/bin/env bash
# An SRV record whose target has no address: of three zone checkers one says so.
#
# Packages: Debian bookworm's bind9-utils 1:9.18.49-1~deb12u3 (named-checkzone), nsd 4.6.1-1 (nsd-checkzone) and
# knot-dnssecutils 3.2.6-1 (kzonecheck), with the libraries of theirs, unpacked into a temporary folder.
# Input: a zone with _http._tcp.web SRV 10 1 8080 web-1, and no record of web-1: what is left when a host was renamed.
# Who looks services up by SRV, as APISIX does, finds the service and then not one node.
# Behaviour seen: all three end with 0. named-checkzone prints
#   _http._tcp.web.example.test/SRV 'web-1.example.test' has no address records (A or AAAA)
# nsd-checkzone says "zone example.test is ok", kzonecheck -v "No semantic error found". Ends with 0 as long as this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -o APT::Sandbox::User=root download bind9-utils='1:9.18.49-1~deb12u3' bind9-libs='1:9.18.49-1~deb12u3' \
  nsd=4.6.1-1 knot-dnssecutils=3.2.6-1 libknot13 libdnssec9 libzscanner4 liburcu8 liblmdb0 libuv1 libjemalloc2 libfstrm0 \
  libprotobuf-c1 libmaxminddb0 libnghttp2-14 libjson-c5 >/dev/null
for package in *.deb; do dpkg -x "$package" .; done
LD_LIBRARY_PATH=$(find . -name '*.so*' -printf '%h\n' | sort -u | sed "s#^#$folder/#" | paste -sd:)
export LD_LIBRARY_PATH
cat >zone <<'ZONE'
$ORIGIN example.test.
$TTL 60
@ IN SOA ns admin 1 3600 600 86400 60
@ IN NS ns
ns IN A 192.0.2.53
_http._tcp.web IN SRV 10 1 8080 web-1
ZONE
expect() { # WORDS OF WHAT IS SEEN, WHAT IS SEEN
  case $2 in *"$1"*) ;; *) printf 'changed: no "%s" in\n%s\n' "$1" "$2"; exit 1 ;; esac
}

expect "_http._tcp.web.example.test/SRV 'web-1.example.test' has no address records (A or AAAA)" \
  "$(find . -name named-checkzone -exec {} example.test zone \; 2>&1)"
expect 'zone example.test is ok' "$(usr/sbin/nsd-checkzone example.test zone 2>&1)"
expect 'No semantic error found' "$(usr/bin/kzonecheck -v -o example.test zone 2>&1)"
echo "as described"
