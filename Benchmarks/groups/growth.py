"""What grows with its input grows with it in proportion, however the input looks.

Twenty-five thousand and a hundred thousand are one to four, a thousand and two thousand one to two.
"""

import contextlib
import json
import os
import pathlib
import subprocess
from typing import Iterator

from inputs import apart
from measuring import Goal, Group, Row
from programs import ROOT

ROWS = [
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
GOALS = [
    Goal("16,000 findings on one line", "cpu", 2.0, "16,000 findings on many lines"),
    Goal("16,000 findings on one line, one letter not ASCII", "cpu", 2.5, "16,000 findings on many lines"),
    Goal("one service of 100,000 slices", "cpu", 5.0, "one service of 25,000 slices"),
    Goal("the names of 100,000 slices", "cpu", 5.0, "the names of 25,000 slices"),
    Goal("folders 2,000 deep", "cpu", 5.0, "folders 1,000 deep"),  # the kernel walks each path: four times
    Goal("a file in each of 1,000 folders, one in the other", "cpu", 5.0, "a file in each of 500 folders, one in the other"),
]


def write(work: pathlib.Path) -> None:
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


@contextlib.contextmanager
def prepare(work: pathlib.Path) -> Iterator[dict[str, str]]:
    try:
        apart(write, work)
        yield {}
    finally:
        subprocess.run(["rm", "-rf", work / "deep"])  # too deep for shutil


GROUP = Group(ROWS, GOALS, prepare)
