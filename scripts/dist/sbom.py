#!/usr/bin/env python3
"""The bill of materials, CycloneDX 1.6: what is in the binary of this platform. Called by dist.sh."""
import json
import os
import pathlib
import uuid

from components import components
from packing import MACHINE, STAMP

version, repository = os.environ["VERSION"], os.environ["REPOSITORY"]
# Not the system's name: who looks for the archive by system and machine is to find one file.
name = f"gatecheck-{version}-{MACHINE}.cdx.json"
parts = components()
program = {"type": "application", "name": "gatecheck", "version": version, "bom-ref": "gatecheck"}
bill = {
    "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{repository}/{name}')}",
    "version": 1,
    "metadata": {
        "timestamp": STAMP,
        "component": program | {"licenses": [{"license": {"id": "Apache-2.0"}}]},
    },
    "components": [
        {
            "type": "library",
            "name": part.name,
            "version": part.version,
            "bom-ref": part.purl,
            "purl": part.purl,
            "licenses": [{"expression": part.licence} if " WITH " in part.licence else {"license": {"id": part.licence}}],
        }
        for part in parts
    ],
    "dependencies": [{"ref": "gatecheck", "dependsOn": [part.purl for part in parts]}],
}
pathlib.Path(os.environ["DIST"], name).write_text(json.dumps(bill, indent=2) + "\n")
