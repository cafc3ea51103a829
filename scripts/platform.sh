#!/usr/bin/env bash
# Prints what this machine is in the names of a release's files: linux-amd64, linux-arm64, darwin-arm64.
set -euo pipefail
case $(uname -m) in
  x86_64) machine=amd64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
echo "$(uname -s | tr '[:upper:]' '[:lower:]')-$machine"
