#!/usr/bin/env python3
"""An apt repository, dist/apt/, of the packages in dist/: flat, and signed where there is a key. Called by dist.sh."""
import email.utils
import gzip
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from packing import EPOCH, output

dist, version = pathlib.Path(os.environ["DIST"]), os.environ["VERSION"]
folder = dist / "apt"
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir()

packages = architectures = ""
for deb in sorted(dist.glob(f"gatecheck_{version}_*.deb")):
    data = deb.read_bytes()
    (folder / deb.name).write_bytes(data)
    fields = output("dpkg-deb", "--field", deb)
    packages += f"{fields}\nFilename: ./{deb.name}\nSize: {len(data)}\nSHA256: {hashlib.sha256(data).hexdigest()}\n\n"
    architectures += " " + deb.stem.rsplit("_", 1)[1]
(folder / "Packages").write_text(packages)
(folder / "Packages.gz").write_bytes(gzip.compress(packages.encode(), mtime=0))

sums = ""
for index in ("Packages", "Packages.gz"):
    data = (folder / index).read_bytes()
    sums += f" {hashlib.sha256(data).hexdigest()} {len(data)} {index}\n"
date = email.utils.formatdate(EPOCH, usegmt=True)
release = f"Origin: gatecheck\nLabel: gatecheck\nSuite: stable\nDate: {date}\nArchitectures:{architectures}\nSHA256:\n{sums}"
(folder / "Release").write_text(release)

if not (key := os.environ.get("GATECHECK_APT_KEY")):
    print("the apt repository is not signed: GATECHECK_APT_KEY names no key", file=sys.stderr)
    sys.exit()
with tempfile.TemporaryDirectory() as home:
    # The time of the signature is that of the commit too, as every time in dist/.
    gpg = ["gpg", "--homedir", home, "--batch", "--quiet", "--no-tty", "--faked-system-time", f"{EPOCH}!"]
    for step in (
        ["--import", key],
        ["--output", folder / "InRelease", "--clearsign", folder / "Release"],
        ["--output", folder / "gatecheck.asc", "--armor", "--export"],
    ):
        subprocess.run(gpg + step, check=True)
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=True)
