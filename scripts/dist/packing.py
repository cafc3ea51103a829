#!/usr/bin/env python3
"""packing.py FOLDER OUT.tar.gz: packs a folder so that the same files give the same bytes."""
import datetime
import gzip
import io
import os
import pathlib
import subprocess
import sys
import tarfile

EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", 315532800))  # else the first day that zip knows
STAMP = datetime.datetime.fromtimestamp(EPOCH, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
SYSTEM, _, MACHINE = os.environ.get("PLATFORM", "").partition("-")


def output(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout.strip()


def plain(entry):
    """An entry without what differs between machines; its time is that of the commit."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = EPOCH
    if not entry.mode & 0o1000:  # /tmp of an image
        entry.mode = 0o755 if entry.mode & 0o100 else 0o644
    return entry


def tar(folder, prefix=""):
    folder, out = pathlib.Path(folder), io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, prefix + str(path.relative_to(folder)), recursive=False, filter=plain)
    return out.getvalue()


def compressed(data):
    return gzip.compress(data, compresslevel=9, mtime=0)


if __name__ == "__main__":
    pathlib.Path(sys.argv[2]).write_bytes(compressed(tar(sys.argv[1])))
