#!/usr/bin/env python3
"""The image, as a tar of an OCI layout: the binary, the C library, Mozilla's certificates, and a busybox, since the runner of
GitLab wants a shell. Nothing runs as root in it. Called by dist.sh."""
import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import packing

dist, version, repository = (os.environ[name] for name in ("DIST", "VERSION", "REPOSITORY"))
binary = pathlib.Path(os.environ["TREE"], "usr/bin/gatecheck")
APPLETS = "sh cat chmod cp env grep id ls mkdir mv pwd rm sed sleep stat tail test touch tr true wget".split()


if missing := [tool for tool in ("dpkg-query", "dpkg-deb", "apt-get") if not shutil.which(tool)]:
    sys.exit(f"image.py: the image is made of Debian's packages, and there is no {', no '.join(missing)}")


@functools.cache
def debian(package, work):
    """The root in which the package's files are: that of this machine, or a folder where it is not installed."""
    if subprocess.run(["dpkg-query", "-L", package], capture_output=True).returncode == 0:
        return pathlib.Path("/")
    packing.output("apt-get", "-qq", "download", package, cwd=work)
    packing.output("dpkg-deb", "-x", next(work.glob(f"{package}_*.deb")), work / package)
    return work / package


def put(root, path, data, mode=0o644):
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    target.chmod(mode)


def system(root, work):
    """The layer below: it changes when Debian's packages do."""
    for library in re.findall(r"(/\S+) \(0x", packing.output("ldd", binary)):
        put(root, library.lstrip("/"), pathlib.Path(library).read_bytes(), 0o755)
    put(root, "bin/busybox", (debian("busybox-static", work) / "bin/busybox").read_bytes(), 0o755)
    for applet in APPLETS:
        (root / "bin" / applet).symlink_to("busybox")
    # The package's own certificates: a bundle of this machine may hold some that are its own.
    certificates = debian("ca-certificates", work) / "usr/share/ca-certificates/mozilla"
    put(root, "etc/ssl/certs/ca-certificates.crt", b"".join(path.read_bytes().strip() + b"\n" for path in sorted(certificates.iterdir())))
    put(root, "etc/passwd", b"root:x:0:0:root:/:/bin/sh\nnonroot:x:65532:65532:nonroot:/tmp:/bin/sh\n")
    put(root, "etc/group", b"root:x:0:\nnonroot:x:65532:\n")
    put(root, "etc/nsswitch.conf", b"hosts: files dns\n")
    for package in ("libc6", "busybox-static", "ca-certificates"):
        place = f"usr/share/doc/{package}/copyright"
        put(root, place, (debian(package, work) / place).read_bytes())
    (root / "src").mkdir()
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)


def program(root, work):
    put(root, "usr/bin/gatecheck", binary.read_bytes(), 0o755)
    shutil.copytree(binary.parents[1] / "share/doc", root / "usr/share/doc")


with tempfile.TemporaryDirectory() as name:
    work = pathlib.Path(name)
    layout = work / "layout"

    def blob(kind, data):
        digest = hashlib.sha256(data).hexdigest()
        put(layout, f"blobs/sha256/{digest}", data)
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(data)}

    layers, contents = [], []
    for fill in (system, program):
        root = work / fill.__name__
        root.mkdir()
        fill(root, work)
        data = packing.tar(root)
        contents.append(f"sha256:{hashlib.sha256(data).hexdigest()}")
        layers.append(blob("layer.v1.tar+gzip", packing.compressed(data)))

    title = "org.opencontainers.image."
    labels = {title + "source": repository, title + "version": version, title + "licenses": "Apache-2.0"}
    start = {"User": "65532:65532", "Env": ["PATH=/usr/bin:/bin", "HOME=/tmp"], "WorkingDir": "/src"}
    start |= {"Entrypoint": ["/usr/bin/gatecheck"], "Cmd": ["--help"], "Labels": labels}
    place = {"architecture": packing.MACHINE, "os": "linux"}
    config = place | {"created": packing.STAMP, "config": start, "rootfs": {"type": "layers", "diff_ids": contents}}
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}
    manifest |= {"config": blob("config.v1+json", json.dumps(config).encode()), "layers": layers}
    entry = blob("manifest.v1+json", json.dumps(manifest).encode()) | {"platform": place, "annotations": {title + "ref.name": version}}
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [entry]}
    put(layout, "index.json", json.dumps(index).encode())
    put(layout, "oci-layout", b'{"imageLayoutVersion": "1.0.0"}')
    pathlib.Path(dist, f"gatecheck-{version}-image-{packing.MACHINE}.tar").write_bytes(packing.tar(layout))
