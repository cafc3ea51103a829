#!/usr/bin/env bash
# Logging in to an etcd without users: 412 of 3.4, 400 of 3.5, and the key `error` is gone.
#
# Packages: Debian's etcd-server 3.4.23-4+b4 (bookworm) and 3.5.16-4 (trixie), unpacked into a temporary folder.
# Input: POST /v3/auth/authenticate of the JSON gateway, as clients that speak HTTP send it first, to a new etcd in which
# authentication was never enabled.
# Behaviour seen: the same words with another status and other keys:
#   3.4  412 {"error":"etcdserver: authentication is not enabled","message":"etcdserver: authentication is not enabled","code":9}
#   3.5  400 {"code":9, "message":"etcdserver: authentication is not enabled"}
# A client that goes on where 412 or `error` tells it that there are no users stops working with 3.5; `code` and `message`
# are the same in both. Ends with 0 as long as this is so.
set -euo pipefail
shopt -s inherit_errexit

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(CODENAME)' 'Created-By: Packages' \
  | awk '$2 == "main" && $3 !~ /-/ { print $1; exit }')
ask() { # SUITE VERSION: what its etcd answers, and the status
  local work=$folder/$1 port
  mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/data"
  echo "deb [signed-by=$keyring] $mirror $1 main" >"$work/sources.list"
  printf '%s;\n' "Dir::Etc::sourcelist \"$work/sources.list\"" 'Dir::Etc::sourceparts "/dev/null"' \
    "Dir::State::lists \"$work/lists\"" "Dir::Cache \"$work\"" 'APT::Sandbox::User "root"' >"$work/apt.conf"
  (cd "$work" && export APT_CONFIG=$work/apt.conf && apt-get -qq update && apt-get -qq download "etcd-server=$2") >/dev/null
  dpkg -x "$work"/etcd-server_*.deb "$work"
  port=$(python3 -c 'import socket
pair = [socket.socket(), socket.socket()]
for one in pair: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in pair])')
  set -- "http://127.0.0.1:${port% *}" "http://127.0.0.1:${port#* }"
  env -u ETCDCTL_API "$work/usr/bin/etcd" --data-dir "$work/data" --log-level error --listen-client-urls "$1" \
    --advertise-client-urls "$1" --listen-peer-urls "$2" --initial-advertise-peer-urls "$2" \
    --initial-cluster "default=$2" >/dev/null 2>&1 &
  server=$!
  for _ in $(seq 300); do curl -sf -o /dev/null "$1/health" && break; sleep 0.1; done
  curl -s -w ' %{http_code}' -d '{"name":"apisix","password":"example"}' "$1/v3/auth/authenticate"
  kill "$server"
}
expect() { # WHAT WAS SEEN, WHAT IS SEEN NOW
  [ "$2" = "$1" ] || { printf 'changed:\n--- seen then\n%s\n--- seen now\n%s\n' "$1" "$2"; exit 1; }
}

words='etcdserver: authentication is not enabled'
expect "{\"error\":\"$words\",\"message\":\"$words\",\"code\":9} 412" "$(ask bookworm 3.4.23-4+b4)"
expect "{\"code\":9, \"message\":\"$words\"} 400" "$(ask trixie 3.5.16-4)"
echo "as described"
