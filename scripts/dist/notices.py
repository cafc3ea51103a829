#!/usr/bin/env python3
"""Prints the licences of what the binary holds, as those ask for. Called by dist.sh."""
import pathlib

from components import components

print("gatecheck holds the work of others. What they ask to be said with it:")
for component in components():
    print(f"\n{'=' * 80}\n{component.name} {component.version} ({component.licence})\n{'=' * 80}\n")
    print(pathlib.Path(component.notice).read_text(errors="replace").rstrip())
