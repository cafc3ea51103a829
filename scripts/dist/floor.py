#!/usr/bin/env python3
"""floor.py BINARY: prints the oldest C library that runs it, such as 2.17."""
import re
import sys

from packing import output


def floor(binary):
    needs = output("readelf", "--version-info", "--wide", binary)
    versions = {tuple(map(int, match)) for match in re.findall(r"Name: GLIBC_(\d+)\.(\d+)", needs)}
    # Packed relocations are a need that has no number of its own.
    if "GLIBC_ABI_DT_RELR" in needs:
        versions.add((2, 36))
    return max(versions)


if __name__ == "__main__":
    print(".".join(map(str, floor(sys.argv[1]))))
