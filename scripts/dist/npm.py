#!/usr/bin/env python3
"""The packages of npm: one with the program for each platform, and the one that users name, which needs that of theirs.
Called by dist.sh."""
import json
import os
import pathlib
import shutil
import tempfile

import packing

NAME = "gatecheck-apisix"
MACHINES = {"amd64": "x64", "arm64": "arm64"}
dist, version, repository = pathlib.Path(os.environ["DIST"]), os.environ["VERSION"], os.environ["REPOSITORY"]
(dist / "npm").mkdir(exist_ok=True)


def pack(name, files, more):
    """Files are path in the package: file."""
    package = {"name": name, "version": version, "license": "Apache-2.0", "repository": {"type": "git", "url": f"git+{repository}.git"}}
    with tempfile.TemporaryDirectory() as folder:
        for path, source in files.items():
            target = pathlib.Path(folder, path)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(source, target)
        pathlib.Path(folder, "package.json").write_text(json.dumps(package | more, indent=2) + "\n")
        archive = packing.compressed(packing.tar(folder, "package/"))
    (dist / f"npm/{name}-{version}.tgz").write_bytes(archive)


if tree := os.environ["TREE"]:
    system, machine = packing.SYSTEM, MACHINES[packing.MACHINE]
    tree = pathlib.Path(tree, "usr")
    files = {path.name: path for path in (tree / "share/doc/gatecheck").iterdir()} | {"bin/gatecheck": tree / "bin/gatecheck"}
    place = {"os": [system], "cpu": [machine]} | ({"libc": ["glibc"]} if system == "linux" else {})
    pack(f"{NAME}-{system}-{machine}", files, {"description": f"{NAME} for {system}"} | place)

packed = sorted(path.name for path in (dist / "npm").glob(f"{NAME}-*-*-{version}.tgz"))
platforms = {name.removesuffix(f"-{version}.tgz"): version for name in packed}
pack(
    NAME,
    {"LICENSE": "LICENSE", "README.md": "README.md", "gatecheck.js": "scripts/dist/gatecheck.js"},
    {
        "description": "Says why Apache APISIX's service discovery answers 503",
        "keywords": ["apisix", "kubernetes", "service-discovery", "lint"],
        "bin": {"gatecheck": "gatecheck.js"},
        "engines": {"node": ">=14"},
        "optionalDependencies": platforms,
    },
)
