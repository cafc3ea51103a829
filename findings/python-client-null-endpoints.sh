#!/usr/bin/env bash
# One EndpointSlice without endpoints, and the Python client reads none of the list.
#
# Package: PyPI's kubernetes 31.0.0.
# Input: an EndpointSliceList as an API server gives it, two slices; the second is that of a Service that no pod fits,
# and has "endpoints": null, as Go's servers write an empty list that was never filled. The same with Endpoints and
# "subsets": null.
# Behaviour seen: the whole list of slices is refused,
#   ValueError: Invalid value for `endpoints`, must not be `None`
# so that a Service without pods hides every other one; the list of Endpoints is read. A program that moves from
# Endpoints to slices meets this on the first such Service. Ends with 0 as long as this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install --disable-pip-version-check kubernetes==31.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import json
import types

from kubernetes import client


def read(kind, document):
    try:
        return len(client.ApiClient().deserialize(types.SimpleNamespace(data=json.dumps(document)), kind).items)
    except ValueError as error:
        return str(error)


def slice_of(name, endpoints):
    labels = {"kubernetes.io/service-name": name}
    metadata = {"name": f"{name}-x7k2p", "namespace": "shop", "labels": labels}
    return {"metadata": metadata, "addressType": "IPv4", "endpoints": endpoints, "ports": None}


ready = [{"addresses": ["10.0.0.5"], "conditions": {"ready": True}}]
slices = [slice_of("orders", ready), slice_of("idle", None)]
endpoints = [{"metadata": {"name": "orders"}, "subsets": []}, {"metadata": {"name": "idle"}, "subsets": None}]
seen = [
    read("V1EndpointSliceList", {"items": slices[:1]}),
    read("V1EndpointSliceList", {"items": slices}),
    read("V1EndpointsList", {"items": endpoints}),
]
assert seen == [1, "Invalid value for `endpoints`, must not be `None`", 2], f"changed: {seen}"
print("as described")
PYTHON
