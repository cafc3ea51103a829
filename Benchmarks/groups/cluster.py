"""A Kubernetes API server of its own, from Tests/cluster."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
from typing import ContextManager, Iterator

from inputs import apart
from measuring import Group, Row

OURS = ["--server", "{server}", "--token-file", "{run}/admin.token", "--certificate-authority", "{run}/ca.crt"]
CURL = ["curl", "-sSf", "--cacert", "{run}/ca.crt", "-H", "@{run}/header"]
KUBECTL = ["kubectl", "--kubeconfig", "{run}/admin.kubeconfig", "--cache-dir", "{run}/cache", "-o", "json", "get"]
KUBE = ["kubectl", "--kubeconfig", "{run}/token.kubeconfig", "--cache-dir", "{run}/cache"]
ROWS = [
    Row("may the token list and watch", ["gatecheck", "token", "verify", *OURS]),
    Row("may the token list and watch", [*KUBE, "auth", "can-i", "list", "endpoints", "-A"]),
    Row("may the token list and watch", [*KUBE, "get", "--raw", "/api/v1/endpoints?limit=1"]),
    Row("ask a server for one service", ["gatecheck", "resolve", "ns7/svc7:http", *OURS]),
    Row("ask a server for one service", [*CURL, "{server}/api/v1/endpoints?fieldSelector=metadata.name%3Dsvc7%2Cmetadata.namespace%3Dns7&resourceVersion=0"]),
    Row("ask a server for one service", [*KUBECTL, "endpoints", "svc7", "-n", "ns7"]),
    Row("ask a server for 5,000 services", ["gatecheck", "resolve", "--all", *OURS]),
    Row("ask a server for 5,000 services", [*CURL, "{server}/api/v1/endpoints"]),
    Row("ask a server for 5,000 services", [*KUBECTL, "endpoints", "-A"]),
]


def prepare(_: pathlib.Path) -> ContextManager[dict[str, str]]:
    return api_server(5000)


@contextlib.contextmanager
def api_server(services: int) -> Iterator[dict[str, str]]:
    """An API server with so many services of 20 addresses in 50 namespaces: what the rows call it."""
    run = tempfile.mkdtemp()
    environment = {**os.environ, "RUN": run, "OWNER": str(os.getpid())}
    try:
        up = subprocess.run(["Tests/cluster/up.sh"], env=environment, check=True, stdout=subprocess.PIPE, text=True)
        server = up.stdout.strip()
        token = pathlib.Path(run, "admin.token").read_text()
        pathlib.Path(run, "header").write_text(f"Authorization: Bearer {token}\n")
        pathlib.Path(run, "token.kubeconfig").write_text(f"""apiVersion: v1
kind: Config
current-context: c
contexts: [{{name: c, context: {{cluster: k, user: u}}}}]
clusters: [{{name: k, cluster: {{server: "{server}", certificate-authority: "{run}/ca.crt"}}}}]
users: [{{name: u, user: {{tokenFile: "{run}/admin.token"}}}}]
""")
        apart(fill, server, token, f"{run}/ca.crt", services)
        yield {"{server}": server, "{run}": run}
    finally:
        subprocess.run(["Tests/cluster/down.sh"], env=environment, check=True)


def fill(server: str, token: str, authority: str, services: int) -> None:
    import concurrent.futures
    import http.client
    import ssl  # here, as its megabytes would count as the peak of what is measured

    context = ssl.create_default_context(cafile=authority)
    connections = threading.local()

    def post(path: str, body: dict) -> None:
        if not hasattr(connections, "own"):
            connections.own = http.client.HTTPSConnection(server.removeprefix("https://"), context=context)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connections.own.request("POST", path, json.dumps(body), headers)
        answer = connections.own.getresponse()
        text = answer.read()
        if answer.status not in (201, 409):
            sys.exit(f"{path}: {answer.status} {text[:200]!r}")

    def service(number: int) -> None:
        subset = {
            "addresses": [{"ip": f"10.{number // 250}.{number % 250}.{k + 1}"} for k in range(20)],
            "ports": [{"name": "http", "port": 8080}],
        }
        post(f"/api/v1/namespaces/ns{number % 50}/endpoints", {"metadata": {"name": f"svc{number}"}, "subsets": [subset]})

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: post("/api/v1/namespaces", {"metadata": {"name": f"ns{number}"}}), range(50)))
        list(pool.map(service, range(services)))


GROUP = Group(ROWS, [], prepare)
