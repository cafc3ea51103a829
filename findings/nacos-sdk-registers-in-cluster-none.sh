#!/usr/bin/env bash
# Nacos' Python SDK registers instances in a cluster that is called None.
#
# Package: PyPI's nacos-sdk-python 0.1.14, which speaks the HTTP API that APISIX reads.
# Input: add_naming_instance with a service, an address, a port and a group, and no cluster_name.
# A server on loopback that only keeps what it is sent stands in for Nacos.
# Behaviour seen: the form says clusterName=None, the text, where Nacos' own clients leave the field out and so mean the
# cluster DEFAULT. Whoever asks for the instances of DEFAULT does not get this one. With cluster_name="DEFAULT" it is sent
# as given. Ends with 0 as long as this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install --disable-pip-version-check nacos-sdk-python==0.1.14
"$folder/venv/bin/python" - <<'PYTHON'
import http.server
import logging
import threading
import urllib.parse

logging.disable(logging.CRITICAL)
import nacos

forms = []


class Registry(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        forms.append((self.path, dict(urllib.parse.parse_qsl(body, keep_blank_values=True))))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = nacos.NacosClient(f"127.0.0.1:{server.server_port}", namespace="")
assert client.add_naming_instance("orders", "10.0.0.5", 8080, group_name="DEFAULT_GROUP")
assert client.add_naming_instance("orders", "10.0.0.5", 8080, group_name="DEFAULT_GROUP", cluster_name="DEFAULT")
seen = [(path, form["clusterName"]) for path, form in forms]
assert seen == [("/nacos/v1/ns/instance", "None"), ("/nacos/v1/ns/instance", "DEFAULT")], f"changed: {seen}"
print("as described")
PYTHON
