#!/usr/bin/env python3
"""fuzz-seeds.py TARGET DIRECTORY: writes the fixtures of the tests as seeds of a fuzz target.

Targets that read a choice from the first byte (verdict, fix, answers) get several seeds of each fixture.
"""
import hashlib
import json
import pathlib
import sys

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


def seeds():
    if target == "json":
        yield from files("docs/schemas/*.json", "Tests/**/*.json")
        for case in cases("resolve-cases.jsonl"):
            yield json.dumps(case).encode()
        return
    if target == "answers":
        for case in cases("resolve-cases.jsonl"):
            if case.get("list"):
                yield json.dumps(case["list"]).encode()
            for name in ("events", "watch"):
                if isinstance(case.get(name), list):
                    yield b"\n".join(json.dumps(event).encode() for event in case[name])
        for case in cases("registries-cases.jsonl"):
            server = case.get("server") or {}
            yield b"\0".join(json.dumps(answer.get("body")).encode() for answer in server.values() if isinstance(answer, dict))
        yield from files("Tests/**/*.json")
        yield b'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"a.b.c"}}'
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
    # Each kind of answer, to the oldest and to the newest release.
    "answers": (*range(6), *range(120, 126)),
}
choices = [bytes([n]) for n in choices.get(target, ())] or [b""]
for index, seed in enumerate(seeds()):
    data = choices[index % len(choices)] + seed
    (directory / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
