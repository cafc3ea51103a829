#!/usr/bin/env bash
# The bill of materials: valid as CycloneDX has it, and with all that is linked in.
. "$(dirname "$0")/common.sh"
python_from_dist
bill=$(echo "$DIST/gatecheck-$VERSION"-*.cdx.json)
made "$bill"
python - "$bill" <<'PYTHON' || fail "it is not valid"
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
text = open(sys.argv[1]).read()
if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
    sys.exit(str(error))
names = {part["name"] for part in json.loads(text)["components"]}
# Each module of C in Package.swift is in it, and what comes in by the toolchain.
wanted = {"libyaml", "PCRE2", "zlib", "c-ares", "ZooKeeper C client", "swift-argument-parser", "libstdc++ and libgcc"}
missing = wanted - names
if missing:
    sys.exit(f"without {missing}")
if not all(part["version"] for part in json.loads(text)["components"]):
    sys.exit("a component without version")
PYTHON
