#!/usr/bin/env python3
"""own_curl.py BINARY: ends with 0 where a libcurl is linked into it, else with 1."""
import pathlib
import sys

# A text of libcurl's own, which the shim that looks for the system's does not have.
MARK = b"libcurl lacks IDN support"


def own_curl(binary):
    return MARK in pathlib.Path(binary).read_bytes()


if __name__ == "__main__":
    sys.exit(not own_curl(sys.argv[1]))
