#!/usr/bin/env python3
"""fuzz-seeds.py TARGET DIRECTORY: writes the fixtures of the tests as seeds of a fuzz target.

Targets that read a choice from the first byte (verdict, fix) get several seeds of each fixture; of answers each begins
with its reader, of bundle with its form.
"""
import base64
import gzip
import hashlib
import io
import json
import pathlib
import re
import socket
import struct
import sys
import tarfile

root = pathlib.Path(__file__).resolve().parent.parent
target, directory = sys.argv[1], pathlib.Path(sys.argv[2])


def cases(name):
    for path in sorted(root.glob(f"Tests/**/{name}")):
        for line in path.read_text().splitlines():
            yield json.loads(line)


def files(*patterns):
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            yield path.read_bytes()


def wrapped(lines):
    """A log as it is, and as each program passes it on."""
    for line in (
        "{0}", "[pod/a/b] {0}", "2026-11-28T03:02:16.5Z {0}", "2026-11-28T03:02:16.5+08:00 stderr F {0}", "a b {0}",
        "2026-11-28T03:02:16.5Z stderr P {0}", "Nov 28 11:02:16 h p[1]: {0}",
        "__CURSOR=s\n__REALTIME_TIMESTAMP=1795834946123456\nMESSAGE={0}\n",
    ):
        yield "".join(line.format(text) + "\n" for text in lines).encode()
    for text in (
        [{"log": line + "\n", "stream": "stderr", "time": "2026-11-28T03:02:16.5Z"} for line in lines],
        [{"MESSAGE": list(line.encode()), "__REALTIME_TIMESTAMP": "1795834946123456"} for line in lines],
        [{"stream": {"pod": "a"}, "values": [["1795834946123456000", line] for line in lines]}],
        [{"hits": {"hits": [{"_source": {"message": line, "event": {"original": line}}} for line in lines]}}],
    ):
        yield b"\n".join(json.dumps(item).encode() for item in text)


# As in Fuzz/answers: who answers, and what is asked.
READERS = "endpoints slices events registry pieces dns dig znode etcd upstreams credentials".split()
QUESTIONS = {
    "nacos": {"svc": 0}, "consul": {"svc": 2, "web": 4}, "consul_kv": {"web": 5},
    "eureka": {"USER-SERVICE": 6, "USER": 7},
    "dns": {"srv.test.example": 8, "a.test.example": 9, "alias.test.example": 10},
}
TYPES = {"A": 1, "CNAME": 5, "AAAA": 28, "SRV": 33}


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def record(kind, value):
    if kind == "SRV":
        return struct.pack("!3H", *value[:3]) + wire(value[3])
    if kind == "CNAME":
        return wire(value)
    return socket.inet_pton(socket.AF_INET if kind == "A" else socket.AF_INET6, value)


def message(name, records):
    """The answer of a name server."""
    answers = [(kind, value) for kind in TYPES for value in records.get(kind, [])]
    head = struct.pack("!6H", 0, 0x8580, 1, len(answers), 0, 0) + wire(name) + struct.pack("!2H", TYPES["A"], 1)
    return head + b"".join(
        b"\xc0\x0c" + struct.pack("!2HIH", TYPES[kind], 1, 60, len(value)) + value
        for kind, value in ((kind, record(kind, value)) for kind, value in answers)
    )


def answers():
    """Each with its reader, for the oldest and the newest release."""
    def begun(reader, bodies, question=0):
        for body in bodies:
            for release in (0, 255):
                yield bytes([READERS.index(reader), release, question]) + body

    for case in cases("resolve-cases.jsonl"):
        if case.get("list"):
            for reader in ("endpoints", "slices"):
                yield from begun(reader, [json.dumps(case["list"]).encode()])
        for name in ("events", "watch"):
            if isinstance(case.get(name), list):
                yield from begun("events", [b"\n".join(json.dumps(event).encode() for event in case[name])])
    for case in [*cases("registries-cases.jsonl"), *cases("older-registries-cases.jsonl")]:
        server = case.get("server") or {}
        asked = QUESTIONS[case["registry"]]
        if case["registry"] == "dns":
            lines = [f"{name}. 60 IN {kind} {' '.join(map(str, value)) if kind == 'SRV' else value}"
                     for name, records in server.items() for kind in records for value in records[kind]]
            for name, question in asked.items():
                yield from begun("dig", [";; status: NOERROR, id: 1\n".encode() + "\n".join(lines).encode()], question)
                yield from begun("dns", [message(name, server[name])] if name in server else [], question)
            continue
        bodies = [json.dumps(answer.get("body")).encode() for answer in server.values() if isinstance(answer, dict)]
        for question in asked.values():
            yield from begun("registry", [b"\0".join(bodies), *bodies], question)
            yield from begun("pieces", bodies, question)
    # What the tests put into ZooKeeper and etcd, as they write it.
    for text in files("Tests/AcceptanceTests/ZooKeeper*.swift", "Tests/APISIXTests/**/SeedNodesTests.swift"):
        yield from begun("znode", re.findall(rb"\[\{.*?\}\]|\{\"host.*?\}", text))
    objects = [b"init_dir"]
    for text in files("Tests/AcceptanceTests/ZooKeeper*.swift", "Tests/AcceptanceTests/Etcd*.swift"):
        objects += re.findall(rb'#"(\{.*\})"#', text)
    kinds = ("routes", "upstreams", "services")
    kvs = [{"key": b64(f"/apisix/{kinds[n % 3]}/{n}"), "value": b64(text)} for n, text in enumerate(objects)]
    whole = {"header": {"revision": "7"}, "kvs": kvs, "more": True}
    right = {"permType": "READWRITE", "key": b64("/apisix/"), "range_end": b64("/apisix0")}
    yield from begun("etcd", [json.dumps(page).encode() for page in (whole, {"header": {}, "perm": [right]})])
    yield from begun("upstreams", files("Tests/**/*.json"))
    yield from begun("upstreams", objects)
    secret = b'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"a.b.c"}}'
    yield from begun("credentials", [secret])


