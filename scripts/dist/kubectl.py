#!/usr/bin/env python3
"""The manifest with which krew installs the archives as a plugin of kubectl. Called by dist.sh."""
import hashlib
import os
import pathlib

dist, version, repository = pathlib.Path(os.environ["DIST"]), os.environ["VERSION"], os.environ["REPOSITORY"]
manifest = f"""apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: gatecheck
spec:
  version: v{version}
  homepage: {repository}
  shortDescription: Says why Apache APISIX's service discovery fails
  description: |
    Checks what Apache APISIX needs in a cluster: the token, the rights and the nodes that APISIX would find; and
    config.yaml, routes and manifests as APISIX itself would. Names the cause and the mend in one line.
  platforms:
"""
for path in sorted(dist.glob(f"gatecheck-{version}-*.tar.gz")):
    system, machine, *more = path.name.removesuffix(".tar.gz").split("-")[2:]
    if not more:
        manifest += f"""    - selector: {{matchLabels: {{os: {system}, arch: {machine}}}}}
      uri: {repository}/releases/download/v{version}/{path.name}
      sha256: {hashlib.sha256(path.read_bytes()).hexdigest()}
      bin: gatecheck
"""
(dist / "gatecheck.yaml").write_text(manifest)
