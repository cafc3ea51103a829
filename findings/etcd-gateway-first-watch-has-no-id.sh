#!/usr/bin/env bash
# Two watches in one stream of etcd's JSON gateway: the answers to the first have no watch_id, those to the second have "1".
#
# Package: Debian trixie's etcd-server 3.5.16-4, unpacked into a temporary folder; Debian bookworm's 3.4.23-4+b4 does the same.
# Input: POST /v3/watch with two create requests, one behind the other in one body, for the keys a and b; then both are put.
# Behaviour seen: one stream tells of both. The numbers begin with 0, and the gateway leaves out a field that is 0:
#   {"result":{…,"created":true}}
#   {"result":{…,"watch_id":"1","created":true}}
#   {"result":{…,"events":[{"kv":{"key":"YQ==",…}}]}}
#   {"result":{…,"watch_id":"1","events":[{"kv":{"key":"Yg==",…}}]}}
# A client that tells its watches apart by watch_id misses the first one's events unless it takes none for "0".
# Ends with 0 as long as this is so.
set -euo pipefail
shopt -s inherit_errexit

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(CODENAME)' 'Created-By: Packages' \
  | awk '$2 == "main" && $3 !~ /-/ { print $1; exit }')
mkdir -p lists/partial archives/partial data
echo "deb [signed-by=$keyring] $mirror trixie main" >sources.list
printf '%s;\n' "Dir::Etc::sourcelist \"$folder/sources.list\"" 'Dir::Etc::sourceparts "/dev/null"' \
  "Dir::State::lists \"$folder/lists\"" "Dir::Cache \"$folder\"" 'APT::Sandbox::User "root"' >apt.conf
(export APT_CONFIG=$folder/apt.conf && apt-get -qq update && apt-get -qq download etcd-server=3.5.16-4) >/dev/null
dpkg -x etcd-server_*.deb .

ports=$(python3 -c 'import socket
pair = [socket.socket(), socket.socket()]
for one in pair: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in pair])')
client=http://127.0.0.1:${ports% *} peer=http://127.0.0.1:${ports#* }
env -u ETCDCTL_API usr/bin/etcd --data-dir data --log-level error --listen-client-urls "$client" \
  --advertise-client-urls "$client" --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" \
  --initial-cluster "default=$peer" >/dev/null 2>&1 &
server=$!
for _ in $(seq 300); do curl -sf -o /dev/null "$client/health" && break; sleep 0.1; done

watch='{"create_request":{"key":"YQ=="}}{"create_request":{"key":"Yg=="}}'
: >told
curl -sN -m 20 -d "$watch" "$client/v3/watch" >told &
for _ in $(seq 100); do [ "$(grep -c created told)" = 2 ] && break; sleep 0.1; done
for key in YQ== Yg==; do curl -s -o /dev/null -d "{\"key\":\"$key\",\"value\":\"MQ==\"}" "$client/v3/kv/put"; done
for _ in $(seq 100); do [ "$(grep -c events told)" = 2 ] && break; sleep 0.1; done
cat told
python3 - <<'X'
import json

answers = [json.loads(line)["result"] for line in open("told")]
created = [answer.get("watch_id") for answer in answers if answer.get("created")]
events = [(answer["events"][0]["kv"]["key"], answer.get("watch_id")) for answer in answers if "events" in answer]
assert created == [None, "1"], created
assert events == [("YQ==", None), ("Yg==", "1")], events
X
