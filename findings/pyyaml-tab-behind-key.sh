#!/usr/bin/env bash
# PyYAML's two loaders disagree on a tab: behind the colon of a key, and before a comment.
#
# Package: PyPI's PyYAML 6.0.2, whose wheel has libyaml in it.
# Input: "port:<tab>'6443'" and "port: '6443'<tab># of the API server", both valid YAML 1.2, where a tab may part what
# stands on one line.
# Behaviour seen: CSafeLoader (libyaml) reads both, SafeLoader refuses both,
#   found character '\t' that cannot start any token
# so a file that a check in Python passes or refuses depends on which of the two it was written with. Ends with 0 as long as this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install --disable-pip-version-check PyYAML==6.0.2
"$folder/venv/bin/python" - <<'PYTHON'
import yaml


def read(text, loader):
    try:
        return yaml.load(text, loader)
    except yaml.YAMLError as error:
        return error.problem


for text in ["port:\t'6443'\n", "port: '6443'\t# of the API server\n"]:
    seen = [read(text, loader) for loader in (yaml.CSafeLoader, yaml.SafeLoader)]
    assert seen == [{"port": "6443"}, "found character '\\t' that cannot start any token"], f"changed: {seen}"
print("as described")
PYTHON
