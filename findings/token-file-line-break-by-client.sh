#!/usr/bin/env bash
# A kubeconfig whose tokenFile ends with a line break: kubectl takes it, the Python client cannot send it.
#
# Packages: Debian bookworm's kubernetes-client 1.20.5+really1.20.2-1.1+deb12u1 (kubectl), PyPI's kubernetes 31.0.0.
# Input: one kubeconfig for both, with tokenFile; the file holds a token and a line break, as `echo` writes it. A server
# on loopback with TLS that notes the Authorization header stands in for the API server.
# Behaviour seen: kubectl sends `Bearer TOKEN`; the Python client reads the file as it is and stops before it sends,
#   ValueError: Invalid header value
# Ends with 0 as long as this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -o APT::Sandbox::User=root download 'kubernetes-client=1.20.5+really1.20.2-1.1+deb12u1' >/dev/null
dpkg -x kubernetes-client_*.deb .
python3 -m venv venv
venv/bin/pip -q install --disable-pip-version-check kubernetes==31.0.0
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -days 2 -keyout key.pem -out certificate.pem 2>/dev/null
PYTHONWARNINGS=ignore venv/bin/python - <<'PYTHON'
import http.server
import json
import os
import ssl
import subprocess
import threading

from kubernetes import client, config

seen = []


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        seen.append(self.headers["Authorization"])
        body = b'{"kind":"NamespaceList","apiVersion":"v1","metadata":{},"items":[]}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("certificate.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
folder = os.getcwd()
cluster = {"server": f"https://127.0.0.1:{server.server_port}", "insecure-skip-tls-verify": True}
with open("token", "w") as file:
    file.write("an-example-token\n")
with open("config", "w") as file:
    json.dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
            "clusters": [{"name": "k", "cluster": cluster}],
            "users": [{"name": "u", "user": {"tokenFile": f"{folder}/token"}}],
        },
        file,
    )
words = ["usr/bin/kubectl", "--kubeconfig", "config", "get", "--raw", "/api/v1/namespaces"]
subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env={"HOME": folder})
assert seen == ["Bearer an-example-token"], f"changed: kubectl sent {seen}"
config.load_kube_config("config")
try:
    client.CoreV1Api().list_namespace()
    raise SystemExit(f"changed: the Python client sent {seen[1:]}")
except ValueError as error:
    assert str(error).startswith("Invalid header value"), f"changed: {error}"
assert len(seen) == 1, f"changed: {seen}"
print("as described")
PYTHON
