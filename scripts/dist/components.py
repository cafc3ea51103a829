"""Whose work is in the binary: one list for the bill of materials and for the notices that go with it."""
import dataclasses
import os
import pathlib
import re
import shutil

from own_curl import own_curl
from packing import output

ROOT = pathlib.Path(__file__).parents[2]


@dataclasses.dataclass
class Component:
    name: str
    licence: str  # as SPDX writes it
    version: str = ""
    purl: str = ""
    notice: str = ""  # the file with its licence


def debian(name, licence, package):
    version = output("dpkg-query", "-W", "-f", "${source:Version}", package)
    source = output("dpkg-query", "-W", "-f", "${source:Package}", package)
    purl = f"pkg:deb/debian/{source}@{version.replace(':', '%3A').replace('+', '%2B')}?arch=source"
    return Component(name, licence, version, purl, f"/usr/share/doc/{package}/copyright")


def swift():
    version = re.search(r"Swift version (\S+)", output("swift", "--version"))[1]
    notice = pathlib.Path(shutil.which("swift")).resolve().parents[1] / "share/swift/LICENSE.txt"
    purl = f"pkg:github/swiftlang/swift@swift-{version}-RELEASE"
    return Component("Swift runtime and standard library", "Apache-2.0 WITH Swift-exception", version, purl, str(notice))


def argument_parser():
    package = (ROOT / "Package.swift").read_text()
    version = re.search(r'swift-argument-parser", exact: "([^"]+)"', package)[1]
    notice = ROOT / ".build/checkouts/swift-argument-parser/LICENSE.txt"
    purl = f"pkg:github/apple/swift-argument-parser@{version}"
    return Component("swift-argument-parser", "Apache-2.0 WITH Swift-exception", version, purl, str(notice))


def components():
    found = [swift(), argument_parser()]
    if not shutil.which("dpkg-query"):
        return found
    # The one that scripts/release.sh links in: its folder is named by the release of gcc.
    archive = output(os.environ.get("CC", "cc"), "-print-file-name=libstdc++.a")
    gcc = f"libstdc++-{pathlib.Path(archive).parent.name}-dev"
    found += [
        debian("libyaml", "MIT", "libyaml-dev"),
        debian("PCRE2", "BSD-3-Clause", "libpcre2-dev"),
        debian("zlib", "Zlib", "zlib1g-dev"),
        debian("c-ares", "MIT", "libc-ares-dev"),
        debian("ZooKeeper C client", "Apache-2.0", "libzookeeper-mt-dev"),
        debian("libstdc++ and libgcc", "GPL-3.0-or-later WITH GCC-exception-3.1", gcc),
    ]
    if own_curl(pathlib.Path(os.environ["TREE"], "usr/bin/gatecheck")):
        found.append(debian("libcurl", "curl", "libcurl4-openssl-dev"))
        found.append(debian("OpenSSL", "Apache-2.0", "libssl-dev"))
    return found
