"""Nodes of Kubernetes that stand in a file, and connections to them."""

import contextlib
import json
import pathlib
import socket
import threading
from typing import Iterator

from inputs import apart
from measuring import Group, Row

ROWS = [
    Row("resolve one name of 10,000", ["gatecheck", "resolve", "ns7/svc7:http", "--from", "{work}/endpoints.json"]),
    Row("list 100,000 addresses", ["gatecheck", "resolve", "--all", "--from", "{work}/endpoints.json"]),
    Row("probe 1,000 nodes", ["gatecheck", "resolve", "default/many:http", "--probe", "--from", "{work}/many.json"]),
]


def write(work: pathlib.Path, port: int) -> None:
    """10,000 Endpoints of 10 addresses; one service with 1,000 nodes, all of them this process."""
    items = [
        {
            "metadata": {"name": f"svc{n}", "namespace": f"ns{n % 50}", "managedFields": [{"fieldsV1": {"f:a": {}}}] * 9},
            "subsets": [
                {
                    "addresses": [{"ip": f"10.{n % 250}.{k}.7", "targetRef": {"kind": "Pod", "name": f"svc{n}-{k}"}}
                                  for k in range(10)],
                    "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
                }
            ],
        }
        for n in range(10_000)
    ]
    (work / "endpoints.json").write_text(json.dumps({"kind": "EndpointsList", "apiVersion": "v1", "items": items}))
    subset = {"addresses": [{"ip": "127.0.0.1"}] * 1000, "ports": [{"name": "http", "port": port}]}
    many = {"kind": "Endpoints", "metadata": {"name": "many", "namespace": "default"}, "subsets": [subset]}
    (work / "many.json").write_text(json.dumps(many))


@contextlib.contextmanager
def prepare(work: pathlib.Path) -> Iterator[dict[str, str]]:
    with socket.create_server(("127.0.0.1", 0), backlog=2000) as listener:
        apart(write, work, listener.getsockname()[1])
        threading.Thread(target=close_all, args=(listener,), daemon=True).start()
        yield {}


def close_all(listener: socket.socket) -> None:
    """Takes connections and closes them, until the listener is closed."""
    with contextlib.suppress(OSError):
        while True:
            listener.accept()[0].close()


GROUP = Group(ROWS, [], prepare)
