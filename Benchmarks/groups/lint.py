"""The start of the program, and checks of files."""

import pathlib

from inputs import written
from measuring import Group, Row
from programs import ROOT

GOOD = "docs/examples/config.yaml"
ACTIONLINT = ["actionlint", "-shellcheck=", "-pyflakes="]  # without the two other programs that it would start
ROWS = [
    Row("an empty process", ["true"]),
    Row("start: print the version", ["gatecheck", "--version"]),
    Row("start: print the version", ["actionlint", "-version"]),
    Row("start: print the version", ["kubectl", "version", "--client"]),
    Row("lint one good file", ["gatecheck", "lint", GOOD]),
    Row("lint one good file", [*ACTIONLINT, "Benchmarks/workflow.yaml"]),
    Row("lint one good file, -q", ["gatecheck", "lint", "-q", GOOD]),
    Row("lint one good file, -o json", ["gatecheck", "lint", "-o", "json", GOOD]),
    Row("lint one good file, --apisix-version 3.2", ["gatecheck", "lint", "--apisix-version", "3.2", GOOD]),
    Row("lint one file with errors", ["gatecheck", "lint", "docs/examples/broken.yaml"], status=1),
    Row("lint 1,000 files", ["gatecheck", "lint", "{work}/configs"]),
    Row("lint 1,000 files, one core", ["gatecheck", "lint", "{work}/configs"], cores=1),
    Row("lint 1,000 files", [*ACTIONLINT, "{work}/.github/workflows/*"]),
    Row("lint one file of 5 MB", ["gatecheck", "lint", "{work}/routes.yaml"]),
]


def write(work: pathlib.Path) -> None:
    """1,000 copies of each program's own example, and 16,000 routes in one file."""
    for folder, example in {"configs": GOOD, ".github/workflows": "Benchmarks/workflow.yaml"}.items():
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


GROUP = Group(ROWS, [], written(write))
