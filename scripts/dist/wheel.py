#!/usr/bin/env python3
"""The wheel for PyPI: the program, its man pages and completions, and no Python. Called by dist.sh."""
import os
import pathlib
import re

import wheelfile
from floor import floor
from packing import MACHINE

dist, release, repository = (os.environ[name] for name in ("DIST", "VERSION", "REPOSITORY"))
tree = pathlib.Path(os.environ["TREE"], "usr")
binary = tree / "bin/gatecheck"

# Who says too little breaks at the first start.
major, minor = floor(binary)
machines = {"amd64": "x86_64", "arm64": "aarch64"}
tag = f"py3-none-manylinux_{major}_{minor}_{machines[MACHINE]}"

stem = f"{wheelfile.NAME.replace('-', '_')}-{release}"
licences = {path.name: path for path in sorted((tree / "share/doc/gatecheck").iterdir())}
files = {f"{stem}.data/scripts/gatecheck": (binary.read_bytes(), True)}
for path in sorted((tree / "share").rglob("*")):
    if path.is_file() and path.name not in licences:
        files[f"{stem}.data/data/{path.relative_to(tree)}"] = (path.read_bytes(), False)
for name, path in licences.items():
    files[f"{stem}.dist-info/licenses/{name}"] = (path.read_bytes(), False)

# The page there has no files beside it.
description = re.sub(r"\]\((?!https?:)", f"]({repository}/blob/v{release}/", pathlib.Path("README.md").read_text())
metadata = f"""Summary: Says why Apache APISIX's service discovery answers 503
License-Expression: Apache-2.0
{"".join(f"License-File: {name}{chr(10)}" for name in licences)}Project-URL: Source, {repository}
Project-URL: Changelog, {repository}/blob/v{release}/CHANGELOG.md
Keywords: apisix,kubernetes,service discovery,nacos,consul,eureka,lint
Classifier: Environment :: Console
Classifier: Operating System :: POSIX :: Linux
Requires-Python: >=3.7
Description-Content-Type: text/markdown

{description}"""
wheelfile.write(dist, wheelfile.NAME, release, tag, metadata, files)
