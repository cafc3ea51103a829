"""A wheel, byte for byte the same for the same files."""
import base64
import hashlib
import pathlib
import time
import zipfile

import packing

ROOT = pathlib.Path(__file__).parents[2]
NAME = "gatecheck-apisix"  # the name gatecheck is another program's there


def version():
    return packing.output(ROOT / "scripts/version.sh")


def write(folder, name, release, tag, metadata, files):
    """Files are path: (bytes, whether it is a program). Gives the name of the wheel."""
    stem = f"{name.replace('-', '_')}-{release}"
    info = f"{stem}.dist-info"
    pure = "true" if tag.endswith("-any") else "false"
    head = f"Metadata-Version: 2.4\nName: {name}\nVersion: {release}\n"
    files = files | {
        f"{info}/METADATA": ((head + metadata).encode(), False),
        f"{info}/WHEEL": (f"Wheel-Version: 1.0\nGenerator: gatecheck\nRoot-Is-Purelib: {pure}\nTag: {tag}\n".encode(), False),
    }
    record = "".join(f"{path},sha256={digest(data)},{len(data)}\n" for path, (data, _) in files.items())
    files[f"{info}/RECORD"] = (f"{record}{info}/RECORD,,\n".encode(), False)

    wheel = f"{stem}-{tag}.whl"
    when = time.gmtime(packing.EPOCH)[:6]
    with zipfile.ZipFile(pathlib.Path(folder, wheel), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, (data, is_program) in files.items():
            entry = zipfile.ZipInfo(path, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if is_program else 0o100644) << 16
            archive.writestr(entry, data)
    return wheel


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