def tar(*members):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(text), "/etc/passwd" if kind == tarfile.SYMTYPE else ""
            archive.addfile(info, io.BytesIO(text))
        end = archive.offset
    return data.getvalue()[:end + tarfile.BLOCKSIZE]


def bundles():
    """In each form of Fuzz/bundle: what doctor writes, and what others would."""
    config = b'discovery:\n  consul: {servers: ["http://10.0.0.1:8500"], fetch_interval: "3"}\n'
    routes = b"routes:\n  - {uri: /, upstream: {type: roundrobin, discovery_type: dns, service_name: a}}\n#END\n"
    log = b"2026/07/01 10:00:00 [error] 5#5: *3 no valid upstream node, client: 10.0.0.1, server: _\n"
    groups = b'{"groups": [{"rule": "log/no-valid-upstream-node"}]}'
    texts = {"config": config, "routes": routes, "log": log, "groups": groups}
    place = {"line": 2, "column": 9, "offset": 19}
    finding = {"rule": "consul/fetch-interval-unused", "severity": "error", "message": "no", "file": "config.yaml",
               "range": {"start": place, "end": place}, "path": "discovery.consul", "help": "3"}
    check = {"category": "configuration", "name": "APISIX 3.18.0 takes config.yaml", "status": "error",
             "findings": [finding], "detail": "d", "reason": "r", "unanswered": True,
             "chain": [{"link": "route", "text": "routes/1", "status": "ok"}]}
    for installation in (None, "east"):
        files = [{"member": kind, "kind": kind, "path": f"{kind}.yaml", "apisix": "3.18.0", "apisixSaid": True,
                  "hidden": [1, 9], "installation": installation} for kind in texts]
        checks = [{**check, "installation": installation}, {"category": "log", "name": "n", "status": "unknown"}]
        members = {"bundle.json": json.dumps({"bundle": 1, "gatecheck": "1", "files": files}).encode(),
                   "doctor.json": json.dumps({"checks": checks}).encode(), **texts}
        whole = tar(*((name, text, tarfile.REGTYPE) for name, text in members.items()))
        yield b"\2" + b"\0".join(part for member in members.items() for part in (member[0].encode(), member[1]))
        yield b"\1" + whole
        yield b"\0" + gzip.compress(whole, mtime=0)
    file = tarfile.REGTYPE
    for members in ([("../a", b"x", file)], [("/a", b"x", file)], [("a", b"", tarfile.SYMTYPE)],
                    [("a", b"", tarfile.DIRTYPE)], [("a", b"1", file)] * 2, [(f"a{n}", b"", file) for n in range(9)]):
        yield b"\1" + tar(*members)


def b64(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def seeds():
    if target == "json":
        yield from files("docs/schemas/*.json", "Tests/**/*.json")
        for case in cases("resolve-cases.jsonl"):
            yield json.dumps(case).encode()
        return
    if target == "answers":
        yield from answers()
        return
    if target == "bundle":
        yield from bundles()
        return
    if target == "logs":
        for text in files("Tests/Fixtures/logs/*.log"):
            yield from wrapped(text[:7000].decode("utf-8", "replace").splitlines())
        return
    if target == "settings":
        yield b"ignore: [token/]\nignores: [{paths: ['a/**/b[!c-d]*'], rules: [a/b]}]\nexclude: ['!x/', '\\#*', '**']\n"
        yield b"apisix-version: 3.2\nfail-on: note\nregistries: [a]\npaths: [a/]\n"
    yield from files("docs/**/*.yaml", "templates/**/*.yaml", "Tests/**/*.yaml", "Tests/**/*.yml")
    for case in cases("config-cases.jsonl"):
        if isinstance(case.get("yaml"), str):
            yield case["yaml"].encode()


choices = {
    "verdict": (0, 1, 2, 37, 90),
    "fix": (0, 1, 2, 37, 90),
}
choices = [bytes([n]) for n in choices.get(target, ())] or [b""]
for index, seed in enumerate(seeds()):
    data = choices[index % len(choices)] + seed
    (directory / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
